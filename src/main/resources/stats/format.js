// How figures are written: short, and never wider than they need be.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

const UNKNOWN = '–';

function known(value) {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

/** A count, in full: 15,000. */
export function count(value) {
  return known(value) ? whole.format(value) : UNKNOWN;
}

/** Something a second: 12,345 as 12.3 k. */
export function rate(value) {
  return known(value) ? scaled(value, 1000, ['', ' k', ' M', ' G']) : UNKNOWN;
}

/** Bytes, by powers of 1,024, as the properties have them: 64 KB. */
export function bytes(value) {
  return known(value) ? scaled(value, 1024, [' B', ' KB', ' MB', ' GB', ' TB']) : UNKNOWN;
}

function scaled(value, step, units) {
  let scale = 0;
  let rest = value;
  while (Math.abs(rest) >= step && scale < units.length - 1) {
    rest /= step;
    scale++;
  }
  return (rest >= 100 || scale === 0 ? whole : short).format(rest) + units[scale];
}

/** A time span in seconds, by its two largest units: 3 h 12 min. */
export function span(seconds) {
  if (!known(seconds)) {
    return UNKNOWN;
  }
  if (seconds < 10) {
    return Number.isInteger(seconds) ? `${seconds} s` : `${seconds.toFixed(1)} s`;
  }
  const rest = Math.floor(seconds);
  if (rest < 60) {
    return `${rest} s`;
  }
  if (rest < 3600) {
    return two(Math.floor(rest / 60), 'min', rest % 60, 's');
  }
  if (rest < 86400) {
    return two(Math.floor(rest / 3600), 'h', Math.floor(rest % 3600 / 60), 'min');
  }
  return two(Math.floor(rest / 86400), 'd', Math.floor(rest % 86400 / 3600), 'h');
}

function two(large, unit, small, smallUnit) {
  return small > 0 ? `${whole.format(large)} ${unit} ${small} ${smallUnit}` : `${whole.format(large)} ${unit}`;
}

/** A short time in milliseconds: 180 µs, 2.4 ms. */
export function millis(value) {
  if (!known(value)) {
    return UNKNOWN;
  }
  return value < 1 ? `${whole.format(value * 1000)} µs` : `${short.format(value)} ms`;
}

/** The time of day; of another day, with its date. */
export function moment(instant) {
  if (!instant) {
    return UNKNOWN;
  }
  const when = new Date(instant);
  return (when.toDateString() === new Date().toDateString() ? time : dateAndTime).format(when);
}

export function day(instant) {
  return instant ? date.format(new Date(instant)) : UNKNOWN;
}

const ABBREVIATIONS = /\b(fin|io|proxy|rst|tls)\b/g;

/** A constant as words: PEER_CLOSED as "peer closed", OUR_FIN as "our FIN". */
export function words(constant) {
  return constant ? constant.toLowerCase().replaceAll('_', ' ').replace(ABBREVIATIONS, (name) => name.toUpperCase()) : UNKNOWN;
}

/** A number of things: "1 connection", "3 connections". */
export function number(value, noun, plural = `${noun}s`) {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}
