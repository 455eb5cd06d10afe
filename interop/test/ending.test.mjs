import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ChromiumClient } from '../lib/chromium-client.mjs';
import { Example } from '../lib/example.mjs';
import { npmClient } from '../lib/npm-client.mjs';
import { RawStream } from '../lib/raw-stream.mjs';

const CONNECTING = 0;
const LAST_CHUNK = '\r\n0\r\n\r\n';
const OF_SIGINT = 130;

const chromium = new ChromiumClient();
const npmClients = [npmClient(4), npmClient(5)];

describe('an example that is interrupted', () => {
  before(() => chromium.start());
  after(() => chromium.stop());

  for (const [name, path, host] of [['tick', '/', 'jdk'], ['broadcast', '/sub?topic=story', 'netty']]) {
    describe(`${name} on ${host}`, () => {
      let server;
      before(async () => (server = await Example.start(name, host)));
      after(() => server?.kill());

      test('ends each stream properly, exits within 5 seconds, and has its clients back when it is started again', async (t) => {
        const raw = await RawStream.of(t, server, path);
        const fetched = await fetchInPage(t, server.url(path));
        const clients = [];
        for (const client of [...npmClients, chromium]) clients.push(await client.connect(t, server.url(path), 'tick'));

        assert.equal(await server.interrupt(), OF_SIGINT);
        assert.equal((await raw.untilEnd()).slice(-LAST_CHUNK.length), LAST_CHUNK);
        assert.equal(await fetched.evaluate(() => window.end), 'the end');

        for (const seen of clients) {
          await seen.untilErrors(1);
          const [{ readyState, message }] = seen.of('error');
          assert.equal(readyState, CONNECTING);
          assert.equal(message, undefined, 'the npm package gives a message where a stream does not end properly');
        }
        await server.restart();
        for (const seen of clients) await seen.untilOpen(2);
      });
    });
  }
});

/** A page that reads a stream with fetch, which tells a proper end from any other; EventSource does not. */
async function fetchInPage(t, url) {
  const page = await chromium.open(t, new URL('/a-page', url).href);
  await page.evaluate(async (url) => {
    const response = await fetch(url, { headers: { Accept: 'text/event-stream' } });
    window.end = response.text().then(() => 'the end', (failure) => `${failure}`);
  }, url);
  return page;
}
