/** Reads events out of text, as the HTML standard says, for clients that have no parser of their own. */
export class Lines {
  #rest = '';
  #type = '';
  #data;
  #id = '';
  #first = true;

  /** Whoever hears of each `event`, and of each `retry` in milliseconds. */
  constructor(listener) {
    this.listener = listener;
  }

  take(text) {
    this.#rest += this.#first ? text.replace(/^\uFEFF/, '') : text;
    this.#first = false;
    // A CR at the end may be half of a line end.
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  #line(line) {
    if (line === '') {
      this.#dispatch();
      return;
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
    if (field === 'event') this.#type = value;
    else if (field === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) this.listener.retry(Number(value));
  }

  #dispatch() {
    if (this.#data !== undefined) this.listener.event({ type: this.#type || 'message', data: this.#data, id: this.#id });
    this.#type = '';
    this.#data = undefined;
  }
}
