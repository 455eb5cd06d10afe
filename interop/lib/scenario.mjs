import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { CHECKS, TEXTS } from './checks.mjs';
import { ClientProgram } from './client-program.mjs';
import { DIALECTS } from './dialects.mjs';
import { Relay } from './relay.mjs';

const GAP = 'gap';
const KEEPALIVE = '\r\n2\r\n:\n\r\n';

/** How long a client may take, in milliseconds: to ask for the first time (a browser starts), to come back, to see an event. */
const FIRST_REQUEST = 40_000;
const COMES_BACK = 10_000;
const SEES = 8_000;

/** How much earlier than told a client may come back, and how much later, because timers and small machines are what they are. */
const EARLY = 30;
const LATE = 350;

/** One client, and what happens to it on one host. */
export class Scenario {
  /** For each check that failed, why. */
  failures = {};
  #server;
  #story;
  #relay;
  #program;
  #dialect;
  #events = 0;
  #marks = 0;
  #lastId;
  #delays = [];
  #ids = [];
  #over;

  /** Plays it all, and gives it with its failures. */
  static async play(t, client, server) {
    const scenario = new Scenario();
    scenario.#server = server;
    scenario.#dialect = DIALECTS[client.dialect] ?? ((event) => event);
    scenario.#story = await server.begin(t);
    scenario.#relay = await Relay.to(t, server.streams);
    scenario.#program = ClientProgram.start(t, client, scenario.#relay.url(scenario.#story.path));
    await scenario.#all();
    return scenario;
  }

