// A list that the service filters, sorts and cuts into pages. What is asked for stands in the page's address.

import { read } from './api.js';
import { el, say, show } from './dom.js';
import { Pager } from './pager.js';
import { Poll } from './poll.js';

const LIMIT = 50;

export class Listing {

  #turn = 0;
  #poll = new Poll(2, () => this.look());

  /**
   * @param filter what is asked for; it is filled in from the address
   * @param found called with what the service found, and the order that was asked for
   */
  constructor(page, endpoint, filter, noun, found) {
    const { sort, offset, ...asked } = page.query;
    Object.assign(this, { page, endpoint, filter, noun, found, sort, asked, offset: Number(offset) || 0 });
    filter.values = asked;
    this.problem = el('p', { class: 'problem', role: 'alert', hidden: true });
    this.pager = new Pager((wanted) => this.find({ offset: wanted }));
    this.#poll.now();
  }

  /** Looks for what the filter says now, or for another part or order of it. */
  async find(wanted) {
    Object.assign(this, { asked: this.filter.values }, wanted);
    this.page.remember({ ...this.asked, sort: this.sort, offset: this.offset });
    await this.#poll.now();
    this.page.tell(this.pager.text.textContent);
  }

  /** Only the latest question counts: answers may overtake each other. */
  async look() {
    const turn = ++this.#turn;
    const { asked, sort, offset } = this;
    try {
      const found = await read(this.endpoint, { ...asked, sort, offset, limit: LIMIT });
      if (turn === this.#turn) {
        this.#show(found);
      }
    } catch (error) {
      if (turn === this.#turn) {
        say(this.problem, error.message);
        show(this.problem, true);
      }
    }
  }

  #show(found) {
    show(this.problem, false);
    if (found.offset > 0 && found.matched <= found.offset) {
      this.find({ offset: Math.max(0, Math.floor((found.matched - 1) / LIMIT) * LIMIT) });
      return;
    }
    this.pager.show(found, this.noun(found));
    this.found(found, this.sort);
  }

  /** An answer that comes later is not looked at. */
  close() {
    this.#turn++;
    this.#poll.close();
  }

}
