import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { within } from './within.mjs';

const RUN = fileURLToPath(new URL('../../examples/run', import.meta.url));
const BUILD_AND_START = 180_000;
const EXIT = 5_000;

/** Of those that run. Each leads a process group of its own, because Maven is below it while it builds. */
const running = new Set();
process.on('exit', () => running.forEach((example) => example.killGroup()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** One of the examples, in a process of its own. */
export class Example {
  #process;
  #output = '';

  /** Starts an example; it accepts connections when the promise is fulfilled. */
  static async start(name, host = 'netty') {
    const example = new Example(name, host, await freePort());
    await example.#start();
    return example;
  }

  constructor(name, host, port) {
    this.name = name;
    this.host = host;
    this.port = port;
  }

  url(path) {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  async #start() {
    this.#process = spawn(RUN, [this.name, '--port', this.port, '--server', this.host], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(this);
    this.exited = once(this.#process, 'exit').then(([code, signal]) => {
      running.delete(this);
      return code ?? signal;
    });
    const served = new Promise((resolve, reject) => {
      for (const stream of [this.#process.stdout, this.#process.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => {
          this.#output += text;
          if (this.#output.includes('is served at')) resolve();
        });
      }
      this.exited.then((status) => reject(new Error(`${this} ended with ${status}: ${this.#output}`)));
    });
    try {
      await within(BUILD_AND_START, () => `${this} is served; it printed: ${this.#output}`, served);
    } catch (failure) {
      await this.kill();
      throw failure;
    }
  }

  /** Asks it to end, as Ctrl-C does. Gives the exit status. */
  async interrupt() {
    this.#process.kill('SIGINT');
    return within(EXIT, `${this} exits after SIGINT`, this.exited);
  }

  /** Ends it without letting it say anything. */
  async kill() {
    if (running.has(this)) {
      this.killGroup();
      await within(EXIT, `${this} is gone after SIGKILL`, this.exited);
    }
  }

  killGroup() {
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // It was gone already.
    }
  }

  /** The same on the same port, without anything that the first one knew. */
  async restart() {
    await this.kill();
    this.#output = '';
    await this.#start();
  }

  /** Posts an event to topics; gives its id. */
  publish(data, ...topics) {
    const query = topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join('&');
    return this.post(`/pub?${query}`, data);
  }

  /** Posts text; gives the answer. Never on a connection that was used before, it may be a dead one. */
  async post(path, text = '') {
    const request = http.request(this.url(path), { method: 'POST', agent: false });
    const answered = (async () => {
      const [response] = await once(request, 'response');
      const body = (await response.setEncoding('utf8').toArray()).join('');
      if (response.statusCode !== 202) throw new Error(`posting was answered ${response.statusCode}: ${body}`);
      return body;
    })();
    request.end(text);
    return within(EXIT, `posting to ${this} is answered`, answered);
  }

  toString() {
    return `the example ${this.name} on ${this.host}`;
  }
}

/**
 * A port that stays free while a server restarts: below those that the system gives to outgoing connections, one of which
 * might be a client's that asks again and again whether the server is back.
 */
async function freePort() {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 12_000 + Math.floor(Math.random() * 18_000);
    const probe = net.createServer();
    try {
      probe.listen(port, '127.0.0.1');
      await once(probe, 'listening');
      return port;
    } catch {
      // It is taken; another one.
    } finally {
      probe.close();
    }
  }
  throw new Error('no free port was found');
}
