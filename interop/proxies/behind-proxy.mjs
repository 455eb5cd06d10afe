import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Proxy } from './lib/proxy.mjs';
import { Row } from './lib/row.mjs';
import { protocolsOf, Stream } from './lib/stream.mjs';
import { Upstream } from './lib/upstream.mjs';

/** In ms, and not for all, because the machine may be busy: half of the events have to be that fast, or half of the bursts. */
export const FAST = 100;
const IDLE_LIMIT = 3_000;
const MANY = 20;

/** Of Upstream.java. */
const STREAMS_PER_ADDRESS = 30;

let topics = 0;

/** A topic that no other test uses. */
export function newTopic() {
  return `topic-${++topics}`;
}

/** What has to hold behind each proxy, on both of our web servers. */
export function behindProxy(kind, more = () => {}) {
  for (const host of ['netty', 'jdk']) {
    describe(`${host} behind ${kind.name}`, () => {
      const row = new Row(kind, host);
      const the = {};
      before(async () => {
        the.upstream = await Upstream.start(host);
        the.proxy = await Proxy.start(kind, the.upstream);
        the.impatient = await Proxy.start(kind, the.upstream, kind.impatient);
      });
      afterEach(async () => {
        await the.upstream?.endAll();
        await the.upstream?.untilFigures('no stream is left', ({ streams }) => streams === 0);
      });
      after(async () => {
        row.write();
        await the.proxy?.stop();
        await the.impatient?.stop();
        await the.upstream?.stop();
      });

      for (const protocol of protocolsOf(kind)) describe(protocol, () => overProtocol(the, protocol, row));
      idleLimit(the, kind, row);
      slowClients(the);
      if (protocolsOf(kind).includes('HTTP/2')) sharedConnection(the);
      if (host === 'netty') addresses(the);
      if (host === 'netty') death(kind);
      more(the);
    });
  }
}

function overProtocol(the, protocol, row) {
  const open = (t, path, options) => Stream.open(t, the.proxy, path, { protocol, ...options });

  test('each event arrives at once, uncompressed, before there is another one', async (t) => {
    const topic = newTopic();
    const stream = await open(t, `/events?topic=${topic}`);
    assert.match(stream.headers['content-type'], /^text\/event-stream\b/);
    assert.equal(stream.headers['content-encoding'], undefined);
    assert.equal(stream.headers['content-length'], undefined);
    assert.match(stream.headers['cache-control'], /no-store/);
    const latencies = await oneByOne(the.upstream, topic, stream);
    row.latencies(protocol, latencies);
    assert.ok(median(latencies) <= FAST, `they took ${latencies.map(Math.round)} ms`);
  });

  test('a burst arrives at once, too, and in order, at two clients of the same address', async (t) => {
    const topic = newTopic();
    const streams = [];
    for (let i = 0; i < 2; i++) streams.push(await open(t, `/events?topic=${topic}`));
    const times = [];
    const sent = [];
    for (let burst = 1; burst <= 5; burst++) {
      for (let i = 1; i <= 10; i++) {
        sent.push(`${burst}.${i}`);
        if (i < 10) await the.upstream.emit(topic, sent.at(-1));
        else times.push(await arrival(the.upstream, topic, sent.at(-1), ...streams));
      }
    }
    for (const { seen } of streams) assert.deepEqual(seen.data, sent);
    assert.ok(median(times) <= FAST, `they took ${times.map(Math.round)} ms`);
  });

  test('an event of 60 KiB arrives whole, without another one after it', async (t) => {
    const topic = newTopic();
    const stream = await open(t, `/events?topic=${topic}`);
    const large = `${'ä€😀 '.repeat(6_144)}\n the end`;
    assert.ok(Buffer.byteLength(large) > 60 * 1024);
    await the.upstream.emit(topic, large);
    await stream.seen.untilEvents(1);
    assert.deepEqual(stream.seen.data, [large]);
  });

  test('the end of a stream is a proper end, after all that was emitted', async (t) => {
    const topic = newTopic();
    const stream = await open(t, `/events?topic=${topic}`);
    await the.upstream.emit(topic, 'the last one');
    await the.upstream.end(topic);
    const { clean } = await stream.untilEnded();
    assert.deepEqual(stream.seen.data, ['the last one']);
    assert.ok(clean, 'the end came properly');
  });

  test('our server notices that a client leaves', async (t) => {
    const stream = await open(t, `/events?topic=${newTopic()}`);
    assert.equal((await the.upstream.figures()).streams, 1);
    stream.close();
    await the.upstream.untilFigures('the stream is gone', ({ streams }) => streams === 0);
  });
}

function idleLimit(the, kind, row) {
  test('heartbeats keep a stream past the idle limit; a silent one is cut, and resumes', async (t) => {
    await Promise.all(protocolsOf(kind).map((protocol) => keptAndCut(t, the, protocol, row)));
  });
}

