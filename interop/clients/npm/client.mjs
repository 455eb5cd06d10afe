import { endWithInput, tell, tellAll } from '../tell.mjs';

// One of the clients that run in Node: client.mjs NAME URL

const CLIENTS = {
  async eventsource(name, url) {
    const module = await import(name);
    // Until major 2 the class is all that is exported.
    const EventSource = module.EventSource ?? module.default;
    tellAll(new EventSource(url));
  },

  node(name, url) {
    tellAll(new EventSource(url));
  },

  async 'launchdarkly-eventsource'(name, url) {
    const { EventSource } = (await import(name)).default;
    const source = new EventSource(url);
    tellAll(source);
    // A stream that has ended is no error to it.
    source.addEventListener('closed', () => tell({ t: 'closed' }));
  },

  async 'eventsource-client'(name, url) {
    const { createEventSource } = await import(name);
    createEventSource({
      url,
      onConnect: () => tell({ t: 'open' }),
      onDisconnect: () => tell({ t: 'error', message: '' }),
      onMessage: ({ event = 'message', data, id }) => tell({ t: 'event', type: event, data, id: id ?? null }),
    });
  },
};

const [name, url] = process.argv.slice(2);
endWithInput();
const connect = CLIENTS[name] ?? CLIENTS.eventsource;
await connect(name, url);