  async #all() {
    await this.#check('connects', () => this.#connects());
    for (const [check, event] of TEXTS) await this.#check(check, () => this.#arrives(event));
    await this.#check('heartbeats', () => this.#heartbeats());
    await this.#check('resume', () => this.#resume());
    await this.#check('gap', () => this.#gap());
    await this.#check('end', () => this.#end());
    await this.#check('away', () => this.#away());
    await this.#judge('retry', () => this.#cameBackWhenTold());
    await this.#judge('ids', () => this.#toldIds());
  }

  /** Makes a check, unless the client has failed for good; notes the first reason for which it fails. */
  async #check(name, work) {
    if (this.#over === undefined) await this.#judge(name, work);
    else this.failures[name] ??= this.#over;
  }

  async #judge(name, work) {
    assert.ok(name in CHECKS);
    try {
      await work();
    } catch (failure) {
      const complaints = this.#program.complaints;
      this.failures[name] ??= `${failure.message}${complaints && `; the client: ${complaints}`}`.slice(0, 4000);
    }
  }

  // --- the steps ---

  async #connects() {
    try {
      const exits = this.#program.exited.then((status) => Promise.reject(new Error(`the program exited: ${status}`)));
      await Promise.race([this.#streamAfter(0, FIRST_REQUEST), exits]);
    } catch (failure) {
      this.#over = 'it never asked for the stream';
      throw failure;
    }
    // What it makes of the beginning of a stream is a matter of heartbeats.
    await this.#judge('heartbeats', () => this.#sees([]));
  }

  #arrives(event) {
    return this.#sees([event], this.#emit(event));
  }

  async #heartbeats() {
    const { length } = this.#streams;
    const times = this.#relay.timesPassed(KEEPALIVE);
    await this.#relay.untilPassed(KEEPALIVE, times + 2, 20 * this.#server.keepalive);
    await this.#sees([]);
    assert.ok(this.#streams.length === length, 'it asked for the stream again, although it had one');
  }

  async #resume() {
    const missed = [{ data: 'while it was away' }, { type: 'named', data: 'and another one' }];
    await this.#awayAndBack(async () => {
      this.#relay.cut();
      for (const event of missed) await this.#emit(event);
    });
    await this.#sees(missed);
  }

  async #gap() {
    const before = this.#lastId;
    let id;
    await this.#awayAndBack(async () => {
      await this.#story.do('forget');
      this.#relay.cut();
      id = await this.#emit({ data: 'after the gap' });
    });
    const [gap, ...rest] = await this.#seen();
    assert.ok(gap?.type === GAP, `the gap does not come first; seen: ${print(gap ? [gap, ...rest] : [])}`);
    const { after, from } = JSON.parse(gap.data);
    assert.ok(after === before, `the gap is after ${after}, and ${before} was the last event`);
    assert.ok(rest.length === 1 && rest[0].data === 'after the gap', `after the gap it saw: ${print(rest)}`);
    this.#ids.push([gap.id, from], [rest[0].id, id]);
  }

  async #end() {
    const missed = { data: 'after the end' };
    await this.#awayAndBack(async () => {
      await this.#story.do('end');
      await this.#emit(missed);
    });
    await this.#sees([missed]);
  }

  async #away() {
    const { length } = this.#streams;
    await this.#story.do('finish');
    await this.#relay.untilAnswered((request) => request.status === 204, COMES_BACK);
    // For as long as it would take to come back, and more where it has been slow before.
    const quiet = Math.max(3 * this.#server.retry, 1.5 * Math.max(...this.#delays));
    await new Promise((resolve) => setTimeout(resolve, quiet));
    assert.ok(this.#streams.length === length + 1, 'it came back after 204');
  }

  // --- what is judged at the end ---

  /** The shortest time counts: others may be longer because the client waits longer each time, which it is free to do. */
  #cameBackWhenTold() {
    const { retry } = this.#server;
    assert.ok(this.#delays.length > 0, 'it never came back');
    const shortest = Math.min(...this.#delays);
    const times = `told ${retry} ms, it came back after ${this.#delays.map(Math.round).join(', ')} ms`;
    assert.ok(shortest >= retry - EARLY && shortest <= retry + LATE, times);
  }

  #toldIds() {
    const told = this.#ids.filter(([id]) => id !== null && id !== undefined);
    assert.ok(told.length > 0, 'it tells no ids');
    const wrong = told.filter(([id, sent]) => id !== sent);
    assert.ok(wrong.length === 0, `it tells other ids than were sent: ${wrong.map((pair) => pair.join(' for ')).join(', ')}`);
    assert.ok(told.length === this.#ids.length, `it tells ${told.length} of ${this.#ids.length} ids`);
  }

  // --- what the steps have in common ---

  get #streams() {
    return this.#relay.requests.filter(({ head }) => head.startsWith('GET /stream?'));
  }

  /** Waits until the client has the stream that it asks for after so many requests. */
  #streamAfter(requests, ms) {
    return this.#relay.untilAnswered((request) => this.#streams.indexOf(request) >= requests && request.status === 200, ms);
  }

  /** Has something happen that ends the stream, and waits for the client to come back; notes how long that took. */
  async #awayAndBack(happens) {
    const { length } = this.#streams;
    const since = performance.now();
    await happens();
    try {
      const back = await this.#streamAfter(length, COMES_BACK);
      this.#delays.push(back.at - since);
    } catch (failure) {
      this.#over = 'it had not come back before';
      throw failure;
    }
  }

  async #emit(event) {
    return (this.#lastId = await this.#story.emit(this.#dialect(event)));
  }

  /** Checks that the client sees these events, and no others, after those that it was asked for before. */
  async #sees(events, emitted) {
    const id = await emitted;
    const seen = await this.#seen();
    const sent = events.map(({ type = 'message', data }) => ({ type, data }));
    assert.ok(isDeepStrictEqual(seen.map(bare), sent), `sent: ${print(sent)}; seen: ${print(seen)}`);
    if (id !== undefined) this.#ids.push([seen[0].id, id]);
  }

  /** The events that the client sees before a mark, which is emitted now, and after the mark before. */
  async #seen() {
    const mark = `mark ${++this.#marks}`;
    await this.#emit({ data: mark });
    const { seen } = this.#program;
    const isIt = ({ data }) => data === mark;
    try {
      await seen.until(`${mark} is seen`, () => seen.events.some(isIt) || seen.of('exit').length > 0, SEES);
    } finally {
      if (seen.of('exit').length > 0) this.#over ??= `the program exited before this`;
    }
    const at = seen.events.findIndex(isIt);
    assert.ok(at >= 0, `${mark} was never seen`);
    const since = seen.events.slice(this.#events, at);
    this.#events = at + 1;
    return since;
  }
}

function bare({ type, data }) {
  return { type, data };
}

function print(events) {
  const brief = (data) => JSON.stringify(data.slice(0, 60)) + (data.length > 60 ? ` and so on, ${data.length} in all` : '');
  return events.map(({ type, data }) => `${type} ${brief(data)}`).join(', ') || 'nothing';
}
