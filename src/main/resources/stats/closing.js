// Closes connections: one, or after a dry run all that a filter matches.

import { change, read } from './api.js';
import { client } from './connection.js';
import { ask } from './dialog.js';
import { el, say, show } from './dom.js';
import { choice, field, reason } from './fields.js';
import { count, number, span, words } from './format.js';
import { Poll } from './poll.js';

const MODES = { graceful: 'in order: what is owed is sent first', reset: 'with a reset: what is owed is lost' };

/** Asks how and why a connection is to be closed, and closes it. */
export function closeOne(page, connection, mode, done) {
  ask({
    title: `Close ${connection.id}?`,
    content: [
      el('p', {}, `The connection of ${client(connection)} to listener ${connection.listener}.`),
      field('How', choice('mode', MODES, mode)),
      reason(),
    ],
    confirm: 'Close it',
    danger: true,
    submit: async (values) => {
      await change('DELETE', `connections/${encodeURIComponent(connection.id)}`, { parameters: values });
      page.notice(`${connection.id} was told to close.`);
      done();
    },
  });
}

/** Says how many connections a filter matches, and closes them if they are still as many when it is confirmed. */
export function closeMatching(page, filter, done) {
  const found = el('p', { class: 'found', role: 'status' }, 'Counting…');
  let planned = null;
  let turn = 0;
  const dialog = ask({
    title: 'Close what the filter matches',
    content: [
      found,
      field('How', choice('mode', MODES, 'graceful')),
      field('Pace', el('input', { name: 'closesPerSecond', type: 'number', min: 0, max: 1000000, placeholder: 'as is usual' }),
        'Closes in a second; 0 is all at once. Usual: many are closed 100 a second.'),
      reason(),
    ],
    confirm: 'Close',
    danger: true,
    submit: async (values) => {
      try {
        const closed = await change('DELETE', 'connections', { parameters: { ...filter, ...values, expect: planned.matched } });
        page.notice(closed.state === 'RUNNING' ? `${number(closed.matched, 'connection')} will be closed.`
          : `${number(closed.closed, 'connection')} told to close.`);
        done();
      } catch (problem) {
        setTimeout(dryRun);
        throw problem;
      }
    },
  });

  /** Nothing is closed by it; it also says how long the pace will take. Only the latest counts: answers may overtake each other. */
  async function dryRun() {
    const mine = ++turn;
    planned = null;
    dialog.button.disabled = true;
    const { mode, closesPerSecond } = dialog.values();
    try {
      const plan = await change('DELETE', 'connections', { parameters: { ...filter, mode, closesPerSecond, dryRun: true } });
      if (mine !== turn) {
        return;
      }
      planned = plan;
      say(found, `${number(planned.matched, 'connection')} ${planned.matched === 1 ? 'matches' : 'match'} ${planned.filter}`
        + `${planned.takesSeconds > 0 ? `; to close them takes ${span(planned.takesSeconds)}` : ''}.`);
      say(dialog.button, `Close ${number(planned.matched, 'connection')}`);
      dialog.button.disabled = planned.matched === 0;
    } catch (problem) {
      if (mine === turn) {
        say(found, 'How many match is not known.');
        dialog.objection(problem);
      }
    }
  }

  dialog.dialog.addEventListener('change', (event) => {
    if (event.target.name !== 'reason') {
      dryRun();
    }
  });
  dryRun();
}

/** A paced close that runs: how far it is, and a button to call it off. */
export class RunningClose {

  constructor(page) {
    this.page = page;
    this.text = el('p', {});
    this.bar = el('progress', { 'aria-label': 'Connections closed' });
    this.element = el('section', { class: 'card running', 'aria-label': 'Bulk close', hidden: true }, this.text, this.bar,
      page.me.operator && el('button', { type: 'button', click: () => this.#cancel() }, 'Call it off'));
    this.poll = new Poll(1, () => this.#look());
    this.poll.now();
  }

  async #look() {
    try {
      const close = await read('bulkclose');
      const running = close.state === 'RUNNING';
      if (running) {
        say(this.text, `Closing ${close.mode} what matched ${close.filter}: ${count(close.closed)} of ${count(close.matched)} told to close, `
          + `${count(close.waiting)} wait, ${span(close.elapsedSeconds)} of ${span(close.takesSeconds)}${close.reason ? `. Reason: ${close.reason}` : ''}`);
        this.bar.max = close.matched;
        this.bar.value = close.closed;
      } else if (!this.element.hidden) {
        this.page.notice(`The bulk close is ${words(close.state)}: ${count(close.closed)} of ${count(close.matched)} told to close.`,
          close.state === 'DONE' ? 'good' : 'warn');
      }
      show(this.element, running);
    } catch {
      show(this.element, false); // the banner says that the service is away
    }
  }

  #cancel() {
    ask({
      title: 'Call the bulk close off?',
      content: [el('p', {}, 'Who has not had a turn stays connected.'), reason()],
      confirm: 'Call it off',
      submit: async (values) => {
        await change('DELETE', 'bulkclose', { parameters: values });
        await this.#look();
      },
    });
  }

  close() {
    this.poll.close();
  }

}
