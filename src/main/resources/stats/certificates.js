// The certificates in use, those that end first at the top.

import { read } from './api.js';
import { el, say, show } from './dom.js';
import { count, day, words } from './format.js';
import { Poll } from './poll.js';
import { Table } from './table.js';

const TONES = { VALID: 'good', WILL_EXPIRE_SOON: 'warn', EXPIRED: 'bad', NOT_YET_VALID: 'bad' };

const COLUMNS = [
  { label: 'Days left', numeric: true, cell: (each) => count(each.daysLeft) },
  { label: 'Status', cell: (each) => el('span', { class: 'tag', 'data-tone': TONES[each.status] }, words(each.status)) },
  { label: 'Subject', cell: (each) => each.subject },
  { label: 'Issuer', cell: (each) => each.issuer },
  { label: 'Valid from', brief: true, cell: (each) => day(each.validFrom) },
  { label: 'Valid until', brief: true, cell: (each) => day(each.validUntil) },
  { label: 'Bundle', cell: (each) => each.bundle },
  { label: 'Used by', cell: (each) => each.usedBy.join(', ') || 'nobody' },
  { label: 'Last reload', cell: (each) => each.stale ? el('span', { class: 'bad' }, each.stale) : 'in order' },
];

export function certificates() {
  const table = new Table({ caption: 'Certificates', columns: COLUMNS, key: (each) => `${each.bundle} ${each.alias} ${each.subject}` });
  const problem = el('p', { class: 'problem', role: 'alert', hidden: true });
  const poll = new Poll(30, async () => {
    try {
      const answer = await read('certificates');
      table.show(answer.certificates, null, 'No certificate is in use: the listeners and the admin API are without TLS.');
      show(problem, false);
    } catch (error) {
      say(problem, error.message);
      show(problem, true);
    }
  });
  poll.now();
  return {
    element: el('div', { class: 'view' }, el('h1', {}, 'Certificates'), problem, table.element),
    close: () => poll.close(),
  };
}
