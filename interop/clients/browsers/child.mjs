import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from '../../lib/within.mjs';

const EXIT = 3_000;

/** A program below this one, with a directory of its own as its home, which is removed with it. */
export class Child {
  #process;
  #directory = mkdtempSync(join(tmpdir(), 'interop-'));
  #printed = '';
  #changes = new EventEmitter();

  /** Starts a program; its arguments may need the directory. */
  static start(program, args, environment = {}) {
    const child = new Child();
    const home = child.#directory;
    child.#process = spawn(program, args(home), {
      env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.exited = once(child.#process, 'exit');
    child.exited.catch(() => {}); // whoever waits for what it prints hears that it could not be started
    for (const stream of [child.#process.stdout, child.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        child.#printed += text;
        child.#changes.emit('change');
      });
    }
    process.on('exit', () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
    return child;
  }

  /** Waits until it has printed something like this, and gives what matches. */
  async prints(pattern, ms) {
    const printed = (async () => {
      while (!pattern.test(this.#printed)) await once(this.#changes, 'change');
    })();
    await within(ms, () => `${this.#process.spawnfile} prints ${pattern}; it printed ${this.#printed}`, printed);
    return pattern.exec(this.#printed);
  }

  async stop() {
    this.#process.kill('SIGTERM');
    try {
      await within(EXIT, 'it exits', this.exited);
    } catch {
      this.#process.kill('SIGKILL');
    }
  }
}
