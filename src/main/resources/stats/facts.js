// Names and their values.

import { el, fill, say } from './dom.js';

/** A list of names and values; of a pair whose value is null or undefined nothing is shown. */
export function facts(pairs, attributes = { class: 'facts' }) {
  const list = el('dl', attributes);
  updateFacts(list, pairs);
  return list;
}

/** Shows other values in such a list. */
export function updateFacts(list, pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined);
  const names = shown.map(([name]) => name).join('\n');
  if (list.dataset.names !== names) {
    list.dataset.names = names;
    fill(list, shown.map(([name]) => el('div', {}, el('dt', {}, name), el('dd', {}))));
  }
  shown.forEach(([, value], index) => {
    const place = list.children[index].lastElementChild;
    if (value instanceof Node) {
      if (place.firstChild !== value) {
        fill(place, value);
      }
    } else {
      say(place, value);
    }
  });
}
