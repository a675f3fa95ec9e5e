// Fields of forms and dialogs.

import { el } from './dom.js';

/** A field with its label: text, number or select, whatever the control is. */
export function field(label, control, hint) {
  return el('label', { class: 'field' }, el('span', {}, label), control, hint && el('small', { class: 'muted' }, hint));
}

/** The choice between values, each with its words. */
export function choice(name, values, chosen) {
  return el('select', { name }, Object.entries(values).map(([value, text]) =>
    el('option', { value, selected: value === chosen }, text)));
}

/** Why something is done, which is kept in the audit. */
export function reason() {
  return field('Reason', el('input', { name: 'reason', required: true, maxlength: 200, autocomplete: 'off' }),
    'Kept in the audit.');
}
