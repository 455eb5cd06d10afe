import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { behindProxy, newTopic } from './behind-proxy.mjs';
import { varnish } from './lib/proxies.mjs';
import { Proxy } from './lib/proxy.mjs';
import { Stream } from './lib/stream.mjs';
import { Upstream } from './lib/upstream.mjs';

const PASSING = [['return (pipe);', 'set sess.send_timeout = 3s; return (pass);']];

/** Twice the time of stall that Upstream.java has. */
const SLOW_AFTER = 6_000;

behindProxy(varnish);

describe('varnish that passes instead of piping', () => {
  let upstream;
  let proxy;
  before(async () => {
    upstream = await Upstream.start('netty');
    proxy = await Proxy.start(varnish, upstream, PASSING);
  });
  after(async () => {
    await proxy?.stop();
    await upstream?.stop();
  });

  test('ends a stream after send_timeout, whatever is sent', async (t) => {
    const stream = await Stream.open(t, proxy, `/events?topic=${newTopic()}`);
    const { clean, after: ms } = await stream.untilEnded();
    assert.equal(clean, false);
    assert.ok(stream.heartbeats > 1 && ms >= 3_000, `${stream.heartbeats} heartbeats in ${ms} ms`);
  });

  test('takes all that there is for a client that takes nothing', async (t) => {
    const topic = newTopic();
    const stream = await Stream.open(t, proxy, `/events?topic=${topic}`);
    stream.pause();
    const { slow } = await upstream.figures();
    await upstream.flood(topic, 160);
    await pause(SLOW_AFTER);
    assert.equal((await upstream.figures()).slow, slow, 'otherwise it need not pipe');
  });
});
