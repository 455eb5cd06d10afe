import { readFileSync, writeFileSync } from 'node:fs';
import { CHECKS } from './lib/checks.mjs';
import { expected, faultsOf } from './lib/expected.mjs';

// Prints what came of the scenario as a table; the argument is the file of the page to write, if any.

const NAMES = { netty: 'the embedded server', jdk: 'the JDK’s server' };
const { hosts, clients, results } = JSON.parse(readFileSync(new URL('target/results.json', import.meta.url), 'utf8'));
const LANGUAGES = { browsers: 'a browser', curl: 'a shell', go: 'Go', java: 'Java', npm: 'Node', python: 'Python', rust: 'Rust' };
const checks = Object.keys(CHECKS);

/** How many checks passed on one host, and which did not. */
function cell(name, host) {
  const result = results.find((each) => each.name === name && each.host === host);
  if (!result) return 'no result';
  const failed = checks.filter((check) => check in result.failures);
  if (failed.length === 0) return 'all';
  const faults = faultsOf(name);
  const names = failed.map((check) => (faults.has(check) ? check : `**${check}**`));
  return `${checks.length - failed.length}, not ${names.join(', ')}`;
}

function row({ name, version, language, missing, reconnects }) {
  if (missing) return [name, '', LANGUAGES[language] ?? language, ...hosts.map(() => 'not tested'), '', ''];
  const whys = [...new Set(faultsOf(name).values())].join(' ');
  const cells = hosts.map((host) => cell(name, host));
  return [name, version, LANGUAGES[language] ?? language, ...cells, reconnects ? 'by itself' : 'by a loop', whys];
}

function table() {
  const head = ['client', 'version', 'runs in', ...hosts.map((host) => `on ${NAMES[host]}`), 'comes back', 'what it gets wrong itself'];
  const rows = [head, head.map(() => '---'), ...clients.map(row)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function notTested() {
  const missing = clients.filter(({ missing }) => missing);
  if (missing.length === 0) return '';
  return `\nNot tested, because it could not be installed where this page was made:\n\n${missing
    .map(({ name, missing }) => `- ${name}: ${missing}`)
    .join('\n')}\n`;
}

const page = `# Clients

Written by \`interop/run --page\`; do not edit. One scenario is played with each client, on the embedded server and on the
JDK’s: what is sent, cut, forgotten and ended is the same for all, but that Datastar is sent the same data as fragments, because it
understands nothing else. A cell says how many of the ${checks.length} checks passed, and which did not, whoever is to blame. What clients are
known to get wrong themselves is in \`interop/expected.json\`; anything else that fails, fails the build.

${table()}
${notTested()}
## The checks

| check | what has to be so |
|---|---|
${checks.map((check) => `| ${check} | ${CHECKS[check]} |`).join('\n')}

Clients that come back *by a loop* do not do so themselves; the loop is what an application would write around them: it asks
again after the \`retry\` that the client tells of, with the last event id that it tells of.
`;

console.log(table());
console.log(notTested());
const strangers = clients.filter(({ name }) => expected.every((client) => client.name !== name));
if (strangers.length > 0) console.log(`expected.json does not name: ${strangers.map(({ name }) => name).join(', ')}`);
const [file] = process.argv.slice(2);
if (file) {
  writeFileSync(file, page);
  console.log(`${file} is written`);
}
