import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { PATIENCE, within } from '../../lib/within.mjs';

const { PROXIES_CLASS_PATH } = process.env;
const JAVA = process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : 'java';

/** Upstream.java in a process of its own, which ends with this one: our server behind a proxy. */
export class Upstream {
  #process;
  #control;

  /** Starts it with one of our web servers. */
  static async start(host) {
    if (!PROXIES_CLASS_PATH) throw new Error('PROXIES_CLASS_PATH is not set; start the tests with interop/proxies/run');
    const upstream = new Upstream();
    upstream.host = host;
    await upstream.#start();
    return upstream;
  }

  async #start() {
    const options = ['-Dsun.net.httpserver.nodelay=true', '--enable-native-access=ALL-UNNAMED', '-cp', PROXIES_CLASS_PATH];
    this.#process = spawn(JAVA, [...options, 'Upstream', this.host], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    const served = new Promise((resolve, reject) => {
      this.#process.on('error', reject);
      this.#process.on('exit', (status) => reject(new Error(`${this} ended with ${status}: ${output}`)));
      this.#process.stdout.setEncoding('utf8').on('data', (text) => {
        output += text;
        const ports = /^ports (\d+) (\d+)$/m.exec(output);
        if (ports) resolve(ports.slice(1).map(Number));
      });
    });
    [this.port, this.#control] = await within(PATIENCE, `${this} is started`, served);
    await within(PATIENCE, `${this} is ready`, this.#answersOnce());
  }

  /** The first answer of a process takes its time, which a proxy that checks it might not give it. */
  async #answersOnce() {
    const request = http.request({ host: '127.0.0.1', port: this.port, path: '/ready', agent: false });
    request.end();
    const [response] = await once(request, 'response');
    response.resume();
    if (response.statusCode !== 200) throw new Error(`${this} is not ready: ${response.statusCode}`);
  }

  async stop() {
    this.#process.kill('SIGKILL');
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit');
  }

  /** Emits an event to a topic, with heartbeats and without. */
  emit(topic, data) {
    return this.#post(`/emit?topic=${topic}`, data);
  }

  /** Emits so many events of 256 KiB. */
  flood(topic, count) {
    return this.#post(`/flood?topic=${topic}`, `${count}`);
  }

  /** Ends the streams of a topic, each at the end of an event. */
  end(topic) {
    return this.#post(`/end?topic=${topic}`);
  }

  endAll() {
    return this.end('');
  }

  /** Says whether new clients should be sent here. */
  ready(is) {
    return this.#post('/ready', `${is}`);
  }

  /** How many streams there are, and how many were given up because their clients were too slow. */
  async figures() {
    return JSON.parse(await this.#post('/figures'));
  }

  /** Waits until the figures are as they should be. */
  async untilFigures(what, hold) {
    let figures;
    let late = false;
    const held = (async () => {
      while (!late && !hold((figures = await this.figures()))) await new Promise((resolve) => setTimeout(resolve, 50));
    })();
    try {
      await within(PATIENCE, () => `${what}; there are ${JSON.stringify(figures)}`, held);
    } finally {
      late = true;
    }
  }

  #post(path, text = '') {
    const request = http.request({ host: '127.0.0.1', port: this.#control, path, method: 'POST', agent: false });
    const answered = (async () => {
      const [response] = await once(request, 'response');
      const body = (await response.setEncoding('utf8').toArray()).join('');
      if (response.statusCode !== 200) throw new Error(`posting to ${path} was answered ${response.statusCode}`);
      return body;
    })();
    request.end(text);
    return within(PATIENCE, `posting to ${path} is answered`, answered);
  }

  toString() {
    return `the upstream on ${this.host}`;
  }
}
