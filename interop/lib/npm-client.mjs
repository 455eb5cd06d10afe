import { Seen } from './seen.mjs';

/** The npm package eventsource, in one of its major versions. */
export function npmClient(major) {
  return {
    name: `the npm package eventsource ${major}`,

    async start() {},

    async stop() {},

    /** Connects until the test ends, and notes events of these types besides those of the type message. */
    async connect(t, url, ...types) {
      const { EventSource } = await import(`eventsource-${major}`);
      const seen = new Seen();
      const source = new EventSource(url);
      t.after(() => source.close());
      source.onopen = () => seen.add({ kind: 'open' });
      source.onerror = ({ message }) => seen.add({ kind: 'error', readyState: source.readyState, message });
      for (const type of ['message', ...types]) {
        source.addEventListener(type, ({ data, lastEventId }) => seen.add({ kind: 'event', type, data, id: lastEventId }));
      }
      await seen.untilOpen(1);
      return seen;
    },
  };
}
