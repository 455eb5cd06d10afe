import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE, within } from '../../lib/within.mjs';
import { replaced } from './guide.mjs';

const EXIT = 5_000;
const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };

/** By which the proxies are asked; it has to be the name in the guide. */
export const PUBLIC_NAME = 'events.example.com';

/** Of those that run. Each leads a process group of its own, because some have processes below them. */
const running = new Set();
process.on('exit', () => running.forEach((proxy) => proxy.killGroup()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** One of the proxies, in a process of its own and with a directory of its own, as the guide configures it. */
export class Proxy {
  #process;
  #output = '';

  /**
   * Starts a proxy; it accepts connections when the promise is fulfilled.
   *
   * @param kind one of those in proxies.mjs
   * @param upstream where our server listens
   * @param changes pieces of the configuration or the command that are to be others, besides ports and paths
   */
  static async start(kind, upstream, changes = []) {
    const proxy = new Proxy();
    proxy.kind = kind;
    proxy.directory = mkdtempSync(join(tmpdir(), `proxies-${kind.name}-`));
    chmodSync(proxy.directory, 0o755); // some have processes of other users
    proxy.ports = { tls: await freePort(), plain: await freePort() };
    proxy.certificate = certify(proxy.directory);
    const file = join(proxy.directory, 'configuration');
    const pieces = [kind.configure(proxy, upstream.port), ...kind.command(proxy, file)];
    const [text, ...command] = replaced(pieces.join('\0'), changes).split('\0');
    writeFileSync(file, text);
    await proxy.#start(command);
    return proxy;
  }

  async #start([program, ...options]) {
    this.#process = spawn(program, options, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: this.directory,
      env: { ...ENVIRONMENT, HOME: this.directory, XDG_DATA_HOME: this.directory, XDG_CONFIG_HOME: this.directory },
    });
    running.add(this);
    this.exited = new Promise((resolve) => {
      for (const event of ['error', 'exit']) {
        this.#process.on(event, (status) => {
          running.delete(this);
          resolve(status);
        });
      }
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.#output += text));
    }
    const failed = this.exited.then((status) => {
      throw new Error(`${this} ended with ${status}: ${this.#output}`);
    });
    failed.catch(() => {}); // of interest only until it is started
    const accepting = Promise.all(this.kind.listeners.map((listener) => this.#accepts(this.ports[listener])));
    try {
      await within(PATIENCE, () => `${this} accepts connections; it printed: ${this.#output}`, Promise.race([accepting, failed]));
    } catch (failure) {
      await this.stop();
      throw failure;
    }
  }

  async #accepts(port) {
    while (running.has(this)) {
      const socket = net.connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20)); // not yet; once more
      } finally {
        socket.destroy();
      }
    }
  }

  /** Ends it and all that it started. */
  async stop() {
    if (running.has(this)) {
      this.#process.kill('SIGTERM');
      await within(EXIT, `${this} exits`, this.exited).catch(() => {
        this.killGroup();
        return within(EXIT, `${this} is gone after SIGKILL`, this.exited);
      });
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  killGroup() {
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // It was gone already.
    }
  }

  toString() {
    return this.kind.name;
  }
}

/** The version that a program tells with an option; some do so on standard error. */
export function versionOf(program, option) {
  const told = spawnSync(program, [option], { encoding: 'utf8', env: ENVIRONMENT });
  return /\d+(\.\d+)+/.exec(`${told.stdout}${told.stderr}`)?.[0] ?? 'unknown';
}

/** A certificate of the public name's, in files as proxies want them: chain and key, and both in one. */
function certify(directory) {
  const [chain, key, both] = ['chain.pem', 'key.pem', 'both.pem'].map((name) => join(directory, name));
  const options = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', `/CN=${PUBLIC_NAME}`, '-addext', `subjectAltName=DNS:${PUBLIC_NAME}`];
  execFileSync('openssl', [...options, ...subject, '-out', chain, '-keyout', key], { stdio: 'pipe' });
  const pem = readFileSync(chain);
  writeFileSync(both, Buffer.concat([pem, readFileSync(key)]), { mode: 0o600 });
  return { chain, key, both, pem };
}

async function freePort() {
  const probe = net.createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
