import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Example } from '../lib/example.mjs';
import { npmClient } from '../lib/npm-client.mjs';
import { Relay } from '../lib/relay.mjs';

const CONNECTING = 0;

/** A keepalive is a chunk of its own, which has nothing but a comment line. */
const KEEPALIVE = '\r\n2\r\n:\n\r\n';

/** What is posted, and what has to arrive where that differs. */
const TEXTS = [
  ['plain text'],
  ['two\nlines'],
  ['', ''],
  ['\n'],
  ['\n\nbetween empty lines\n\n'],
  ['ends with a line end\n'],
  ['CR\rand CRLF\r\nend lines too', 'CR\nand CRLF\nend lines too'],
  [' one leading space'],
  ['   three leading spaces, two trailing  '],
  ['\tleading tab'],
  ['line\u2028and paragraph\u2029separators, next line\u0085, form feed\f and vertical tab\v are text'],
  ['emoji 👩‍👩‍👧 and 🇪🇺, Ελλάδα, 日本'],
  ['\uFEFFa byte order mark'],
  [': looks like a comment'],
  ['data: looks like a field\nid: 7\nevent: forged\nretry: 1\n\ndata: looks like another event'],
  [`long ${'x'.repeat(300_000)}`],
];

/** What every client has to see of the examples, on one of their hosts. */
export function everyClient(client, host) {
  describe(`${client.name} on ${host}`, () => {
    before(() => client.start());
    after(() => client.stop());
    describe('against tick', () => tick(client, host));
    describe('against broadcast', () => broadcast(client, host));
  });
}

function tick(client, host) {
  let server;
  before(async () => (server = await Example.start('tick', host)));
  after(() => server?.kill());

  test('receives events of a named type, each with a later time and an id of its own', async (t) => {
    const seen = await client.connect(t, server.url('/'), 'tick', 'gap');
    await seen.untilEvents(3);
    const { events } = seen;
    assert.deepEqual(new Set(events.map(({ type }) => type)), new Set(['tick']));
    const times = events.map(({ data }) => Date.parse(data));
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
    assert.ok(!times.includes(NaN), seen.toString());
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
    assert.ok(events.every(({ id }) => id !== ''));
  });

  test('misses no tick and sees none twice when its connection is cut', async (t) => {
    const relay = await Relay.to(t, server.port);
    const witness = await npmClient(5).connect(t, server.url('/'), 'tick', 'gap');
    const seen = await client.connect(t, relay.url('/'), 'tick', 'gap');
    await seen.untilEvents(2);
    relay.cut();
    await seen.untilErrors(1);
    const { length } = seen.events;
    await seen.untilEvents(length + 4);

    const events = [...seen.events];
    await witness.until('the witness has seen as much', () => witness.events.some(({ id }) => id === events.at(-1).id));
    const first = witness.events.findIndex(({ id }) => id === events[0].id);
    assert.deepEqual(events, witness.events.slice(first, first + events.length));
    assert.equal(seen.of('open').length, 2);
  });

  test('hears of the gap before any tick when the server was restarted', async (t) => {
    const seen = await client.connect(t, server.url('/'), 'tick', 'gap');
    await seen.untilEvents(2);
    await server.restart();
    await seen.until('events after the restart', () => seen.eventsSinceOpen(2).length >= 3);
    assert.deepEqual(
      seen.eventsSinceOpen(2).slice(0, 3).map(({ type }) => type),
      ['gap', 'tick', 'tick'],
    );
  });
}

