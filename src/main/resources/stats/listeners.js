// The listeners, a row each: what they are and what goes through them.

import { el, fill, KeyedRows, say, show } from './dom.js';
import { bytes, count, millis, number, rate, span, words } from './format.js';
import { pauseOrResume, probe } from './listener-actions.js';
import { TimeChart } from './time-chart.js';

const TONES = { ACCEPTING: 'good', PAUSED: 'warn', STOPPED: 'bad' };

const HEADS = ['Listener', 'State', 'Connections', 'Accepts /s', 'Messages /s', 'In /s', 'Out /s', 'Refused', 'Probe', 'Connections, 15 min'];

const NUMERIC = new Set(HEADS.slice(2, 9));

export class Listeners {

  constructor(page) {
    const operator = page.me.operator;
    const heads = operator ? [...HEADS, 'Actions'] : HEADS;
    this.leftOut = el('p', { class: 'muted', hidden: true });
    const body = el('tbody', {});
    this.rows = new KeyedRows(body, (name) => new Row(page, name));
    this.element = el('section', { class: 'card', 'aria-labelledby': 'listeners' }, el('h2', { id: 'listeners' }, 'Listeners'),
      el('div', { class: 'table' }, el('table', { class: 'listeners' }, el('caption', { class: 'hidden' }, 'Listeners'),
        el('thead', {}, el('tr', {}, heads.map((head) => el('th', { scope: 'col', class: NUMERIC.has(head) ? 'numeric' : null }, head)))),
        body)), this.leftOut);
  }

  update(samples) {
    const { listeners, listenersLeftOut } = samples.latest;
    const rows = this.rows.update(listeners.map((listener) => listener.name));
    listeners.forEach((listener) => rows.get(listener.name).update(listener, samples));
    show(this.leftOut, listenersLeftOut > 0);
    say(this.leftOut, `${number(listenersLeftOut, 'listener')} more: see the endpoint listeners.`);
  }

  close() {
    this.rows.close();
  }

}

class Row {

  constructor(page, name) {
    this.name = name;
    this.address = el('span', { class: 'muted' });
    this.tls = el('span', { class: 'tag', 'data-tone': 'plain', hidden: true }, 'TLS');
    this.state = el('span', { class: 'tag' });
    this.active = el('b', {});
    this.peak = el('span', { class: 'muted' });
    this.rates = HEADS.slice(3, 7).map(() => el('span', {}));
    this.refused = el('span', {});
    this.probed = el('span', {});
    this.chart = new TimeChart(`Connections of ${name}`, [{ name: 'Connections', tone: 'accent' }], { format: count });
    this.toggle = el('button', { type: 'button', click: () => pauseOrResume(page, this.latest) });
    const cells = [
      [el('a', { href: `#/connections?listener=${encodeURIComponent(name)}` }, name), ' ', this.tls, this.address],
      this.state, el('div', {}, this.active, ' ', this.peak), ...this.rates, this.refused, this.probed, this.chart.element,
    ];
    if (page.me.operator) {
      cells.push(el('div', { class: 'buttons' }, this.toggle,
        el('button', { type: 'button', 'aria-label': `Probe ${name}`, click: () => probe(page, this.latest) }, 'Probe')));
    }
    const heads = [...HEADS, 'Actions'];
    this.element = el('tr', {}, cells.map((cell, index) => index === 0 ? el('th', { scope: 'row' }, cell)
      : el('td', { 'data-label': heads[index], class: NUMERIC.has(heads[index]) ? 'numeric' : null }, cell)));
  }

  update(listener, samples) {
    this.latest = listener;
    say(this.address, listener.address.includes(':') ? `[${listener.address}]:${listener.port}` : `${listener.address}:${listener.port}`);
    show(this.tls, listener.tls);
    say(this.state, words(listener.state));
    this.state.dataset.tone = TONES[listener.state];
    say(this.active, count(listener.active));
    say(this.peak, `of ${count(listener.peak)} at most${listener.arriving > 0 ? `, ${count(listener.arriving)} arriving` : ''}`);
    [rate(listener.acceptsPerSecond), rate(listener.messagesPerSecond), bytes(listener.receivedPerSecond), bytes(listener.sentPerSecond)]
      .forEach((text, index) => say(this.rates[index], text));
    this.#showRefused(listener.refused);
    this.#showProbe(listener.probe, samples.latest.millis);
    this.chart.draw(samples.series((sample) => sample.listeners.find((each) => each.name === this.name)?.active));
    const accepting = listener.state === 'ACCEPTING';
    say(this.toggle, accepting ? 'Pause' : 'Resume');
    this.toggle.setAttribute('aria-label', `${accepting ? 'Pause' : 'Resume'} ${this.name}`);
  }

  #showRefused(refused) {
    const reasons = Object.entries(refused);
    const text = JSON.stringify(refused);
    if (this.refusedText !== text) {
      this.refusedText = text;
      fill(this.refused, reasons.length === 0 ? '0'
        : reasons.map(([reason, times]) => el('span', { class: 'line' }, `${count(times)} `, el('small', { class: 'muted' }, words(reason)))));
    }
  }

  /** By the service's clock: the browser's may be another. */
  #showProbe(probed, now) {
    say(this.probed, !probed ? '–' : probed.echoed ? millis(probed.medianSeconds * 1000) : 'failed');
    this.probed.className = probed && !probed.echoed ? 'bad' : '';
    this.probed.title = !probed ? 'Not probed yet'
      : `${span(Math.max(0, now - Date.parse(probed.at)) / 1000)} ago${probed.error ? `: ${probed.error}` : ''}`;
  }

  close() {
    this.chart.close();
  }

}
