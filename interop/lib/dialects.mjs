/** How events are put for clients that understand a language of their own; each gives the event to emit for an event. */
export const DIALECTS = {
  /** Fragments of HTML, each appended to the page: the data as its text, the type as its title. */
  datastar: ({ type = 'message', id, data }) => ({
    type: 'datastar-merge-fragments',
    id,
    data: ['selector #seen', 'mergeMode append', ...fragment(type, data).map((line) => `fragments ${line}`)].join('\n'),
  }),
};

function fragment(type, data) {
  const text = data.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<p title="${type}">${text}</p>`.split('\n');
}
