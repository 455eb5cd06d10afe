import { once } from 'node:events';
import { WebSocket } from 'undici';
import { Child } from './child.mjs';
import { within } from '../../lib/within.mjs';

const START = 60_000;
const ANSWER = 30_000;
const LISTENS = /WebDriver BiDi listening on (ws:\/\/\S+)/;

/** Starts headless Firefox, and drives it over WebDriver BiDi, for which it needs no driver. */
export async function start() {
  const firefox = Child.start('firefox-esr', (directory) => [
    '--headless', '--no-remote', '--new-instance', '--profile', directory, '--remote-debugging-port', '0',
  ]);
  const [, address] = await firefox.prints(LISTENS, START);
  const session = await Session.at(`${address}/session`);
  await session.do('session.new', { capabilities: {} });
  const { contexts } = await session.do('browsingContext.getTree', {});
  const [{ context }] = contexts;
  return {
    open: (url) => session.do('browsingContext.navigate', { context, url, wait: 'complete' }),
    async run(expression) {
      const { result, exceptionDetails } = await session.do('script.evaluate', {
        expression,
        target: { context },
        awaitPromise: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return result.value;
    },
    stop: () => firefox.stop(),
  };
}

/** A connection of WebDriver BiDi. */
class Session {
  #socket;
  #waiting = new Map();

  static async at(url) {
    const session = new Session();
    session.#socket = new WebSocket(url);
    session.#socket.addEventListener('message', ({ data }) => session.#answered(JSON.parse(data)));
    await within(ANSWER, `${url} is opened`, once(session.#socket, 'open'));
    return session;
  }

  do(method, params) {
    const id = this.#waiting.size + 1;
    const answered = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return within(ANSWER, `${method} is answered`, answered);
  }

  #answered({ id, type, result, error, message }) {
    const { resolve, reject } = this.#waiting.get(id) ?? {};
    if (type === 'success') resolve?.(result);
    else if (type === 'error') reject?.(new Error(`${error}: ${message}`));
  }
}
