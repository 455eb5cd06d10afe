import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { behindProxy, FAST, median, newTopic, oneByOne } from './behind-proxy.mjs';
import { haproxy } from './lib/proxies.mjs';
import { Proxy } from './lib/proxy.mjs';
import { Stream } from './lib/stream.mjs';
import { Upstream } from './lib/upstream.mjs';

behindProxy(haproxy, (the) => {
  test('a server that is not ready is sent nobody new, and keeps whom it has', async (t) => {
    const topic = newTopic();
    const stream = await Stream.open(t, the.proxy, `/events?topic=${topic}`);
    await the.upstream.ready(false);
    t.after(() => the.upstream.ready(true));
    await untilStatus(t, the.proxy, 503);
    await the.upstream.emit(topic, 'goes on');
    await stream.seen.untilEvents(1);
    assert.deepEqual(stream.seen.data, ['goes on']);
    await the.upstream.ready(true);
    await untilStatus(t, the.proxy, 200);
  });
});

test('without http-no-delay, HAProxy has events wait for more where there is no TLS', async (t) => {
  const upstream = await Upstream.start('netty');
  t.after(() => upstream.stop());
  const proxy = await Proxy.start(haproxy, upstream, [['    option http-no-delay\n', '']]);
  t.after(() => proxy.stop());
  const topic = newTopic();
  const stream = await Stream.open(t, proxy, `/events?topic=${topic}`, { protocol: 'HTTP/1.1' });
  const latencies = await oneByOne(upstream, topic, stream);
  assert.ok(median(latencies) > FAST, `otherwise the option is not needed: they took ${latencies.map(Math.round)} ms`);
});

async function untilStatus(t, proxy, status) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const stream = await Stream.ask(t, proxy, `/events?topic=${newTopic()}`);
    stream.close();
    if (stream.status === status) return;
    await pause(200);
  }
  assert.fail(`it is never answered ${status}`);
}
