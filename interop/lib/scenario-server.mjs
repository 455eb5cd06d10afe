import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { within } from './within.mjs';

const TARGET = fileURLToPath(new URL('../server/target/', import.meta.url));
const JAVA = process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : 'java';
const START = 60_000;
const ANSWER = 10_000;

/** The server of the scenario, on one of its hosts, in a process of its own that ends with this one. */
export class ScenarioServer {
  #process;
  #stories = 0;

  /** Starts it; interop/run has built it. */
  static async start(host) {
    const server = new ScenarioServer();
    server.host = host;
    const classPath = `${TARGET}classes:${readFileSync(`${TARGET}class-path.txt`, 'utf8').trim()}`;
    server.#process = spawn(
      JAVA,
      ['--enable-native-access=ALL-UNNAMED', '-cp', classPath, 'eventsource.server.interop.Main', host],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    server.exited = once(server.#process, 'exit');
    server.exited.catch(() => {}); // that it could not be started is noticed below
    const [line] = await within(START, `the server starts on ${host}`, once(server.#process.stdout, 'data'));
    // Where its streams are and its control is, and the times in milliseconds.
    Object.assign(server, JSON.parse(line));
    return server;
  }

  async stop() {
    this.#process.stdin.end();
    await within(ANSWER, `the server on ${this.host} ends`, this.exited);
  }

  /** Begins a story for one client, which ends with the test. */
  async begin(t) {
    const story = new Story(this.control, `${++this.#stories}`);
    await story.do('begin');
    t.after(() => story.do('drop'));
    return story;
  }
}

/** What one client is told. */
class Story {
  #control;
  #name;

  constructor(control, name) {
    this.#control = control;
    this.#name = name;
    this.path = `/stream?story=${name}`;
  }

  /** Has the server do something: `end`, `finish`, `forget`. */
  do(command) {
    return this.#post(command, {}, '');
  }

  /** Emits an event; gives its id on the wire. */
  emit({ type = '', id = '', data }) {
    return this.#post('emit', { type, id }, data);
  }

  async #post(command, parameters, body) {
    const query = new URLSearchParams({ story: this.#name, ...parameters });
    const request = http.request({ port: this.#control, host: '127.0.0.1', path: `/${command}?${query}`, method: 'POST' });
    const answered = (async () => {
      const [response] = await once(request, 'response');
      const text = (await response.setEncoding('utf8').toArray()).join('');
      if (response.statusCode !== 200) throw new Error(`${command} was answered ${response.statusCode}: ${text}`);
      return text;
    })();
    request.end(body);
    return within(ANSWER, `${command} is answered`, answered);
  }
}