function broadcast(client, host) {
  let server;
  before(async () => (server = await Example.start('broadcast', host)));
  after(() => server?.kill());

  test('receives every text as it was posted, with the id that the poster was told', async (t) => {
    const seen = await client.connect(t, server.url('/sub?topic=texts'), 'gap', 'forged');
    const ids = [];
    for (const [text] of TEXTS) ids.push(await server.publish(text, 'texts'));
    await seen.untilEvents(TEXTS.length);
    for (const [i, [text, arrives]] of TEXTS.entries()) {
      assert.deepEqual(seen.events[i], { kind: 'event', type: 'message', data: arrives ?? text, id: ids[i] });
    }
    assert.equal(seen.events.length, TEXTS.length);
  });

  test('receives several topics on one connection, in the order in which they were posted', async (t) => {
    const seen = await client.connect(t, server.url('/sub?topic=red&topic=blue'), 'gap');
    await server.publish('1 red', 'red');
    await server.publish('2 blue', 'blue');
    await server.publish('of another topic', 'green');
    await server.publish('3 blue', 'blue');
    await server.publish('4 both', 'red', 'blue');
    await server.publish('5 red', 'red');
    await seen.untilEvents(5);
    assert.deepEqual(seen.data, ['1 red', '2 blue', '3 blue', '4 both', '5 red']);
  });

  test('loses nothing and sees nothing twice when its connection is cut again and again', async (t) => {
    const relay = await Relay.to(t, server.port);
    const seen = await client.connect(t, relay.url('/sub?topic=odd&topic=even'), 'gap');
    const posted = [];
    const post = async (count) => {
      for (let i = 0; i < count; i++) {
        const number = posted.length + 1;
        posted.push(`${number}`);
        await server.publish(`${number}`, number % 2 === 0 ? 'even' : 'odd');
      }
    };
    await post(5);
    await seen.untilEvents(5);
    for (const cut of [1, 2]) {
      // Some are on their way when the connection is cut, some come while the client is away, some as it comes back.
      await post(5);
      relay.cut();
      await post(5);
      await seen.untilErrors(cut);
      await post(5);
      await seen.untilOpen(cut + 1);
      await post(5);
      await seen.untilEvents(posted.length);
    }
    assert.deepEqual(seen.data, posted);
    assert.deepEqual(seen.of('error').map(({ readyState }) => readyState), [CONNECTING, CONNECTING]);
  });

  test('receives an event whole, and once, when its connection was cut in the middle of it', async (t) => {
    const relay = await Relay.to(t, server.port);
    const seen = await client.connect(t, relay.url('/sub?topic=cut'), 'gap');
    const texts = ['before', `many\n${'lines\n'.repeat(50_000)}`, 'after'];
    await server.publish(texts[0], 'cut');
    await seen.untilEvents(1);
    relay.cutAfter(100_000);
    await server.publish(texts[1], 'cut');
    await server.publish(texts[2], 'cut');
    await seen.untilErrors(1);
    assert.deepEqual(seen.data, texts.slice(0, 1));
    await seen.untilEvents(3);
    assert.deepEqual(seen.data, texts);
    assert.equal(seen.of('open').length, 2);
  });

  test('notices nothing of a keepalive', async (t) => {
    const relay = await Relay.to(t, server.port);
    const seen = await client.connect(t, relay.url('/sub?topic=quiet'), 'gap');
    await server.publish('before', 'quiet');
    await relay.untilPassed(KEEPALIVE);
    await server.publish('after', 'quiet');
    await seen.untilEvents(2);
    assert.deepEqual(seen.data, ['before', 'after']);
    assert.equal(seen.of('error').length, 0);
  });

  test('hears of the gap before any other event when the server was restarted', async (t) => {
    const seen = await client.connect(t, server.url('/sub?topic=short-lived'), 'gap');
    const last = await server.publish('before the restart', 'short-lived');
    await seen.untilEvents(1);
    await server.restart();
    const next = await server.publish('after the restart', 'short-lived');
    await seen.until('events after the restart', () => seen.eventsSinceOpen(2).length >= 2);
    const [gap, event] = seen.eventsSinceOpen(2);
    assert.equal(gap.type, 'gap');
    const { after, from } = JSON.parse(gap.data);
    assert.equal(after, last);
    assert.equal(from, gap.id);
    assert.deepEqual(event, { kind: 'event', type: 'message', data: 'after the restart', id: next });
    assert.equal(seen.events.length, 3);
  });
}
