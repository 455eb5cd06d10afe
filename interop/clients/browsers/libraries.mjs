/* global addScript, EventSourcePolyfill, htmx, tell, tellAppended, tellEvent, TYPES */

/** What connects in a page: functions that run there, with the path of the stream. In Chromium, /library/ is node_modules. */
export const LIBRARIES = {
  'event-source'(url) {
    const source = new EventSource(url);
    source.onopen = () => tell({ t: 'open' });
    source.onerror = () => tell(source.readyState === EventSource.CLOSED ? { t: 'closed' } : { t: 'error', message: '' });
    for (const type of TYPES) source.addEventListener(type, tellEvent);
  },

  async polyfill(url) {
    await addScript('event-source-polyfill/src/eventsource.js');
    const source = new EventSourcePolyfill(url);
    source.onopen = () => tell({ t: 'open' });
    source.onerror = ({ error }) => tell({ t: source.readyState === 2 ? 'closed' : 'error', message: `${error ?? ''}` });
    for (const type of TYPES) source.addEventListener(type, tellEvent);
  },

  /** As its own page says it is used where it is to come back: whatever ends the stream is thrown. */
  async 'fetch-event-source'(url) {
    const { fetchEventSource } = await import('/library/@microsoft/fetch-event-source/lib/esm/index.js');
    fetchEventSource(url, {
      onmessage: ({ event, data, id }) => tell({ t: 'event', type: event || 'message', data, id }),
      onclose() {
        throw new Error('the stream ended');
      },
      onerror({ message }) {
        tell({ t: 'error', message });
      },
    });
  },

  async 'htmx-2'(url) {
    await addScript('htmx.org/dist/htmx.js');
    await addScript('htmx-ext-sse/sse.js');
    document.body.addEventListener('htmx:sseOpen', () => tell({ t: 'open' }));
    document.body.addEventListener('htmx:sseError', () => tell({ t: 'error', message: '' }));
    document.body.addEventListener('htmx:sseMessage', ({ detail }) => tellEvent(detail));
    document.body.innerHTML = `<div hx-ext="sse" sse-connect="${url}"><p sse-swap="${TYPES}" hx-swap="beforeend"></p></div>`;
    htmx.process(document.body);
  },

  async 'htmx-4'(url) {
    await addScript('htmx-4/dist/htmx.js');
    await addScript('htmx-4/dist/ext/hx-sse.js');
    document.body.addEventListener('htmx:sse:after:connection', () => tell({ t: 'open' }));
    document.body.addEventListener('htmx:sse:error', ({ detail }) => tell({ t: 'error', message: `${detail.error}` }));
    document.body.addEventListener('htmx:sse:close', () => tell({ t: 'closed' }));
    document.body.addEventListener('htmx:sse:after:message', ({ detail }) => {
      const { event, data, id } = detail.message;
      tell({ t: 'event', type: event || 'message', data, id });
    });
    document.body.innerHTML = `<div hx-sse:connect="${url}" hx-swap="beforeend"></div>`;
    htmx.process(document.body);
  },

  /** The fragments that it appends are events: see lib/dialects.mjs. It tells no ids. */
  async 'datastar-1'(url) {
    document.body.innerHTML = `<div id="seen"></div><div data-on-load="@get('${url}')"></div>`;
    tellAppended(document.querySelector('#seen'));
    await import('/library/datastar-1/dist/bundles/datastar.js');
  },

  async 'datastar-0'(url) {
    const map = Object.assign(document.createElement('script'), { type: 'importmap' });
    map.textContent = JSON.stringify({ imports: { '~/': '/library/datastar-0/dist/' } });
    document.head.append(map);
    document.body.innerHTML = `<div id="seen"></div><div data-on-load="sse('${url}')"></div>`;
    tellAppended(document.querySelector('#seen'));
    await import('/library/datastar-0/dist/bundles/datastar.js');
  },
};
