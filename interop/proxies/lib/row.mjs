import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const ROWS = new URL('../target/rows/', import.meta.url);
const COLUMNS = ['proxy', 'server', 'protocol', 'median ms', 'most ms', 'with heartbeats', 'without'];

/** What was measured behind one proxy, with one of our web servers. */
export class Row {
  #row;

  constructor(kind, host) {
    this.#row = { proxy: `${kind.name} ${kind.version()}`, host, protocols: {} };
    this.name = `${kind.name}-${host}`;
  }

  #of(protocol) {
    return (this.#row.protocols[protocol] ??= {});
  }

  /** How long each event took over a protocol, in ms. */
  latencies(protocol, all) {
    const sorted = all.toSorted((one, other) => one - other);
    Object.assign(this.#of(protocol), { median: sorted[Math.floor(sorted.length / 2)], most: sorted.at(-1) });
  }

  /** After how many ms of silence a stream was cut, and whether that looked like a proper end. */
  cut(protocol, ms, asEnd) {
    Object.assign(this.#of(protocol), { cut: ms, asEnd });
  }

  /** For how many ms without an event a stream was kept by its heartbeats. */
  kept(protocol, ms) {
    this.#of(protocol).kept = ms;
  }

  write() {
    mkdirSync(ROWS, { recursive: true });
    writeFileSync(new URL(`${this.name}.json`, ROWS), JSON.stringify(this.#row));
  }
}

/** All rows that were written, as text. */
function table() {
  const rows = readdirSync(ROWS).toSorted().map((name) => JSON.parse(readFileSync(new URL(name, ROWS), 'utf8')));
  const lines = rows.flatMap(({ proxy, host, protocols }) =>
    Object.entries(protocols).map(([protocol, { median, most, cut, asEnd, kept }]) => [
      ...[proxy, host, protocol, median?.toFixed(1) ?? '-', most?.toFixed(1) ?? '-'],
      kept ? `alive after ${seconds(kept)}` : 'not alive',
      cut ? `cut after ${seconds(cut)}${asEnd ? ', as if it ended' : ''}` : 'not cut',
    ]),
  );
  const widths = COLUMNS.map((column, i) => Math.max(column.length, ...lines.map((line) => line[i].length)));
  return [COLUMNS, widths.map((width) => '-'.repeat(width)), ...lines]
    .map((line) => line.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd())
    .join('\n');
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(table());
