import { endWithInput, tell, TYPES } from '../tell.mjs';
import { LIBRARIES } from './libraries.mjs';

// A browser, and what connects in it: client.mjs BROWSER LIBRARY URL

const LOOK_AGAIN = 20;
const ENGINES = { chromium: 'chromium', firefox: 'firefox', wpe: 'webkit', gtk: 'webkit' };

const [browser, library, url] = process.argv.slice(2);
const { start } = await import(`./${ENGINES[browser]}.mjs`);

let ended = false;
let engine;
async function end() {
  if (ended) return;
  ended = true;
  await engine?.stop();
  process.exit(0);
}
endWithInput(end);

engine = await start(browser);
// Any page will do that is of the same origin as the stream; that nothing is served there does not matter.
await engine.open(new URL('/a-page', url).href);
await engine.run(`(${prepare})(${JSON.stringify(TYPES)})`);
const { pathname, search } = new URL(url);
await engine.run(`({ ${LIBRARIES[library]} })[${JSON.stringify(library)}](${JSON.stringify(pathname + search)})`);
while (!ended) {
  for (const line of JSON.parse(await engine.run('JSON.stringify(window.seen.splice(0))'))) tell(line);
  await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
}

/** Runs in the page. What is told there waits to be fetched from here. */
function prepare(types) {
  window.TYPES = types;
  window.seen = [];
  window.tell = (line) => window.seen.push(line);
  window.tellEvent = ({ type, data, lastEventId }) => window.tell({ t: 'event', type, data, id: lastEventId });
  window.tellAppended = (element) =>
    new MutationObserver((changes) => {
      for (const { title, textContent } of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        window.tell({ t: 'event', type: title, data: textContent, id: null });
      }
    }).observe(element, { childList: true });
  window.addScript = (file) =>
    new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement('script'), { src: `/library/${file}` });
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${file} was not loaded`));
      document.head.append(script);
    });
}
