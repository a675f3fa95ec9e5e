// The form above a list: what is asked of the service, and kept in the page's address.

import { el } from './dom.js';
import { field } from './fields.js';

/** Asks for an address, or for all of a network. */
export function clientField() {
  return field('Client', el('input', { name: 'peer', placeholder: '10.0.0.0/8', autocomplete: 'off', spellcheck: 'false', size: 18 }));
}

/** Asks for a time, with its unit. */
export function timeField(label, name, example) {
  return field(label, el('input', { name, placeholder: example, autocomplete: 'off', size: 6 }));
}

export class Filter {

  /**
   * @param fields labelled controls, whose names are the service's parameters
   * @param asked called when something else is asked for
   */
  constructor(label, fields, asked) {
    this.element = el('form', { class: 'filter', role: 'search', 'aria-label': label, submit: (event) => event.preventDefault(),
      change: asked, reset: () => setTimeout(asked) },
    fields, el('div', { class: 'buttons' }, el('button', { type: 'submit', click: asked }, 'Apply'),
      el('button', { type: 'reset' }, 'Clear')));
  }

  /** What is asked for, by parameter; without what is empty. */
  get values() {
    return Object.fromEntries([...new FormData(this.element)].map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value !== ''));
  }

  set values(values) {
    for (const control of this.element.elements) {
      if (control.name) {
        control.value = values[control.name] ?? '';
      }
    }
  }

}

/** A select of the listeners, which are known when the first sample has come. */
export class ListenerChoice {

  constructor(chosen = '') {
    this.element = el('select', { name: 'listener' }, el('option', { value: '' }, 'all'),
      chosen && el('option', { value: chosen }, chosen));
    this.element.value = chosen;
  }

  update(names) {
    const known = [...this.element.options].map((option) => option.value);
    for (const name of names.filter((each) => !known.includes(each))) {
      this.element.append(el('option', { value: name }, name));
    }
  }

}
