import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Seen } from './seen.mjs';
import { within } from './within.mjs';

const EXIT = 5_000;

/** Of those that run. Each leads a process group of its own, because a browser may be below it. */
const running = new Set();
process.on('exit', () => running.forEach((program) => program.killGroup()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** The environment of every program: the Node that runs this is found first. */
export const ENVIRONMENT = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };

/** A client under test: a program that prints what it sees, one JSON object on each line. */
export class ClientProgram {
  seen = new Seen();
  #process;
  #errors = '';

  /** Starts the program that a list names; it is ended with the test. */
  static start(t, client, url) {
    const program = new ClientProgram();
    const [command, ...args] = client.command;
    // Neither a path nor in the directory: then it is one of those that the PATH names.
    const file = command.includes('/') ? resolve(client.directory, command) : command;
    program.#process = spawn(file, [...args, url], {
      cwd: client.directory,
      env: ENVIRONMENT,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    program.#listen();
    t.after(() => program.stop());
    return program;
  }

  #listen() {
    running.add(this);
    this.#process.stdin.on('error', () => {}); // it has ended by itself, which is noticed below
    this.#process.stderr.setEncoding('utf8').on('data', (text) => (this.#errors += text));
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#heard(line));
    this.exited = once(this.#process, 'exit').then(
      ([code, signal]) => `${code ?? signal}`,
      (failure) => failure.message,
    );
    this.exited.then((status) => {
      running.delete(this);
      this.seen.add({ kind: 'exit', status });
    });
  }

  #heard(line) {
    try {
      const { t, ...entry } = JSON.parse(line);
      this.seen.add({ kind: t, ...entry, at: performance.now() });
    } catch {
      this.seen.add({ kind: 'error', message: `this is no JSON: ${line.slice(0, 200)}` });
    }
  }

  /** What the program said that is no event: why it does not do what it should. */
  get complaints() {
    const messages = this.seen.entries.flatMap(({ kind, message, status }) => {
      if (kind === 'exit') return `it exited: ${status}`;
      return kind === 'error' && message ? message : [];
    });
    return [...new Set(messages), this.#errors.trim().slice(-1000)].filter(Boolean).join('; ');
  }

  /** Asks it to end, and ends it and whatever is below it. */
  async stop() {
    if (!running.has(this)) {
      this.killGroup();
      return;
    }
    this.#process.stdin.end();
    this.#process.kill('SIGTERM');
    try {
      await within(EXIT, 'the program ends', this.exited);
    } catch {
      // Then it is made to.
    }
    this.killGroup();
    await within(EXIT, 'the program is gone after SIGKILL', this.exited);
  }

  killGroup() {
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // There is nobody left.
    }
  }
}
