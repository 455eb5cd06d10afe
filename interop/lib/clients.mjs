import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ENVIRONMENT } from './client-program.mjs';

const CLIENTS = fileURLToPath(new URL('../clients/', import.meta.url));
const NOT_SET_UP = fileURLToPath(new URL('../target/not-set-up/', import.meta.url));
const LIST = 120_000;
const run = promisify(execFile);

/**
 * All clients that there are: those that the programs called list name, each with `name`, `version`, `command`, `reconnects`,
 * its `language` and its `directory`; and those that are expected and not there, each with its `name`, its `language`, and why it
 * is `missing`.
 */
export async function allClients(expected) {
  const all = [];
  for (const language of readdirSync(CLIENTS).toSorted()) {
    const directory = `${CLIENTS}${language}/`;
    const inLanguage = expected.filter((client) => client.language === language);
    if (existsSync(`${directory}list`)) all.push(...(await complete(inLanguage, language, directory)));
  }
  const without = expected.filter(({ name }) => all.every((client) => client.name !== name));
  return [...all, ...without.map((client) => ({ ...client, missing: `there is nothing in clients/${client.language}` }))];
}

async function complete(expected, language, directory) {
  let found = [];
  let why = 'its list does not name it';
  try {
    found = await listed(language, directory);
  } catch (failure) {
    why = failure.message;
  }
  const names = new Set(found.map(({ name }) => name));
  return [...found, ...expected.filter(({ name }) => !names.has(name)).map((client) => ({ ...client, missing: why }))];
}

/** The clients in a language; what interop/setup could not install is not asked for them. */
async function listed(language, directory) {
  const failed = `${NOT_SET_UP}${language}`;
  if (existsSync(failed)) throw new Error(lastLine(readFileSync(failed, 'utf8')));
  try {
    const { stdout } = await run(`${directory}list`, [], { cwd: directory, env: ENVIRONMENT, timeout: LIST });
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => ({ ...JSON.parse(line), language, directory }));
  } catch (failure) {
    throw new Error(`its list failed: ${lastLine(failure.stderr ?? '') || failure.message}`);
  }
}

function lastLine(text) {
  return text.trim().split('\n').at(-1);
}
