/** The types that every client listens for. */
export const TYPES = ['message', 'named', 'gap', 'done'];

/** Prints what a client sees. */
export function tell(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Ends the program when whoever started it wants that, or is gone. */
export function endWithInput(end = () => process.exit(0)) {
  process.stdin.resume().on('end', end).on('error', end);
  process.on('SIGTERM', end);
}

/** Tells what an object sees that is like a browser's EventSource. */
export function tellAll(source) {
  source.onopen = () => tell({ t: 'open' });
  source.onerror = ({ message }) => {
    tell({ t: 'error', message: message ?? '' });
    if (source.readyState === 2) tell({ t: 'closed' });
  };
  for (const type of TYPES) {
    source.addEventListener(type, ({ data, lastEventId }) => tell({ t: 'event', type, data, id: lastEventId }));
  }
}
