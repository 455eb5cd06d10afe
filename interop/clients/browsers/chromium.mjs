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
        const answer = module(new URL(route.request().url()).pathname.replace('/library/', ''));
        return answer ? route.fulfill({ contentType: 'text/javascript', ...answer }) : route.abort();
      });
      await page.setContent('<!doctype html><title>interop</title>');
    },
    run: (script) => page.evaluate(script),
    stop: () => chromium.stop(),
  };
}

/** A file of an npm package. As bundlers do, it finds what a package names without an extension, or by its directory only. */
function module(name) {
  const found = [name, `${name}.js`, `${name}/index.js`].find((file) => /\.js$/.test(file) && existsSync(MODULES + file));
  if (found === name) return { path: MODULES + name };
  // What is imported from there is relative to where it is.
  return found && { body: `export * from '/library/${found}';` };
}
