import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { behindProxy, newTopic } from './behind-proxy.mjs';
import { nginx } from './lib/proxies.mjs';
import { Proxy } from './lib/proxy.mjs';
import { Stream } from './lib/stream.mjs';
import { Upstream } from './lib/upstream.mjs';

const HELD_BACK_FOR = 3_000;

/** Twice the time of stall that Upstream.java has. */
const SLOW_AFTER = 6_000;
const BUFFERING = [['proxy_read_timeout 60s;', 'proxy_read_timeout 60s; proxy_ignore_headers X-Accel-Buffering;']];
const BY_HTTP_1_0 = [['proxy_http_version 1.1;', '']];
const HOLDING_BACK = [
  ['where clients use TLS', [], 'HTTP/1.1 over TLS'],
  ['where it asks by HTTP/1.0', BY_HTTP_1_0, 'HTTP/1.1'],
];

behindProxy(nginx);

describe('nginx that is configured otherwise', () => {
  let upstream;
  before(async () => (upstream = await Upstream.start('netty')));
  after(() => upstream?.stop());

  for (const [how, changes, protocol] of HOLDING_BACK) {
    test(`holds events back when it is told to ignore the header X-Accel-Buffering, ${how}`, async (t) => {
      const proxy = await started(t, upstream, [...BUFFERING, ...changes]);
      const topic = newTopic();
      const arrived = Stream.open(t, proxy, `/events?topic=${topic}`, { protocol }).then(({ seen }) => seen.untilEvents(1));
      await upstream.untilFigures('the stream is open', ({ streams }) => streams === 1);
      await upstream.emit(topic, 'late');
      const first = await Promise.race([arrived.then(() => 'arrived'), pause(HELD_BACK_FOR, 'held back')]);
      assert.equal(first, 'held back', 'otherwise the header is not what the guide says it is');
      await upstream.end(topic);
      await arrived;
    });
  }

  test('takes all that there is for a client that takes nothing when it ignores the header', async (t) => {
    const proxy = await started(t, upstream, BUFFERING);
    const topic = newTopic();
    const stream = await Stream.open(t, proxy, `/events?topic=${topic}`);
    stream.pause();
    const { slow } = await upstream.figures();
    await upstream.flood(topic, 160);
    await pause(SLOW_AFTER);
    assert.equal((await upstream.figures()).slow, slow, 'otherwise the header is not needed for that');
  });

  test('asks by HTTP/1.0 and streams all the same', async (t) => {
    const proxy = await started(t, upstream, BY_HTTP_1_0);
    const topic = newTopic();
    const stream = await Stream.open(t, proxy, `/events?topic=${topic}`);
    for (const data of ['one', 'two', 'three']) {
      await upstream.emit(topic, data);
      await stream.seen.until(`${data} arrives`, ({ events }) => events.at(-1)?.data === data);
    }
    await upstream.end(topic);
    assert.ok((await stream.untilEnded()).clean);
  });

  test('asks by HTTP/1.0, and takes the death of our server for a proper end', async (t) => {
    const dying = await Upstream.start('netty');
    t.after(() => dying.stop());
    const proxy = await started(t, dying, BY_HTTP_1_0);
    const topic = newTopic();
    const stream = await Stream.open(t, proxy, `/events?topic=${topic}`);
    await dying.emit(topic, 'the last one');
    await stream.seen.untilEvents(1);
    await dying.stop();
    assert.ok((await stream.untilEnded()).clean, 'otherwise the guide need not ask for HTTP/1.1');
  });
});

async function started(t, upstream, changes) {
  const proxy = await Proxy.start(nginx, upstream, changes);
  t.after(() => proxy.stop());
  return proxy;
}
