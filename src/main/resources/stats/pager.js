// Which part of a long list is shown.

import { el, say } from './dom.js';
import { count } from './format.js';

export class Pager {

  /** @param turned called with the offset that is wanted */
  constructor(turned) {
    this.text = el('p', { class: 'range' });
    this.first = this.#button('First', () => 0);
    this.previous = this.#button('Previous', ({ offset, limit }) => Math.max(0, offset - limit));
    this.next = this.#button('Next', ({ offset, limit }) => offset + limit);
    this.last = this.#button('Last', ({ matched, limit }) => Math.floor((matched - 1) / limit) * limit);
    this.turned = turned;
    this.element = el('div', { class: 'pager' }, this.text,
      el('div', { class: 'buttons', role: 'group', 'aria-label': 'Pages' }, this.first, this.previous, this.next, this.last));
  }

  #button(label, offset) {
    return el('button', { type: 'button', click: () => this.turned(offset(this.found)) }, label);
  }

  /** @param found total, matched, offset and limit, as the service tells them */
  show(found, noun) {
    this.found = found;
    const { total, matched, offset, limit } = found;
    const range = matched > 0 ? `${count(Math.min(offset + 1, matched))} to ${count(Math.min(offset + limit, matched))} of ` : '';
    say(this.text, `${range}${count(matched)} ${noun}${matched === total ? '' : `, ${count(total)} in all`}`);
    this.first.disabled = this.previous.disabled = offset === 0;
    this.next.disabled = this.last.disabled = offset + limit >= matched;
  }

}
