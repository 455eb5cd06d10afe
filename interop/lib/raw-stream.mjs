import { once } from 'node:events';
import net from 'node:net';
import { PATIENCE, within } from './within.mjs';

/** A stream without any client: the bytes as they come over the socket. */
export class RawStream {
  #socket;
  #text = '';

  /** Asks for a stream and waits for the response head. */
  static async of(t, { port }, path) {
    const stream = new RawStream();
    stream.#socket = net.connect(port, '127.0.0.1');
    t.after(() => stream.#socket.destroy());
    stream.#socket.setEncoding('latin1').on('data', (piece) => (stream.#text += piece));
    stream.ended = once(stream.#socket, 'end').then(() => stream.#text);
    stream.ended.catch(() => {}); // whoever waits for it hears of it
    stream.#socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n\r\n`);
    await within(PATIENCE, 'the response begins', once(stream.#socket, 'data'));
    return stream;
  }

  /** All that was received, once the server has closed its side properly; a reset is a failure. */
  untilEnd() {
    return within(PATIENCE, () => `the stream ends; its last bytes are ${JSON.stringify(this.#text.slice(-80))}`, this.ended);
  }
}
