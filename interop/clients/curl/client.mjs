import { spawn } from 'node:child_process';
import { endWithInput, tell } from '../tell.mjs';
import { Lines } from './lines.mjs';

// What a script would do with curl: client.mjs URL

const [url] = process.argv.slice(2);
let lastId;
let retry = 3_000;

function connect() {
  const resume = lastId === undefined ? [] : ['--header', `Last-Event-ID: ${lastId}`];
  const curl = spawn('curl', ['-sSN', '-H', 'Accept: text/event-stream', ...resume, '-w', '%{stderr}%{http_code}', url]);
  const lines = new Lines({
    event(event) {
      lastId = event.id;
      tell({ t: 'event', ...event });
    },
    retry: (ms) => (retry = ms),
  });
  let status = '';
  curl.stdout.setEncoding('utf8').once('data', () => tell({ t: 'open' })).on('data', (text) => lines.take(text));
  curl.stderr.setEncoding('utf8').on('data', (text) => (status += text));
  curl.on('close', () => {
    if (status.endsWith('204')) tell({ t: 'closed' });
    else {
      tell({ t: 'error', message: status });
      setTimeout(connect, retry);
    }
  });
}

endWithInput();
connect();
