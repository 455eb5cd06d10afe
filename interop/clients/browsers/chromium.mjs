import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ChromiumClient } from '../../lib/chromium-client.mjs';

const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** Starts headless Chromium; its pages find npm packages at /library/. */
export async function start() {
  const chromium = new ChromiumClient();
  await chromium.start();
  let page;
  return {
    async open(url) {
      page = await chromium.open({ after() {} }, url);
      await page.route('**/library/**', (route) => {
        const path = fileOf(new URL(route.request().url()).pathname.replace('/library/', MODULES));
        return path ? route.fulfill({ path, contentType: 'text/javascript' }) : route.abort();
      });
      await page.setContent('<!doctype html><title>interop</title>');
    },
    run: (script) => page.evaluate(script),
    stop: () => chromium.stop(),
  };
}

/** As bundlers do, because packages name their own modules without an extension. */
function fileOf(path) {
  return [path, `${path}.js`, `${path}/index.js`].find((file) => /\.js$/.test(file) && existsSync(file));
}
