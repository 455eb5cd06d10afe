import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import tls from 'node:tls';
import { Seen } from '../../lib/seen.mjs';
import { PATIENCE, within } from '../../lib/within.mjs';
import { PUBLIC_NAME } from './proxy.mjs';

/** How clients ask proxies, and what proxies need to listen on for it. */
export const PROTOCOLS = { 'HTTP/1.1': 'plain', 'HTTP/1.1 over TLS': 'tls', 'HTTP/2': 'tls' };

/** Those that a kind of proxies is asked by. */
export function protocolsOf({ listeners }) {
  return Object.keys(PROTOCOLS).filter((protocol) => listeners.includes(PROTOCOLS[protocol]));
}

/** A stream through a proxy: its head, the events with the time at which each arrived, and how it ended. */
export class Stream {
  seen = new Seen();
  heartbeats = 0;
  #buffered = '';
  #event = {};
  #body;
  #opened = performance.now();

  /**
   * Asks for a stream that lasts until the test ends, and waits for the response head, whose status has to be 200.
   *
   * @param options the protocol, the first that the proxy has if none is given; headers; the address to come from; a session
   *     of HTTP/2 to share
   */
  static async open(t, proxy, path, options) {
    const stream = await Stream.ask(t, proxy, path, options);
    if (stream.status !== 200) throw new Error(`${proxy} answers ${stream.status} to a request for ${path}`);
    return stream;
  }

  /** The same, whatever the status is. */
  static async ask(t, proxy, path, options = {}) {
    const stream = new Stream();
    const { protocol = protocolsOf(proxy.kind)[0] } = options;
    const headers = { accept: 'text/event-stream', 'accept-encoding': 'gzip', ...options.headers };
    const ask = protocol === 'HTTP/2' ? stream.#ask2 : stream.#ask1;
    const head = ask.call(stream, proxy, path, headers, { ...options, protocol });
    t.after(() => stream.close());
    await within(PATIENCE, `${proxy} answers a request for ${path}`, head);
    return stream;
  }

  /** A connection of HTTP/2, which several streams can share. */
  static session(proxy) {
    const session = http2.connect(`https://${PUBLIC_NAME}:${proxy.ports.tls}`, {
      createConnection: () => tls.connect({ ...secured(proxy), port: proxy.ports.tls, ALPNProtocols: ['h2'] }),
    });
    session.on('error', () => {}); // its streams tell of it
    return session;
  }

  #ask1(proxy, path, headers, { localAddress, protocol }) {
    const listener = PROTOCOLS[protocol];
    const request = (listener === 'tls' ? https : http).request({
      ...(listener === 'tls' ? secured(proxy) : { host: '127.0.0.1' }),
      port: proxy.ports[listener],
      path,
      headers: { host: PUBLIC_NAME, ...headers },
      agent: false,
      localAddress,
    });
    this.close = () => request.destroy();
    const head = new Promise((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        this.status = response.statusCode;
        this.headers = response.headers;
        this.#read(response, () => response.complete);
        resolve();
      });
    });
    request.end();
    return head;
  }

  #ask2(proxy, path, headers, { session = this.#sessionOfItsOwn(proxy) }) {
    const request = session.request({ ':authority': PUBLIC_NAME, ':path': path, ...headers });
    this.close ??= () => request.close(http2.constants.NGHTTP2_CANCEL);
    const head = new Promise((resolve, reject) => {
      request.on('error', reject);
      request.on('response', ({ ':status': status, ...others }) => {
        this.status = status;
        this.headers = others;
        resolve();
      });
    });
    this.#read(request, () => request.rstCode === http2.constants.NGHTTP2_NO_ERROR);
    return head;
  }

  #sessionOfItsOwn(proxy) {
    const session = Stream.session(proxy);
    this.close = () => session.destroy();
    return session;
  }

  #read(body, isWhole) {
    let atEnd = false;
    this.#body = body;
    body.setEncoding('utf8').on('data', (text) => this.#take(text));
    body.on('end', () => (atEnd = true));
    body.on('error', () => {}); // "close" comes after it
    this.ended = new Promise((resolve) => {
      body.on('close', () => resolve({ clean: atEnd && isWhole(), after: performance.now() - this.#opened }));
    });
  }

  /** Takes nothing from now on; nor does the socket, once what is before it is full. */
  pause() {
    this.#body.pause();
  }

  /** Waits until the stream has ended; tells whether it did so properly, and how long it was open. */
  untilEnded() {
    return within(PATIENCE, () => `the stream ends; the client saw ${this.seen}`, this.ended);
  }

  #take(text) {
    const at = performance.now();
    const lines = (this.#buffered + text).split('\n');
    this.#buffered = lines.pop();
    for (const line of lines) {
      const [, name, value] = /^([^:]*):? ?([^]*)$/.exec(line);
      if (line.startsWith(':')) this.heartbeats++;
      else if (line !== '') (this.#event[name] ??= []).push(value);
      else this.#dispatch(at);
    }
  }

  #dispatch(at) {
    const { event = ['message'], data, id } = this.#event;
    this.#event = {};
    if (data) this.seen.add({ kind: 'event', type: event.at(-1), data: data.join('\n'), id: id?.at(-1), at });
  }
}

function secured({ certificate }) {
  return { host: '127.0.0.1', servername: PUBLIC_NAME, ca: certificate.pem };
}
