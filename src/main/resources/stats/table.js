// A table that is shown anew every few seconds: its rows stay, with the focus and what is open in them.

import { el, fill, say } from './dom.js';

export class Table {

  #rows = new Map();
  #open = new Set();

  /**
   * @param columns each with its label, cell(entry), which makes a text or an element, and where the service sorts
   * by it, its sort; numeric ones stand at the right, and what is brief stands in one line
   * @param key what an entry is known by
   * @param details makes what a row opens to: an element and update(entry); null where rows do not open
   * @param sorted called with the order that is wanted
   */
  constructor({ caption, columns, key, details = null, sorted = null }) {
    Object.assign(this, { columns, key, details, sorted });
    this.heads = columns.map((column) => el('th', { scope: 'col', class: column.numeric ? 'numeric' : null },
      column.sort && sorted ? el('button', { type: 'button', class: 'sort', click: () => this.#sortBy(column.sort) }, column.label)
        : column.label));
    this.body = el('tbody', {});
    this.empty = el('p', { class: 'empty', hidden: true });
    this.element = el('div', { class: 'table' },
      el('table', {}, el('caption', { class: 'hidden' }, caption),
        el('thead', {}, el('tr', {}, details && el('th', { scope: 'col', class: 'opener' }, el('span', { class: 'hidden' }, 'Details')), this.heads)),
        this.body), this.empty);
  }

  #sortBy(name) {
    this.sorted(this.order === `-${name}` ? name : `-${name}`);
  }

  /** Shows these entries, in this order. */
  show(entries, order, emptyText = 'Nothing to show.') {
    this.order = order;
    this.columns.forEach((column, index) => {
      const direction = { [column.sort]: 'ascending', [`-${column.sort}`]: 'descending' }[order];
      if (column.sort && direction) {
        this.heads[index].setAttribute('aria-sort', direction);
      } else {
        this.heads[index].removeAttribute('aria-sort');
      }
    });
    const focused = this.body.contains(document.activeElement) ? document.activeElement : null;
    const wanted = new Map(entries.map((entry) => [this.key(entry), entry]));
    for (const key of this.#rows.keys()) {
      if (!wanted.has(key)) {
        this.#remove(key);
      }
    }
    let place = this.body.firstElementChild;
    for (const [key, entry] of wanted) {
      for (const element of this.#shown(key, entry)) {
        if (element === place) {
          place = place.nextElementSibling;
        } else {
          this.body.insertBefore(element, place);
        }
      }
    }
    if (focused?.isConnected && focused !== document.activeElement) {
      focused.focus({ preventScroll: true }); // a row that moves loses it
    }
    say(this.empty, emptyText);
    this.empty.hidden = entries.length > 0;
  }

  #remove(key) {
    const row = this.#rows.get(key);
    row.element.remove();
    row.details?.place.remove();
    this.#rows.delete(key);
    this.#open.delete(key);
  }

  #shown(key, entry) {
    const row = this.#rows.get(key) ?? this.#make(key);
    row.entry = entry;
    this.columns.forEach((column, index) => {
      const content = column.cell(entry);
      if (content instanceof Node) {
        if (!row.cells[index].firstChild?.isEqualNode(content)) {
          fill(row.cells[index], content);
        }
      } else {
        say(row.cells[index], content);
      }
    });
    row.details?.content.update(entry);
    return row.details ? [row.element, row.details.place] : [row.element];
  }

  #make(key) {
    const row = { cells: this.columns.map((column) => el('td', { 'data-label': column.label, class: column.numeric ? 'numeric' : column.brief ? 'brief' : null })) };
    if (this.details) {
      row.opener = el('button', { type: 'button', class: 'opener', 'aria-expanded': 'false', 'aria-label': `Details of ${key}`, click: () => this.#toggle(key) });
    }
    row.element = el('tr', {}, row.opener && el('td', { class: 'opener' }, row.opener), row.cells);
    this.#rows.set(key, row);
    return row;
  }

  #toggle(key) {
    const row = this.#rows.get(key);
    if (this.#open.delete(key)) {
      row.details.place.remove();
      row.details = null;
    } else {
      this.#open.add(key);
      const content = this.details(row.entry);
      row.details = { content, place: el('tr', { class: 'details' }, el('td', { colspan: this.columns.length + 1 }, content.element)) };
      row.element.after(row.details.place);
    }
    row.opener.setAttribute('aria-expanded', this.#open.has(key));
  }

}