async function keptAndCut(t, the, protocol, row) {
  const topic = newTopic();
  const beating = await Stream.open(t, the.impatient, `/events?topic=${topic}`, { protocol });
  const silent = await Stream.open(t, the.impatient, `/events/silent?topic=${topic}`, { protocol });
  await the.upstream.emit(topic, 'before the cut');
  await Promise.all([beating, silent].map(({ seen }) => seen.untilEvents(1)));
  const [{ at, id }] = silent.seen.events;

  const { clean } = await silent.untilEnded();
  const cutAfter = performance.now() - at;
  row.cut(protocol, cutAfter, clean);
  assert.ok(cutAfter > IDLE_LIMIT / 2, `cut after ${cutAfter} ms`);
  if (the.proxy.kind.tellsCuts.includes(protocol)) assert.equal(clean, false, 'a cut is no proper end');
  for (const data of ['while away', 'also while away']) await the.upstream.emit(topic, data);

  const headers = { 'last-event-id': id };
  const returned = await Stream.open(t, the.impatient, `/events/silent?topic=${topic}`, { protocol, headers });
  await the.upstream.emit(topic, 'after the return');
  await returned.seen.untilEvents(3);
  assert.deepEqual(returned.seen.data, ['while away', 'also while away', 'after the return']);

  await beating.seen.untilEvents(4);
  const last = beating.seen.events.at(-1).at;
  await pause(Math.max(0, 2.5 * IDLE_LIMIT - (performance.now() - last)));
  row.kept(protocol, performance.now() - last);
  await the.upstream.emit(topic, 'after the silence');
  await beating.seen.untilEvents(5);
  assert.deepEqual(beating.seen.data, ['before the cut', ...returned.seen.data, 'after the silence']);
  assert.ok(beating.heartbeats > 2, `${beating.heartbeats} heartbeats came`);
}

function slowClients(the) {
  test('a client that takes nothing is noticed: the proxy does not take it all', async (t) => {
    const topic = newTopic();
    const { slow } = await the.upstream.figures();
    const stream = await Stream.open(t, the.proxy, `/events?topic=${topic}`);
    stream.pause();
    await the.upstream.flood(topic, 160);
    await the.upstream.untilFigures('the client counts as slow', (now) => now.slow > slow);
  });
}

function sharedConnection(the) {
  test(`${MANY} streams share a connection of HTTP/2`, async (t) => {
    const session = Stream.session(the.proxy);
    t.after(() => session.destroy());
    const topic = newTopic();
    const streams = [];
    for (let i = 0; i < MANY; i++) {
      streams.push(await Stream.open(t, the.proxy, `/events?topic=${topic}`, { protocol: 'HTTP/2', session }));
    }
    await arrival(the.upstream, topic, 'for all', ...streams);
    streams.shift().close();
    await the.upstream.untilFigures('one has left', ({ streams: left }) => left === MANY - 1);
    await arrival(the.upstream, topic, 'for the others', ...streams);
    for (const { seen } of streams) assert.deepEqual(seen.data, ['for all', 'for the others']);
  });
}

function addresses(the) {
  test('our server counts the streams of each client, and not those of the proxy', async (t) => {
    const path = `/events?topic=${newTopic()}`;
    const one = { localAddress: '127.0.0.2' };
    for (let i = 0; i < STREAMS_PER_ADDRESS; i++) await Stream.open(t, the.proxy, path, one);
    const spoofed = { ...one, headers: { 'x-forwarded-for': '127.0.0.9' } };
    for (const options of [one, spoofed]) {
      const refused = await Stream.open(t, the.proxy, path, options);
      const { clean, after: ms } = await refused.untilEnded();
      assert.ok(clean, `told to come back after ${ms} ms`);
    }
    await Stream.open(t, the.proxy, path, { localAddress: '127.0.0.3' });
    const { streams } = await the.upstream.figures();
    assert.equal(streams, STREAMS_PER_ADDRESS + 1);
  });
}

function death(kind) {
  test('streams end when our server dies', async (t) => {
    const upstream = await Upstream.start('netty');
    t.after(() => upstream.stop());
    const proxy = await Proxy.start(kind, upstream);
    t.after(() => proxy.stop());
    const topic = newTopic();
    const streams = {};
    for (const protocol of protocolsOf(kind)) {
      streams[protocol] = await Stream.open(t, proxy, `/events?topic=${topic}`, { protocol });
    }
    await arrival(upstream, topic, 'the last one', ...Object.values(streams));
    await upstream.stop();
    for (const [protocol, stream] of Object.entries(streams)) {
      const { clean } = await stream.untilEnded();
      if (kind.tellsCuts.includes(protocol)) assert.equal(clean, false, 'that is no proper end');
    }
  });
}

/** Emits an event and waits until it is the last that all of the streams have seen; gives how long that took, in ms. */
async function arrival(upstream, topic, data, ...streams) {
  const from = performance.now();
  await upstream.emit(topic, data);
  const arrived = ({ seen }) => seen.until(`${data} arrives`, () => seen.data.at(-1) === data);
  await Promise.all(streams.map(arrived));
  return Math.max(...streams.map(({ seen }) => seen.events.at(-1).at)) - from;
}

/** Emits events, each when the one before has arrived; gives how long each took, in ms. */
export async function oneByOne(upstream, topic, stream) {
  const latencies = [];
  for (let i = 1; i <= MANY; i++) {
    await pause(20); // there is to be nothing on its way that an event could join
    latencies.push(await arrival(upstream, topic, `event ${i}`, stream));
  }
  return latencies;
}

export function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}
