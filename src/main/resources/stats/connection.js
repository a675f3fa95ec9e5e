// How a connection is shown: in a row, and with all that is known of it.

import { facts, updateFacts } from './facts.js';
import { el } from './dom.js';
import { bytes, count, moment, rate, span, words } from './format.js';

/** Who is served: whom the proxy stands for, or the peer. */
export function client(connection) {
  return connection.proxied ?? connection.peer;
}

export const COLUMNS = [
  { label: 'Id', cell: (each) => each.id },
  { label: 'Client', cell: client },
  { label: 'Listener', cell: (each) => each.listener },
  { label: 'State', cell: (each) => words(each.state) },
  { label: 'Opened', sort: 'openedAt', brief: true, cell: (each) => moment(each.openedAt) },
  { label: 'Idle', sort: 'idleFor', numeric: true, cell: (each) => span(each.idleForSeconds) },
  { label: 'Received', sort: 'bytesReceived', numeric: true, cell: (each) => bytes(each.bytesReceived) },
  { label: 'Sent', sort: 'bytesSent', numeric: true, cell: (each) => bytes(each.bytesSent) },
  { label: 'In /s', sort: 'receivedPerSecond', numeric: true, cell: (each) => bytes(each.receivedPerSecond) },
  { label: 'Messages', sort: 'messages', numeric: true, cell: (each) => count(each.messages) },
  { label: 'Pending', sort: 'pendingBytes', numeric: true, cell: (each) => bytes(each.pendingBytes) },
];

/** All that is known of an open connection, with what an operator can do to it. */
export function details(connection, actions) {
  const list = facts(known(connection));
  return {
    element: el('div', { class: 'known' }, list, actions.length > 0 && el('div', { class: 'buttons' }, actions)),
    update: (now) => updateFacts(list, known(now)),
  };
}

function known(connection) {
  return [
    ['Peer', connection.peer],
    ['Proxy for', connection.proxied],
    ['Our end', connection.local],
    ['Open for', span((Date.now() - Date.parse(connection.openedAt)) / 1000)],
    ['Received', `${count(connection.bytesReceived)} bytes, ${bytes(connection.receivedPerSecond)} a second`],
    ['Sent', `${count(connection.bytesSent)} bytes, ${bytes(connection.sentPerSecond)} a second`],
    ['Waits for the peer', bytes(connection.pendingBytes)],
    ['Messages', count(connection.messages)],
    ...encryption(connection.tls),
  ];
}

/** What TLS agreed on. */
export function encryption(tls) {
  return tls ? [
    ['TLS', `${tls.version}, ${tls.cipherSuite}${tls.resumed ? ', resumed' : ''}`],
    ['Server name', tls.serverName],
    ['Client certificate', tls.clientSubject],
  ] : [['TLS', 'none']];
}

/** What the connections of one address amount to. */
export const ADDRESS_COLUMNS = [
  { label: 'Connections', sort: 'connections', numeric: true, cell: (each) => count(each.connections) },
  { label: 'Received', sort: 'bytesReceived', numeric: true, cell: (each) => bytes(each.bytesReceived) },
  { label: 'Sent', sort: 'bytesSent', numeric: true, cell: (each) => bytes(each.bytesSent) },
  { label: 'In /s', sort: 'receivedPerSecond', numeric: true, cell: (each) => bytes(each.receivedPerSecond) },
  { label: 'Out /s', sort: 'sentPerSecond', numeric: true, cell: (each) => bytes(each.sentPerSecond) },
  { label: 'Messages', sort: 'messages', numeric: true, cell: (each) => rate(each.messages) },
  { label: 'Pending', sort: 'pendingBytes', numeric: true, cell: (each) => bytes(each.pendingBytes) },
];
