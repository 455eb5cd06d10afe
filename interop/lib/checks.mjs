/** What is looked at in the scenario, in this order. Each has a name, which expected.json and the page use. */
export const CHECKS = {
  connects: 'asks for the stream and is given it',
  named: 'an event with a type of its own arrives as one of that type, any other as `message`',
  lines: 'two lines, empty lines at the beginning and at the end, each as it was',
  empty: 'an event with empty data arrives',
  spaces: 'spaces at the beginning and at the end of data are kept',
  separators: 'U+2028, U+2029, U+0085, form feed and vertical tab are text, and end no line',
  emoji: 'emoji and other text beyond ASCII',
  long: 'an event of 60 KiB',
  ids: 'each event comes with its id, whether that is ours or the application’s',
  heartbeats: 'heartbeats, and what each stream begins with, are no events',
  resume: 'the connection is cut: it comes back, nothing is lost and nothing doubled',
  retry: 'it comes back when `retry` says: neither earlier, nor after a time of its own',
  gap: 'the server has forgotten: it is told of the gap before it is given anything else',
  end: 'a stream that ends properly is no error: it comes back and goes on',
  away: 'the story is over, it is answered 204: it stays away',
};

/** What is emitted, one after the other, and by which check it is judged. */
export const TEXTS = [
  ['named', { type: 'named', data: 'of a type' }],
  ['named', { data: 'of no type' }],
  ['lines', { data: 'two\nlines' }],
  ['lines', { data: '\n\nbetween empty lines\n\n' }],
  ['lines', { data: '\n' }],
  ['empty', { data: '' }],
  ['spaces', { data: ' one leading space' }],
  ['spaces', { data: '   three leading spaces, two trailing  ' }],
  ['spaces', { data: '\tleading tab' }],
  ['separators', { data: 'line\u2028and paragraph\u2029separators, next line\u0085, form feed\f and vertical tab\v' }],
  ['emoji', { data: 'emoji 👩‍👩‍👧 and 🇪🇺, Ελλάδα, 日本' }],
  ['long', { data: 'sixty '.repeat(10 * 1024) }],
  ['ids', { data: 'with an id that the application gave', id: 'order-7' }],
];
