import { readFileSync } from 'node:fs';
import { CHECKS } from './checks.mjs';

const { required, optional, faults } = JSON.parse(readFileSync(new URL('../expected.json', import.meta.url), 'utf8'));

/** The clients that there should be, each with its `name`, its `language`, and whether it is `required`. */
export const expected = [...clients(required, true), ...clients(optional, false)];

function clients(byLanguage, required) {
  return Object.entries(byLanguage).flatMap(([language, names]) => names.map((name) => ({ name, language, required })));
}

/** Why checks of a client are known to fail, by the names of the checks. Whatever is not there has to pass. */
export function faultsOf(name) {
  return new Map((faults[name] ?? []).flatMap(({ checks, why }) => checks.map((check) => [check, why])));
}

for (const { checks } of Object.values(faults).flat()) {
  for (const check of checks) {
    if (!(check in CHECKS)) throw new Error(`expected.json: there is no check ${check}`);
  }
}
