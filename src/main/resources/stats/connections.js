// The open connections: filtered, sorted and cut into pages by the service, however many there are.

import { closeMatching, closeOne, RunningClose } from './closing.js';
import { ADDRESS_COLUMNS, COLUMNS, details } from './connection.js';
import { el, show } from './dom.js';
import { choice, field } from './fields.js';
import { clientField, Filter, ListenerChoice, timeField } from './filter.js';
import { Listing } from './listing.js';
import { Table } from './table.js';

/** What chooses connections; the rest of what is asked for says how they are shown. */
const CHOOSING = ['listener', 'peer', 'idleFor', 'olderThan', 'state'];

export function connections(page) {
  const listeners = new ListenerChoice(page.query.listener);
  const filter = new Filter('Connections', [
    field('Listener', listeners.element),
    clientField(),
    timeField('Idle for', 'idleFor', '30s'),
    timeField('Older than', 'olderThan', '5m'),
    field('State', choice('state', { '': 'all', OPEN: 'open', CLOSING: 'closing' })),
    field('Show', choice('by', { '': 'each', peer: 'by address' })),
  ], again);
  const sorted = (sort) => listing.find({ sort });
  const each = new Table({ caption: 'Open connections', columns: COLUMNS, key: (one) => one.id, details: open, sorted });
  const addresses = new Table({ caption: 'Connections by address', key: (one) => one.peer,
    columns: [{ label: 'Address', cell: addressLink }, ...ADDRESS_COLUMNS], sorted });
  const closeAll = page.me.operator && el('button', { type: 'button', class: 'danger', disabled: true,
    click: () => closeMatching(page, chosen(), () => listing.look()) }, 'Close what matches…');
  const running = new RunningClose(page);
  const listing = new Listing(page, 'connections', filter, (found) => found.peers ? 'addresses' : 'connections', shown);

  function open(connection) {
    const button = (mode, text) => el('button', { type: 'button', class: 'danger',
      click: () => closeOne(page, connection, mode, () => listing.look()) }, text);
    return details(connection, page.me.operator ? [button('graceful', 'Close…'), button('reset', 'Reset…')] : []);
  }

  function addressLink(one) {
    return el('a', { href: `#/connections?peer=${encodeURIComponent(one.peer)}` }, one.peer);
  }

  function chosen() {
    return Object.fromEntries(Object.entries(filter.values).filter(([name]) => CHOOSING.includes(name)));
  }

  /** Something else is asked for: from the first page on. The two tables have orders of their own. */
  function again() {
    listing.find({ offset: 0, sort: filter.values.by === listing.asked.by ? listing.sort : undefined });
  }

  function shown(found, sort) {
    const byAddress = Boolean(found.peers);
    show(each.element, !byAddress);
    show(addresses.element, byAddress);
    if (byAddress) {
      addresses.show(found.peers, sort ?? '-connections', 'No address matches.');
    } else {
      each.show(found.connections, sort ?? 'openedAt', found.total > 0 ? 'No connection matches.' : 'Nobody is connected.');
    }
    if (closeAll) {
      closeAll.disabled = Object.keys(chosen()).length === 0;
      closeAll.title = closeAll.disabled ? 'A filter chooses what is closed.' : '';
    }
  }

  return {
    element: el('div', { class: 'view' }, el('h1', {}, 'Connections'), filter.element, listing.problem, running.element,
      el('div', { class: 'above' }, listing.pager.element, closeAll), each.element, addresses.element),
    update: (samples) => listeners.update(samples.latest.listeners.map((listener) => listener.name)),
    close: () => {
      listing.close();
      running.close();
    },
  };
}
