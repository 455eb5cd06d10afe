import { PATIENCE, within } from './within.mjs';

/**
 * What one client has seen, in order. An entry has a `kind`: "open", "event" (with `type`, `data` and `id`), "error" (with
 * the `readyState`, and the `message` where the client gives one), or, of a program, "closed" and "exit".
 */
export class Seen {
  entries = [];
  #wake = new Set();

  add(entry) {
    this.entries.push(entry);
    for (const wake of this.#wake) wake();
  }

  of(kind) {
    return this.entries.filter((entry) => entry.kind === kind);
  }

  get events() {
    return this.of('event');
  }

  get data() {
    return this.events.map((event) => event.data);
  }

  get lastId() {
    return this.events.at(-1)?.id;
  }

  /** The events since the connection was opened for the n-th time. */
  eventsSinceOpen(n) {
    const opening = this.of('open')[n - 1];
    const from = opening === undefined ? this.entries.length : this.entries.indexOf(opening);
    return this.entries.slice(from).filter((entry) => entry.kind === 'event');
  }

  /** Waits until a condition holds, which is looked at after each entry. */
  async until(what, holds, ms = PATIENCE) {
    let wake;
    const held = new Promise((resolve) => {
      wake = () => holds(this) && resolve();
      this.#wake.add(wake);
      wake();
    });
    try {
      await within(ms, () => `${what}; the client saw ${this}`, held);
    } finally {
      this.#wake.delete(wake);
    }
  }

  untilOpen(n) {
    return this.until(`the connection is open for the ${n}. time`, () => this.of('open').length >= n);
  }

  untilEvents(n) {
    return this.until(`${n} events have come`, () => this.events.length >= n);
  }

  untilErrors(n) {
    return this.until(`${n} errors were noticed`, () => this.of('error').length >= n);
  }

  toString() {
    return this.entries
      .map(({ kind, type, data, readyState }) => {
        if (kind === 'event') return `${type} ${JSON.stringify(data.slice(0, 60))}`;
        return readyState === undefined ? kind : `${kind} in state ${readyState}`;
      })
      .join(', ');
  }
}
