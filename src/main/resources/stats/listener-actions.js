// What an operator does to a listener.

import { change, Problem } from './api.js';
import { ask } from './dialog.js';
import { el } from './dom.js';
import { field, reason } from './fields.js';
import { millis, number } from './format.js';

/** Stops a listener's accepting, or lets it accept again. */
export function pauseOrResume(page, listener) {
  const pausing = listener.state === 'ACCEPTING';
  ask({
    title: pausing ? `Pause ${listener.name}?` : `Resume ${listener.name}?`,
    content: [
      el('p', {}, pausing ? `New clients are refused, ${number(listener.active, 'open connection')} stay.` : 'New clients are accepted again.'),
      reason(),
    ],
    confirm: pausing ? 'Pause' : 'Resume',
    danger: pausing,
    submit: async (values) => {
      await change('POST', `listeners/${encodeURIComponent(listener.name)}`, { body: { state: pausing ? 'PAUSED' : 'ACCEPTING', ...values } });
      page.notice(`${listener.name} is ${pausing ? 'paused' : 'accepting'}.`);
    },
  });
}

/** Sends messages to a listener, and tells how long their echo took. */
export function probe(page, listener) {
  ask({
    title: `Probe ${listener.name}`,
    content: [
      el('p', {}, `Messages are sent to port ${listener.port} of this service by a client of its own.`),
      field('Messages', el('input', { name: 'count', type: 'number', min: 1, max: 1000, value: 10, required: true })),
    ],
    confirm: 'Send',
    submit: async (values) => {
      const host = ['0.0.0.0', '::', '0:0:0:0:0:0:0:0'].includes(listener.address) ? 'localhost' : listener.address;
      const answer = await change('POST', 'probe', { body: { host, port: listener.port, tls: listener.tls || undefined, ...values } });
      if (!answer.echoed) {
        throw new Problem(0, answer.error);
      }
      page.notice(`${listener.name} echoed: median ${millis(answer.medianSeconds * 1000)}, longest ${millis(answer.maxSeconds * 1000)}.`);
    },
  });
}
