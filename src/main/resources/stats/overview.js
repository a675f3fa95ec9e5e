// The service at a glance.

import { el, say, show } from './dom.js';
import { facts, updateFacts } from './facts.js';
import { bytes, count, millis, moment, rate, span, words } from './format.js';
import { Listeners } from './listeners.js';
import { Loops } from './loops.js';
import { total } from './samples.js';
import { TimeChart } from './time-chart.js';
import { Timeline } from './timeline.js';

const perSecond = (value) => `${bytes(value)}/s`;

/** What all listeners amount to: a figure each, with its last fifteen minutes. */
const TILES = [
  { label: 'Connections', tone: 'accent', format: count, figure: (sample) => total(sample, (listener) => listener.active) },
  { label: 'Accepted a second', tone: 'accent', format: rate, figure: (sample) => total(sample, (listener) => listener.acceptsPerSecond) },
  { label: 'Messages a second', tone: 'accent', format: rate, figure: (sample) => total(sample, (listener) => listener.messagesPerSecond) },
  { label: 'Received', tone: 'accent', format: perSecond, figure: (sample) => total(sample, (listener) => listener.receivedPerSecond) },
  { label: 'Refused a second', tone: 'bad', format: rate, figure: (sample) => total(sample, (listener) => listener.refusedPerSecond) },
  { label: 'Event loops’ lag', tone: 'warn', format: millis, figure: lag },
];

/** The lag of the loop that lags most, in milliseconds. */
function lag(sample) {
  return sample.loops.length > 0 ? Math.max(...sample.loops.map((loop) => loop.lagSeconds)) * 1000 : null;
}

class Tile {

  constructor({ label, tone, format, figure }) {
    Object.assign(this, { format, figure });
    this.value = el('p', { class: 'figure' }, '–');
    this.chart = new TimeChart(label, [{ name: label, tone }], { format });
    this.element = el('section', { class: 'card tile' }, el('h2', {}, label), this.value, this.chart.element);
  }

  update(samples) {
    say(this.value, this.format(this.figure(samples.latest)));
    this.chart.draw(samples.series(this.figure));
  }

}

export function overview(page) {
  const timeline = new Timeline();
  const known = facts([]);
  const tiles = TILES.map((tile) => new Tile(tile));
  const listeners = new Listeners(page);
  const loops = new Loops();
  const waiting = el('p', { class: 'empty' }, 'Waiting for the first sample…');
  const content = el('div', { class: 'grid', hidden: true },
    el('section', { class: 'card service', 'aria-label': 'Service' }, timeline.element, known),
    el('div', { class: 'tiles' }, tiles.map((tile) => tile.element)),
    listeners.element, loops.element);

  return {
    element: el('div', { class: 'view' }, el('h1', { class: 'hidden' }, 'Overview'), waiting, content),
    update: (samples) => {
      show(waiting, false);
      show(content, true);
      const now = samples.latest;
      timeline.update(now.drain);
      updateFacts(known, [
        ['Readiness', words(now.readiness)],
        ['Transport', now.transport],
        ['Version', now.version ?? 'not packaged'],
        ['Up for', span(now.uptimeSeconds)],
        ['Started', moment(now.start)],
        ['Listeners', count(now.listeners.length + now.listenersLeftOut)],
      ]);
      tiles.forEach((tile) => tile.update(samples));
      listeners.update(samples);
      loops.update(samples);
    },
    close: () => [...tiles.map((tile) => tile.chart), listeners, loops].forEach((part) => part.close()),
  };
}
