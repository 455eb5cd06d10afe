import { readFileSync } from 'node:fs';
import { CHECKS } from './checks.mjs';

const FILE = new URL('../expected.json', import.meta.url);

/**
 * What is expected of clients: the names of those that are `required`, of those that are `optional`, and the `faults` of each,
 * as lists of `checks` and `why` they fail. Whatever is not named there has to pass.
 */
export const expected = JSON.parse(readFileSync(FILE, 'utf8'));

for (const { checks } of Object.values(expected.faults).flat()) {
  for (const check of checks) {
    if (!(check in CHECKS)) throw new Error(`expected.json: there is no check ${check}`);
  }
}

/** Why checks are known to fail, by the names of the checks. */
export function faultsOf(name) {
  return new Map((expected.faults[name] ?? []).flatMap(({ checks, why }) => checks.map((check) => [check, why])));
}
