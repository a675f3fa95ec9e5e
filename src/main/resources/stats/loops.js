// The event loops, and the memory.

import { el, KeyedRows, say } from './dom.js';
import { facts, updateFacts } from './facts.js';
import { bytes, millis } from './format.js';
import { TimeChart } from './time-chart.js';

export class Loops {

  constructor() {
    const list = el('ul', { class: 'loops' });
    this.rows = new KeyedRows(list, (index) => new Loop(index));
    this.memory = facts([]);
    this.heap = el('progress', { 'aria-label': 'Heap in use' });
    this.chart = new TimeChart('Memory', [{ name: 'Resident', tone: 'accent' }, { name: 'Heap', tone: 'good' }, { name: 'Direct', tone: 'warn' }],
      { format: bytes });
    this.element = el('div', { class: 'columns' },
      el('section', { class: 'card' }, el('h2', {}, 'Event loops'), list),
      el('section', { class: 'card memory' }, el('h2', {}, 'Memory'), this.memory, this.heap, this.chart.element));
  }

  update(samples) {
    const { loops, memory } = samples.latest;
    const rows = this.rows.update(loops.map((_, index) => index));
    loops.forEach((loop, index) => rows.get(index).update(loop, samples));
    updateFacts(this.memory, [
      ['Heap', `${bytes(memory.heapUsed)} of ${bytes(memory.heapMax)}`],
      ['Direct', bytes(memory.direct)],
      ['Resident', bytes(memory.resident)],
    ]);
    this.heap.max = memory.heapMax ?? memory.heapUsed;
    this.heap.value = memory.heapUsed;
    this.chart.draw(...['resident', 'heapUsed', 'direct'].map((figure) => samples.series((sample) => sample.memory[figure])));
  }

  close() {
    this.rows.close();
    this.chart.close();
  }

}

class Loop {

  constructor(index) {
    this.index = index;
    this.lag = el('span', { class: 'figure-small' });
    this.busy = el('span', { class: 'muted' });
    this.chart = new TimeChart(`Lag of event loop ${index + 1}`, [{ name: 'Lag', tone: 'warn' }], { format: millis });
    this.element = el('li', {}, el('span', {}, `Loop ${index + 1}`), this.lag, this.busy, this.chart.element);
  }

  update(loop, samples) {
    say(this.lag, millis(loop.lagSeconds * 1000));
    say(this.busy, loop.utilisation === null || loop.utilisation === undefined ? '' : `${Math.round(loop.utilisation * 100)} % busy`);
    this.chart.draw(samples.series((sample) => lagOf(sample.loops[this.index])));
  }

  close() {
    this.chart.close();
  }

}

function lagOf(loop) {
  return loop ? loop.lagSeconds * 1000 : null;
}
