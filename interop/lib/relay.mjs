import { EventEmitter, once } from 'node:events';
import net from 'node:net';
import { PATIENCE, within } from './within.mjs';

const HEAD_END = '\r\n\r\n';

/** A TCP relay between a client and a server, whose connections can be cut. */
export class Relay {
  /**
   * The requests that came by, in order, each with its `head`, when it came (`at`, in milliseconds), and the `status` that it
   * was answered with.
   */
  requests = [];
  #listener;
  #sockets = new Set();
  #passed = '';
  #changes = new EventEmitter();
  #untilCut = Infinity;

  /** A relay to a local port, which is closed when the test ends. */
  static async to(t, target) {
    const relay = new Relay();
    relay.#listener = net.createServer((client) => relay.#connect(client, target));
    relay.#listener.listen(0, '127.0.0.1');
    await once(relay.#listener, 'listening');
    t.after(() => {
      relay.#listener.close();
      relay.cut();
    });
    return relay;
  }

  url(path) {
    return `http://127.0.0.1:${this.#listener.address().port}${path}`;
  }

  /** Resets all connections, on both sides. */
  cut() {
    this.#untilCut = Infinity;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Cuts when the clients were sent so many more bytes. */
  cutAfter(bytes) {
    this.#untilCut = bytes;
  }

  /** How often a text came by on its way to a client. */
  timesPassed(text) {
    return this.#passed.split(text).length - 1;
  }

  /** Waits until a text has come by on its way to a client, as often as this. */
  untilPassed(text, times = 1, ms = PATIENCE) {
    const what = () => `${JSON.stringify(text)} comes by; what did is ${JSON.stringify(this.#passed.slice(-2000))}`;
    return this.#until(ms, what, () => this.timesPassed(text) >= times);
  }

  /** Waits for a request that came by, and for its answer; gives both. */
  async untilAnswered(isIt, ms = PATIENCE) {
    const find = () => this.requests.find((request) => request.status !== undefined && isIt(request));
    const what = () => {
      const came = this.requests.map(({ head, status }) => `${head.split(' HTTP')[0]} (${status ?? 'no answer'})`);
      return `a request comes and is answered; those that came are ${came.join(', ') || 'none'}`;
    };
    await this.#until(ms, what, find);
    return find();
  }

  async #until(ms, what, holds) {
    const held = (async () => {
      while (!holds()) await once(this.#changes, 'change');
    })();
    await within(ms, what, held);
  }

  #connect(client, target) {
    const server = net.connect(target, '127.0.0.1');
    for (const [socket, other] of [[client, server], [server, client]]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.on('end', () => other.end());
    }
    const requests = [];
    let unread = '';
    client.on('data', (piece) => {
      server.write(piece);
      const [rest, ...heads] = `${unread}${piece.toString('latin1')}`.split(HEAD_END).reverse();
      unread = rest;
      for (const head of heads.reverse()) this.#requested(requests, head);
    });
    server.on('data', (piece) => {
      this.#answered(requests, piece);
      this.#toClient(client, piece);
    });
  }

  /** Notes a request; those that come here have no body. */
  #requested(onConnection, head) {
    const request = { head, at: performance.now() };
    onConnection.push(request);
    this.requests.push(request);
    this.#changes.emit('change');
  }

  /** Notes the status of an answer, where a piece begins one: nobody asks for the next one before that. */
  #answered(onConnection, piece) {
    const request = onConnection.find(({ status }) => status === undefined);
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(piece.subarray(0, 12).toString('latin1')) ?? [];
    if (request && status) request.status = Number(status);
  }

  #toClient(client, piece) {
    const allowed = piece.subarray(0, this.#untilCut);
    const last = piece.length >= this.#untilCut;
    this.#untilCut -= allowed.length;
    this.#passed += allowed.toString('latin1');
    client.write(allowed, () => last && this.cut());
    this.#changes.emit('change');
  }
}
