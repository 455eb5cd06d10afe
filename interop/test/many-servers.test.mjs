import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ChromiumClient } from '../lib/chromium-client.mjs';
import { Example } from '../lib/example.mjs';
import { npmClient } from '../lib/npm-client.mjs';
import { Relay } from '../lib/relay.mjs';

const CONNECTING = 0;
const CLOSED = 2;

const chromium = new ChromiumClient();

describe('what ends for good, and what begins with the newest', () => {
  const servers = {};
  before(async () => {
    await chromium.start();
    for (const name of ['tokens', 'notifications', 'prices']) servers[name] = await Example.start(name);
  });
  after(async () => {
    await chromium.stop();
    for (const server of Object.values(servers)) await server.kill();
  });

  for (const client of [npmClient(4), npmClient(5), chromium]) {
    describe(client.name, () => {
      test('reads an answer whose connection is cut, and stays away when it is over', async (t) => {
        const id = await servers.tokens.post('/ask', 'whether to be');
        const relay = await Relay.to(t, servers.tokens.port);
        const seen = await client.connect(t, relay.url(`/answer?id=${id}`), 'word');
        await seen.untilEvents(2);
        relay.cut();
        await seen.until('it was told to stay away', () => seen.of('error').at(-1)?.readyState === CLOSED);
        assert.equal(seen.data.join(''), 'To whether to be there is no short answer.');
      });

      test('stays away when it is logged out', async (t) => {
        const session = await servers.notifications.post('/login?user=ann');
        const seen = await client.connect(t, servers.notifications.url(`/events?session=${session}`));
        await servers.notifications.post('/notify?user=ann', 'hello');
        await seen.until('it was notified', () => seen.data.includes('hello'));
        assert.equal(await servers.notifications.post(`/logout?session=${session}`), '1 ended\n');
        await seen.untilErrors(2);
        assert.deepEqual(seen.of('error').map(({ readyState }) => readyState), [CONNECTING, CLOSED]);
      });

      test('is given the newest of each key first', async (t) => {
        const seen = await client.connect(t, servers.prices.url('/'), 'price');
        await seen.untilEvents(4);
        const symbols = seen.data.slice(0, 4).map((data) => JSON.parse(data).symbol);
        assert.equal(symbols[0], 'YEW', 'it has not changed since the start');
        assert.deepEqual(symbols.toSorted(), ['ASH', 'ELM', 'OAK', 'YEW']);
      });
    });
  }

  test('the page of tokens shows an answer to its end', async (t) => {
    const page = await chromium.open(t, servers.tokens.url('/'));
    await page.getByRole('button').click();
    await page.getByText('To everything there is no short answer.').waitFor();
    await page.getByText('that is all').waitFor();
  });
});
