import { chromium } from 'playwright-core';
import { Seen } from './seen.mjs';
import { PATIENCE, within } from './within.mjs';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Headless Chromium and its own EventSource; each start has a new profile, which is removed at the end. */
export class ChromiumClient {
  name = 'Chromium';
  #browser;

  async start() {
    const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
    this.#browser = await chromium.launch({ executablePath, args: FLAGS, timeout: 2 * PATIENCE });
  }

  async stop() {
    await within(PATIENCE, 'Chromium ends', Promise.resolve(this.#browser?.close()));
  }

  /** Opens a page, which is closed when the test ends. */
  async open(t, url, size = { width: 900, height: 560 }) {
    const page = await this.#browser.newPage({ viewport: size });
    page.setDefaultTimeout(PATIENCE);
    t.after(() => page.close());
    await page.goto(url);
    return page;
  }

  /** Connects until the test ends, and notes events of these types besides those of the type message. */
  async connect(t, url, ...types) {
    // Any page will do that is of the same origin as the stream; that nothing is served there does not matter.
    const page = await this.open(t, new URL('/a-page', url).href);
    const seen = new Seen();
    await page.exposeFunction('saw', (entry) => seen.add(entry));
    await page.evaluate(
      ({ url, types }) => {
        const source = new EventSource(url);
        source.onopen = () => window.saw({ kind: 'open' });
        source.onerror = () => window.saw({ kind: 'error', readyState: source.readyState });
        for (const type of types) {
          source.addEventListener(type, ({ data, lastEventId }) => {
            window.saw({ kind: 'event', type, data, id: lastEventId });
          });
        }
      },
      { url, types: ['message', ...types] },
    );
    await seen.untilOpen(1);
    return seen;
  }
}
