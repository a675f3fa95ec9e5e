// Charts of the last fifteen minutes, drawn by chart.js, and told in words to who does not see them.

import { el } from './dom.js';
import { KEPT_MILLIS } from './samples.js';

const MINUTE = 60 * 1000;

const Chart = globalThis.Chart;
const charts = new Set();

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

addEventListener('themechange', () => charts.forEach((chart) => chart.recolour()));

/** Lines over time: a sparkline, or with axes a chart. */
export class TimeChart {

  /**
   * @param lines for each its name, and its tone, a class that gives it a colour
   * @param format how a value is written
   * @param axes whether there are axes and tooltips
   */
  constructor(label, lines, { format, axes = false }) {
    this.label = label;
    this.lines = lines;
    this.format = format;
    this.canvas = el('canvas', { role: 'img', 'aria-label': label });
    this.element = el('div', { class: axes ? 'chart' : 'sparkline' }, this.canvas,
      lines.map((line) => el('span', { class: `tone ${line.tone}`, hidden: true })));
    this.chart = new Chart(this.canvas, {
      type: 'line',
      data: { datasets: lines.map((line) => ({ label: line.name, data: [], borderWidth: axes ? 1.75 : 1.25, fill: lines.length === 1 })) },
      options: options(format, axes),
    });
    charts.add(this);
  }

  /** Draws points {x: milliseconds, y}, one series for each line. */
  draw(...series) {
    if (!this.coloured && this.element.isConnected) {
      this.colour();
    }
    const [past] = series;
    const now = past.at(-1)?.x ?? 0;
    // Of a service that began a short time ago there is less to show.
    this.chart.options.scales.x.min = Math.max(now - KEPT_MILLIS, Math.min(past[0]?.x ?? 0, now - MINUTE));
    this.chart.options.scales.x.max = now;
    series.forEach((points, index) => {
      this.chart.data.datasets[index].data = points;
    });
    this.chart.update('none');
    this.describe(series);
  }

  describe(series) {
    const told = series.map((points, index) => {
      const values = points.map((point) => point.y).filter((value) => !Number.isNaN(value));
      if (values.length === 0) {
        return `${this.lines[index].name}: nothing yet`;
      }
      return `${this.lines[index].name}: now ${this.format(values.at(-1))}, least ${this.format(Math.min(...values))}, `
        + `most ${this.format(Math.max(...values))}`;
    });
    const text = `${this.label}, last 15 minutes. ${told.join('. ')}`;
    if (this.canvas.getAttribute('aria-label') !== text) {
      this.canvas.setAttribute('aria-label', text);
    }
  }

  /** Takes the colours from the style sheet. */
  colour() {
    const around = getComputedStyle(this.element);
    this.element.querySelectorAll('.tone').forEach((tone, index) => {
      const { color } = getComputedStyle(tone);
      this.chart.data.datasets[index].borderColor = color;
      this.chart.data.datasets[index].backgroundColor = color.replace(')', ', 0.14)').replace('rgb(', 'rgba(');
    });
    for (const scale of Object.values(this.chart.options.scales)) {
      scale.ticks.color = around.color;
      scale.grid.color = around.borderTopColor;
    }
    this.coloured = true;
  }

  recolour() {
    if (this.element.isConnected) {
      this.colour();
      this.chart.update('none');
    }
  }

  close() {
    charts.delete(this);
    this.chart.destroy();
  }

}

/** Marks each minute, or each third where there are many. */
function wholeMinutes(scale) {
  const step = (scale.max - scale.min > 6 * MINUTE ? 3 : 1) * MINUTE;
  scale.ticks = [];
  for (let at = Math.ceil(scale.min / step) * step; at <= scale.max; at += step) {
    scale.ticks.push({ value: at });
  }
}

function options(format, axes) {
  const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
  const precise = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
  return {
    animation: false,
    events: axes ? ['mousemove', 'mouseout', 'touchstart'] : [],
    interaction: { mode: 'index', intersect: false },
    maintainAspectRatio: false,
    normalized: true,
    parsing: false,
    elements: { point: { radius: 0, hoverRadius: axes ? 3 : 0 }, line: { tension: 0 } },
    layout: { padding: axes ? 0 : { top: 2, bottom: 1 } },
    plugins: {
      legend: { display: false },
      tooltip: {
        enabled: axes,
        callbacks: {
          title: (items) => precise.format(items[0].parsed.x),
          label: (item) => `${item.dataset.label}: ${format(item.parsed.y)}`,
        },
      },
    },
    scales: {
      x: {
        type: 'linear',
        display: axes,
        border: { display: false },
        grid: { display: false },
        ticks: { callback: (value) => clock.format(value), maxRotation: 0, autoSkipPadding: 24 },
        afterBuildTicks: wholeMinutes,
      },
      y: {
        beginAtZero: true,
        suggestedMax: 1,
        display: axes,
        border: { display: false },
        grid: {},
        ticks: { callback: (value) => format(value), maxTicksLimit: 5, precision: 0 },
        // The same width whatever the figures: the chart does not jump.
        afterFit: (scale) => {
          scale.width = axes ? 56 : 0;
        },
      },
    },
  };
}
