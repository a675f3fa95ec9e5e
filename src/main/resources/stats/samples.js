// The samples of the last fifteen minutes, one a second, as the stream brought them.

export const KEPT_MILLIS = 15 * 60 * 1000;

/** A second may be late, two missing ones are a gap. */
const GAP_MILLIS = 3500;

export class Samples {

  #kept = [];

  get latest() {
    return this.#kept.at(-1);
  }

  /** Adds a sample. Those of a service that was started anew, or whose clock was set back, do not go with those from before. */
  add(sample) {
    const at = Date.parse(sample.at);
    if (this.latest && (this.latest.start !== sample.start
      || at <= this.latest.millis && sample.uptimeSeconds > this.latest.uptimeSeconds)) {
      this.#kept = [];
    }
    if (this.latest && at <= this.latest.millis) {
      return; // the history, once more
    }
    this.#kept.push({ ...sample, millis: at });
    const oldest = at - KEPT_MILLIS;
    if (this.#kept[0].millis < oldest) {
      this.#kept.splice(0, this.#kept.findIndex((each) => each.millis >= oldest));
    }
  }

  /** One figure over time; NaN where seconds are missing, so that no line is drawn across. */
  series(figure) {
    const points = [];
    let before = null;
    for (const sample of this.#kept) {
      if (before && sample.millis - before.millis > GAP_MILLIS) {
        points.push({ x: before.millis + 1, y: NaN });
      }
      points.push({ x: sample.millis, y: figure(sample) ?? NaN });
      before = sample;
    }
    return points;
  }

}

/** The sum over all listeners of a sample. */
export function total(sample, figure) {
  return sample.listeners.reduce((sum, listener) => sum + figure(listener), 0);
}
