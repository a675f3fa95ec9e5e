// The connections that have ended, and why.

import { client, encryption } from './connection.js';
import { el } from './dom.js';
import { facts, updateFacts } from './facts.js';
import { choice, field } from './fields.js';
import { clientField, Filter, ListenerChoice, timeField } from './filter.js';
import { bytes, count, moment, span, words } from './format.js';
import { Listing } from './listing.js';
import { Table } from './table.js';

/** Why connections end, as the service names it. */
const REASONS = ['PEER_CLOSED', 'PEER_RESET', 'PEER_VANISHED', 'OPERATOR_CLOSED', 'OPERATOR_RESET', 'DRAINED', 'DRAIN_DEADLINE',
  'CLOSED', 'LISTENER_STOPPED', 'READ_TIMEOUT', 'IDLE_TIMEOUT', 'MAX_AGE', 'FRAME_TOO_LONG', 'TRUNCATED_FRAME', 'INVALID_MESSAGE',
  'SERVICE_FAILED', 'UPSTREAM', 'SLOW_READER', 'PROCESS_ENDED', 'TLS_HANDSHAKE', 'TLS_TRUNCATED', 'PROXY_INVALID', 'PROXY_UNTRUSTED',
  'HANDSHAKE_TIMEOUT', 'MEMORY_SHORT', 'IO_ERROR'];

/** Ends that are nobody's fault. */
const ORDERLY = ['PEER_CLOSED', 'OPERATOR_CLOSED', 'DRAINED', 'CLOSED', 'LISTENER_STOPPED', 'MAX_AGE', 'IDLE_TIMEOUT', 'PROCESS_ENDED'];

const COLUMNS = [
  { label: 'Id', cell: (each) => each.id },
  { label: 'Client', cell: client },
  { label: 'Listener', cell: (each) => each.listener },
  { label: 'Closed', sort: 'closedAt', brief: true, cell: (each) => moment(each.closedAt) },
  { label: 'Reason', cell: (each) => el('span', { class: 'tag', 'data-tone': ORDERLY.includes(each.reason) ? 'plain' : 'warn' }, words(each.reason)) },
  { label: 'Open for', sort: 'duration', numeric: true, cell: (each) => span(each.durationSeconds) },
  { label: 'Received', sort: 'bytesReceived', numeric: true, cell: (each) => bytes(each.bytesReceived) },
  { label: 'Sent', sort: 'bytesSent', numeric: true, cell: (each) => bytes(each.bytesSent) },
  { label: 'Messages', sort: 'messages', numeric: true, cell: (each) => count(each.messages) },
];

function known(connection) {
  return [
    ['Reason', words(connection.reason)],
    ['What was said', connection.note],
    ['First signal', words(connection.firstSignal)],
    ['Peer', connection.peer],
    ['Proxy for', connection.proxied],
    ['Our end', connection.local],
    ['Opened', moment(connection.openedAt)],
    ['Received', `${count(connection.bytesReceived)} bytes`],
    ['Sent', `${count(connection.bytesSent)} bytes`],
    ...encryption(connection.tls),
  ];
}

function details(connection) {
  const list = facts(known(connection));
  return { element: el('div', { class: 'known' }, list), update: (now) => updateFacts(list, known(now)) };
}

export function closed(page) {
  const listeners = new ListenerChoice(page.query.listener);
  const filter = new Filter('Closed connections', [
    field('Listener', listeners.element),
    clientField(),
    field('Reason', choice('reason', { '': 'all', ...Object.fromEntries(REASONS.map((reason) => [reason, words(reason)])) })),
    timeField('Closed within', 'since', '5m'),
  ], () => listing.find({ offset: 0 }));
  const table = new Table({ caption: 'Closed connections', columns: COLUMNS, key: (one) => one.id, details,
    sorted: (sort) => listing.find({ sort }) });
  const listing = new Listing(page, 'closedconnections', filter, () => 'closed connections', (found, sort) =>
    table.show(found.connections, sort ?? '-closedAt', found.total > 0 ? 'None matches.' : 'None has ended yet.'));

  return {
    element: el('div', { class: 'view' }, el('h1', {}, 'Closed connections'), filter.element, listing.problem,
      el('div', { class: 'above' }, listing.pager.element), table.element),
    update: (samples) => listeners.update(samples.latest.listeners.map((listener) => listener.name)),
    close: () => listing.close(),
  };
}
