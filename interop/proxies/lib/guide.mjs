import { readFileSync } from 'node:fs';

const GUIDE = new URL('../../../docs/guides/proxies.md', import.meta.url);

/** The configuration that the guide has in a language, of which it has one. */
export function configuration(language) {
  const blocks = [...readFileSync(GUIDE, 'utf8').matchAll(/^```(\S+)\n([^]*?)^```$/gm)].filter((block) => block[1] === language);
  if (blocks.length !== 1) throw new Error(`docs/guides/proxies.md has ${blocks.length} configurations in ${language}`);
  return blocks[0][2];
}

/** The command in the guide that starts a program, as words. */
export function command(program) {
  const words = configuration('sh').trim().split(/\s+/);
  if (words[0] !== program) throw new Error(`docs/guides/proxies.md does not start ${program}`);
  return words;
}

/** A text in which each of some pieces stands for another one; all of them have to be there. */
export function replaced(text, pieces) {
  for (const [piece, other] of pieces) {
    if (!text.includes(piece)) throw new Error(`${JSON.stringify(piece)} is not in the configuration:\n${text}`);
    text = text.replaceAll(piece, other);
  }
  return text;
}
