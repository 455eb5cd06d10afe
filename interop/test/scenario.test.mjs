import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { CHECKS } from '../lib/checks.mjs';
import { allClients } from '../lib/clients.mjs';
import { expected, faultsOf } from '../lib/expected.mjs';
import { ScenarioServer } from '../lib/scenario-server.mjs';
import { Scenario } from '../lib/scenario.mjs';

// One scenario, every client, each host. What comes of it goes to target/results.json, for the table.

const HOSTS = ['netty', 'jdk'];
const TARGET = new URL('../target/', import.meta.url);
const only = new RegExp(process.env.CLIENTS || '');

const clients = (await allClients(expected)).filter(({ name }) => only.test(name));
const results = [];

// Two at a time, since most of it is waiting: a client on one host, and on the other.
describe('the scenario', { concurrency: 2 }, () => {
  const servers = {};
  before(async () => {
    for (const host of HOSTS) servers[host] = await ScenarioServer.start(host);
  });
  after(async () => {
    for (const server of Object.values(servers)) await server.stop();
    mkdirSync(TARGET, { recursive: true });
    writeFileSync(new URL('results.json', TARGET), `${JSON.stringify({ hosts: HOSTS, clients, results }, null, 2)}\n`);
  });

  test('has every client that is required', () => {
    const missing = clients.filter(({ missing, required }) => missing && required);
    assert.deepEqual(missing.map(({ name, missing }) => `${name}: ${missing}`), []);
  });

  for (const client of clients.filter(({ missing }) => !missing)) {
    for (const host of HOSTS) {
      test(`${client.name} ${client.version} on ${host}`, { timeout: 300_000 }, async (t) => {
        const { failures } = await Scenario.play(t, client, servers[host]);
        results.push({ name: client.name, host, failures });
        judge(client.name, failures, (line) => t.diagnostic(line));
      });
    }
  }
});

/** Fails for whatever is no known fault of the client, and mentions known faults that did not show. */
function judge(name, failures, mention) {
  const faults = faultsOf(name);
  for (const check of faults.keys()) {
    if (!(check in failures)) mention(`${check} passes, which expected.json knows to fail`);
  }
  const unknown = Object.keys(CHECKS).filter((check) => check in failures && !faults.has(check));
  if (unknown.length > 0) throw new Error(unknown.map((check) => `${check}: ${failures[check]}`).join('\n'));
}
