import { command, configuration, replaced } from './guide.mjs';
import { PUBLIC_NAME, versionOf } from './proxy.mjs';

const UPSTREAM = '127.0.0.1:8080';
const CHAIN = '/etc/ssl/events/chain.pem';
const KEY = '/etc/ssl/events/key.pem';

/*
 * What differs between the proxies. `listeners` are the ports that the test gives them: in the guide there is one; where it
 * is easily done, the test lets them listen without TLS, too. `impatient` has them cut what was silent for 3 seconds.
 * `tellsCuts` names the protocols over which they tell clients that a cut is no proper end.
 */

export const nginx = {
  name: 'nginx',
  version: () => versionOf('nginx', '-v'),
  listeners: ['tls', 'plain'],
  tellsCuts: ['HTTP/1.1', 'HTTP/1.1 over TLS', 'HTTP/2'],

  configure: ({ ports, certificate, directory }, upstream) =>
    replaced(configuration('nginx'), [
      ['listen 443 ssl http2;', `listen 127.0.0.1:${ports.tls} ssl http2; listen 127.0.0.1:${ports.plain};`],
      [CHAIN, certificate.chain],
      [KEY, certificate.key],
      [UPSTREAM, `127.0.0.1:${upstream}`],
      // Otherwise it would write to directories of the system's.
      ['http {', `http { access_log off; ${temporary(directory)}`],
    ]),

  command: ({ directory }, file) => [
    ...['nginx', '-p', directory, '-c', file, '-e', 'stderr'],
    ...['-g', `daemon off; pid ${directory}/nginx.pid;`],
  ],

  impatient: [['proxy_read_timeout 60s;', 'proxy_read_timeout 3s;']],
};

function temporary(directory) {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`);
  return paths.join(' ');
}

export const haproxy = {
  name: 'haproxy',
  version: () => versionOf('haproxy', '-v'),
  listeners: ['tls', 'plain'],
  tellsCuts: ['HTTP/1.1', 'HTTP/1.1 over TLS'],

  configure: ({ ports, certificate }, upstream) =>
    replaced(configuration('haproxy'), [
      ['bind :443', `bind 127.0.0.1:${ports.plain}\n    bind 127.0.0.1:${ports.tls}`],
      ['/etc/haproxy/events.pem', certificate.both],
      [UPSTREAM, `127.0.0.1:${upstream}`],
    ]),

  command: (proxy, file) => ['haproxy', '-db', '-f', file],

  impatient: [
    ['timeout client 60s', 'timeout client 3s'],
    ['timeout server 60s', 'timeout server 3s'],
  ],
};

export const varnish = {
  name: 'varnish',
  version: () => versionOf('varnishd', '-V'),
  listeners: ['plain'],
  tellsCuts: ['HTTP/1.1'],

  configure: (proxy, upstream) => {
    const [host, port] = UPSTREAM.split(':');
    return replaced(configuration('vcl'), [
      [`.host = "${host}";`, '.host = "127.0.0.1";'],
      [`.port = "${port}";`, `.port = "${upstream}";`],
    ]);
  },

  command: ({ ports, directory }, file) => {
    const words = command('varnishd');
    const other = { ':80': `127.0.0.1:${ports.plain}`, '/etc/varnish/events.vcl': file };
    for (const word of Object.keys(other)) {
      if (!words.includes(word)) throw new Error(`${word} is not in the guide's ${words.join(' ')}`);
    }
    return [...words.map((word) => other[word] ?? word), '-F', '-n', `${directory}/varnish`];
  },

  impatient: [['pipe_timeout=60', 'pipe_timeout=3']],
};

export const caddy = {
  name: 'caddy',
  version: () => versionOf('caddy', 'version'),
  listeners: ['tls'],
  tellsCuts: [],

  configure: ({ ports, certificate }, upstream) =>
    replaced(configuration('caddyfile'), [
      [`${PUBLIC_NAME} {`, `${PUBLIC_NAME}:${ports.tls} {`],
      [CHAIN, certificate.chain],
      [KEY, certificate.key],
      [UPSTREAM, `127.0.0.1:${upstream}`],
      // Ports that it would listen on besides.
      ['\tgrace_period', '\tadmin off\n\tauto_https disable_redirects\n\tdefault_bind 127.0.0.1\n\tgrace_period'],
    ]),

  command: (proxy, file) => ['caddy', 'run', '--config', file, '--adapter', 'caddyfile'],

  impatient: [['read_timeout 60s', 'read_timeout 3s']],
};
