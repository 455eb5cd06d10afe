import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { within } from '../../lib/within.mjs';
import { Child } from './child.mjs';

const ANSWER = 30_000;

/** What drives a port of WebKit, and what it is to drive. */
const PORTS = {
  wpe: {
    driver: 'WPEWebDriver',
    capabilities: () => ({
      browserName: 'cog',
      'wpe:browserOptions': { binary: '/usr/bin/cog', args: ['--automation', '--platform=headless'] },
    }),
  },
  gtk: {
    driver: 'WebKitWebDriver',
    needsDisplay: true,
    capabilities: () => ({
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] },
    }),
  },
};

/** Starts WebKit, and drives it over WebDriver. */
export async function start(name) {
  const { driver, capabilities, needsDisplay } = PORTS[name];
  const display = needsDisplay ? await startDisplay() : undefined;
  const port = await freePort();
  const webkit = Child.start(driver, () => [`--port=${port}`, '--host=127.0.0.1'], display && { DISPLAY: display.name });
  await listens(port);
  const at = `http://127.0.0.1:${port}/session`;
  const { sessionId } = await post(at, { capabilities: { alwaysMatch: capabilities() } });
  return {
    open: (url) => post(`${at}/${sessionId}/url`, { url }),
    run: (expression) => post(`${at}/${sessionId}/execute/sync`, { script: `return ${expression}`, args: [] }),
    async stop() {
      await fetch(`${at}/${sessionId}`, { method: 'DELETE' }).catch(() => {});
      await webkit.stop();
      await display?.child.stop();
    },
  };
}

async function post(url, body) {
  const answered = fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  const response = await within(ANSWER, `${url} answers`, answered);
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** A display that is nowhere to be seen. */
async function startDisplay() {
  const child = Child.start('Xvfb', () => ['-displayfd', '1', '-screen', '0', '1024x768x24', '-nolisten', 'tcp']);
  const [, number] = await child.prints(/^(\d+)\n/m, ANSWER);
  return { child, name: `:${number}` };
}

function miniBrowser() {
  for (const libraries of readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'))) {
    for (const version of ['4.1', '4.0']) {
      const file = `/usr/lib/${libraries}/webkit2gtk-${version}/MiniBrowser`;
      if (existsSync(file)) return file;
    }
  }
  throw new Error('there is no MiniBrowser of WebKitGTK');
}

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

async function listens(port) {
  const connected = (async () => {
    for (;;) {
      const socket = net.connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      } finally {
        socket.destroy();
      }
    }
  })();
  await within(ANSWER, `the driver listens at ${port}`, connected);
}
