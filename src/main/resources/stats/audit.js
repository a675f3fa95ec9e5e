// The last changes, and who was refused.

import { read } from './api.js';
import { el, say, show } from './dom.js';
import { choice, field } from './fields.js';
import { moment, words } from './format.js';
import { Poll } from './poll.js';
import { Table } from './table.js';

const SHOWN = 200;

const WHEN = { label: 'When', brief: true, cell: (event) => moment(event.timestamp) };
const WHO = { label: 'Who', cell: (event) => event.principal };
const WHAT = { label: 'What', cell: (event) => event.data.what ?? '–' };
const SOURCE = { label: 'From', cell: (event) => event.data.source ?? '–' };

const CHANGES = [WHEN, { label: 'Change', cell: (event) => el('span', { class: 'tag', 'data-tone': 'plain' }, words(event.type)) },
  WHO, WHAT, { label: 'Reason', cell: (event) => event.data.reason ?? '–' }, SOURCE];

const REFUSALS = [WHEN, WHO, WHAT, { label: 'Why', cell: (event) => event.data.why },
  { label: 'Times', numeric: true, cell: (event) => event.data.times }, SOURCE];

export function audit(page) {
  const kind = choice('type', { '': 'changes', REFUSED: 'refusals' }, page.query.type ?? '');
  kind.addEventListener('change', () => {
    page.remember({ type: kind.value });
    poll.now();
  });
  const key = (event) => `${event.timestamp} ${event.principal} ${event.type} ${event.data.what}`;
  const changes = new Table({ caption: 'Changes', columns: CHANGES, key });
  const refusals = new Table({ caption: 'Refusals', columns: REFUSALS, key });
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  const poll = new Poll(3, look);

  async function look() {
    const asked = kind.value;
    const refused = asked !== '';
    try {
      const { events } = await read('auditevents', { type: asked });
      if (asked !== kind.value) {
        return; // something else is asked for by now, and may be answered already
      }
      (refused ? refusals : changes).show(events.reverse().slice(0, SHOWN), null,
        refused ? 'Nobody was refused.' : 'Nothing was changed since the start.');
      show(changes.element, !refused);
      show(refusals.element, refused);
      show(problem, false);
    } catch (error) {
      say(problem, error.message);
      show(problem, true);
    }
  }

  poll.now();
  return {
    element: el('div', { class: 'view' }, el('h1', {}, 'Audit'), el('div', { class: 'filter' }, field('Show', kind)), problem,
      changes.element, refusals.element),
    close: () => poll.close(),
  };
}
