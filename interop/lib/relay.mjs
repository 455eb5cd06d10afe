import { EventEmitter, once } from 'node:events';
import net from 'node:net';
import { PATIENCE, within } from './within.mjs';

/** A TCP relay between a client and a server, whose connections can be cut. */
export class Relay {
  #listener;
  #sockets = new Set();
  #passed = '';
  #pieces = new EventEmitter();
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

  /** Waits until a text comes by on its way to a client. */
  async untilPassed(text, ms = PATIENCE) {
    const passed = (async () => {
      while (!this.#passed.includes(text)) await once(this.#pieces, 'piece');
    })();
    await within(ms, () => `${JSON.stringify(text)} comes by; what did is ${JSON.stringify(this.#passed)}`, passed);
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
    client.on('data', (piece) => server.write(piece));
    server.on('data', (piece) => this.#toClient(client, piece));
  }

  #toClient(client, piece) {
    const allowed = piece.subarray(0, this.#untilCut);
    const last = piece.length >= this.#untilCut;
    this.#untilCut -= allowed.length;
    this.#passed += allowed.toString('latin1');
    this.#pieces.emit('piece');
    client.write(allowed, () => last && this.cut());
  }
}
