// Where the service is on its way out of use: serving, announced, draining, drained.

import { el, say } from './dom.js';
import { count, number, span, words } from './format.js';

/** Each state, and what it means for clients; where it has a time, that is shown when it comes to it. */
const STEPS = {
  SERVING: ['Serving', 'clients are taken'],
  ANNOUNCED: ['Announced', 'readiness is down'],
  DRAINING: ['Draining', 'who is quiet is closed'],
  DRAINED: ['Drained', 'nobody is left'],
};

export class Timeline {

  constructor() {
    this.steps = Object.entries(STEPS).map(([state, [name, meaning]]) => {
      const detail = el('small', {});
      return { state, meaning, detail, element: el('li', {}, el('b', {}, name), detail) };
    });
    this.told = el('p', { class: 'told' });
    this.element = el('div', { class: 'timeline' }, el('ol', { 'aria-label': 'Drain' }, this.steps.map((step) => step.element)), this.told);
  }

  update(drain) {
    const at = Object.keys(STEPS).indexOf(drain.state === 'CANCELLED' ? 'SERVING' : drain.state);
    const under = at > 0 ? times(drain) : {};
    this.steps.forEach((step, index) => {
      step.element.dataset.step = index < at ? 'past' : index === at ? 'now' : 'next';
      if (index === at) {
        step.element.setAttribute('aria-current', 'step');
      } else {
        step.element.removeAttribute('aria-current');
      }
      say(step.detail, under[step.state] ?? step.meaning);
    });
    say(this.told, tell(drain));
  }

}

function times({ plan, progress, outcome }) {
  return {
    ANNOUNCED: plan.announceSeconds > 0 ? `for ${span(plan.announceSeconds)}` : 'passed over',
    DRAINING: `up to ${span(plan.deadlineSeconds)}`,
    DRAINED: outcome ? `${words(outcome)}, after ${span(progress.elapsedSeconds)}` : undefined,
  };
}

/** Where the drain is, in a sentence. */
export function tell({ state, plan, progress, outcome }) {
  switch (state) {
    case 'ANNOUNCED':
      return `Readiness is down, and new clients are still served: ${number(progress.remaining, 'connection')} open, `
        + `${span(progress.timeLeftSeconds)} until what is left is reset.`;
    case 'DRAINING':
      return `${count(progress.remaining)} of ${number(progress.initial, 'connection')} `
        + `${progress.remaining === 1 ? 'remains' : 'remain'}, ${span(progress.timeLeftSeconds)} left.`;
    case 'DRAINED':
      return `No connection is left. ${plan.then ? 'The service shuts down.' : 'It can be taken back.'}`;
    case 'CANCELLED':
      return 'The drain was called off, the listeners are being opened again.';
    default:
      return outcome === 'CANCELLED' ? 'Connections are accepted and served. The last drain was called off.'
        : 'Connections are accepted and served.';
  }
}
