import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ChromiumClient } from '../lib/chromium-client.mjs';
import { Example } from '../lib/example.mjs';
import { Relay } from '../lib/relay.mjs';

describe('the live page of tick', () => {
  const chromium = new ChromiumClient();
  let server;

  before(async () => {
    await chromium.start();
    server = await Example.start('tick');
  });

  after(async () => {
    await chromium.stop();
    await server?.kill();
  });

  test('shows a row for each tick, the newest first, also after its connection was cut', async (t) => {
    const relay = await Relay.to(t, server.port);
    const page = await chromium.open(t, relay.url('/'));
    await hasRows(page, 3);
    assert.equal(await page.textContent('#state'), 'open');
    assert.deepEqual(await page.locator('thead th').allTextContents(), ['type', 'data', 'id']);

    relay.cut();
    await page.getByText('connection lost, coming back').waitFor();
    await page.getByText('open', { exact: true }).waitFor();
    await hasRows(page, 7);

    const rows = await page.$$eval('#events tr', (all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
    const times = rows.map(([, data]) => Date.parse(data));
    assert.deepEqual(new Set(rows.map(([type]) => type)), new Set(['tick']));
    assert.deepEqual(times, times.toSorted((a, b) => b - a));
    assert.equal(new Set(rows.map(([, , id]) => id)).size, rows.length);
  });
});

function hasRows(page, count) {
  return page.waitForFunction((count) => document.querySelectorAll('#events tr').length >= count, count);
}
