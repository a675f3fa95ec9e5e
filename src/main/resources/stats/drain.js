// The drain: starts one, shows it going down, calls it off.

import { change } from './api.js';
import { ask } from './dialog.js';
import { el, show } from './dom.js';
import { facts, updateFacts } from './facts.js';
import { field, reason } from './fields.js';
import { count, moment, number, span, words } from './format.js';
import { total } from './samples.js';
import { TimeChart } from './time-chart.js';
import { Timeline } from './timeline.js';

const ACTIVE = ['ANNOUNCED', 'DRAINING', 'DRAINED'];

export function drain(page) {
  const timeline = new Timeline();
  const bar = el('progress', { 'aria-label': 'Connections that have ended' });
  const known = facts([]);
  const cancelButton = page.me.operator && el('button', { type: 'button', class: 'danger', hidden: true, click: cancel }, 'Call it off…');
  const none = el('p', { class: 'muted' }, 'There was no drain since the start.');
  const form = page.me.operator && startForm(page);
  const chart = new TimeChart('Open connections', [{ name: 'Connections', tone: 'accent' }], { format: count, axes: true });

  function cancel() {
    ask({
      title: 'Call the drain off?',
      content: [el('p', {}, 'The listeners accept connections again. Who was told to go is not called back.'), reason()],
      confirm: 'Call it off',
      submit: async (values) => {
        await change('DELETE', 'drain', { parameters: values });
        page.notice('The drain was called off.');
      },
    });
  }

  function update(samples) {
    const now = samples.latest.drain;
    timeline.update(now);
    show(none, !now.progress);
    show(bar, Boolean(now.progress));
    if (now.progress) {
      bar.max = Math.max(1, now.progress.initial);
      bar.value = now.progress.initial === 0 ? 1 : now.progress.initial - now.progress.remaining;
    }
    updateFacts(known, told(now));
    if (form) {
      show(cancelButton, ACTIVE.includes(now.state));
      show(form, !ACTIVE.includes(now.state));
    }
    chart.draw(samples.series((sample) => total(sample, (listener) => listener.active)));
  }

  return {
    element: el('div', { class: 'view drain' }, el('h1', {}, 'Drain'),
      el('section', { class: 'card', 'aria-label': 'State' }, timeline.element),
      el('div', { class: 'columns acting' },
        el('div', { class: 'view' },
          el('section', { class: 'card stack' }, el('h2', {}, 'This drain, or the last'), none, bar, known, cancelButton),
          el('section', { class: 'card stack' }, el('h2', {}, 'Open connections, last 15 minutes'), chart.element)),
        form)),
    update,
    close: () => chart.close(),
  };
}

function told({ state, plan, progress, outcome }) {
  if (!progress) {
    return [];
  }
  return [
    [outcome ? 'Outcome' : 'State', words(outcome ?? state)],
    ['Remain', `${count(progress.remaining)} of ${count(progress.initial)}`],
    ['Time left', outcome ? null : span(progress.timeLeftSeconds)],
    ['Took', outcome ? span(progress.elapsedSeconds) : null],
    ['Ended by the client', count(progress.closedByClient)],
    ['Closed by us', count(progress.closedByUs)],
    ['Reset at the deadline', count(progress.reset)],
    ['Cut off otherwise', count(progress.cut)],
    ['Started', moment(progress.startedAt)],
    ['Announce', span(plan.announceSeconds)],
    ['Quiet', span(plan.quietSeconds)],
    ['Deadline', span(plan.deadlineSeconds)],
    ['Pace', plan.closesPerSecond > 0 ? `${count(plan.closesPerSecond)} a second` : 'no limit'],
    ['Then', plan.then],
    ['Reason', plan.reason],
  ];
}

function startForm(page) {
  const time = (label, name, hint) => field(label, el('input', { name, placeholder: 'as configured', autocomplete: 'off' }), hint);
  return el('form', { class: 'card start', submit: start, 'aria-labelledby': 'start' }, el('h2', { id: 'start' }, 'Start a drain'),
    el('div', { class: 'fields' },
      time('Announce', 'announce', 'Readiness is down so long, such as 10s, and new clients are still served.'),
      time('Quiet', 'quiet', 'Who is silent so long, such as 1s, is closed.'),
      time('Deadline', 'deadline', 'Who is left after so long, such as 5m, is reset.'),
      field('Pace', el('input', { name: 'closesPerSecond', type: 'number', min: 0, max: 1000000, placeholder: 'as configured' }),
        'Closes in a second; 0 is no limit.')),
    reason(),
    el('label', { class: 'check' }, el('input', { type: 'checkbox', name: 'then', value: 'shutdown' }), 'Shut the service down afterwards'),
    el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'danger' }, 'Start the drain…')));

  function start(event) {
    event.preventDefault();
    const form = event.target;
    const plan = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
    const now = page.samples.latest;
    // Of many listeners the samples leave some out: then the number is not known.
    const open = now && now.listenersLeftOut === 0 ? number(total(now, (listener) => listener.active), 'connection') : 'All connections';
    ask({
      title: plan.then ? 'Drain, and shut the service down?' : 'Drain the service?',
      content: el('p', {}, `${open} will be asked to go, and new clients refused. Reason: ${plan.reason}`),
      confirm: 'Start the drain',
      danger: true,
      submit: async () => {
        await change('POST', 'drain', { body: plan });
        form.reset();
        page.notice('The drain has begun.');
      },
    });
  }
}
