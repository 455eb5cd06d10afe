import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ChromiumClient } from './lib/chromium-client.mjs';
import { Example } from './lib/example.mjs';

// Takes a picture of the live page of tick as soon as it shows some ticks; the argument is the file.

const ROWS = 6;
const [file] = process.argv.slice(2);
const chromium = new ChromiumClient();
const ends = [() => chromium.stop()];
try {
  await chromium.start();
  const server = await Example.start('tick');
  ends.push(() => server.kill());
  const page = await chromium.open({ after: (end) => ends.unshift(end) }, server.url('/'));
  await page.locator('#events tr').nth(ROWS - 1).waitFor();
  await mkdir(dirname(file), { recursive: true });
  await page.screenshot({ path: file });
  console.log(`${file} shows the live page of tick`);
} finally {
  for (const end of ends) await end();
}
