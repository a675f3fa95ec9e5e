// Repeats a task while somebody looks, unless they hold the page.

let held = false;

/** Holds all that changes by itself, so that it can be read in peace, or lets it go on. */
export function hold(on) {
  held = on;
}

export function isHeld() {
  return held;
}

export class Poll {

  #timer = null;
  #closed = false;

  /** @param task asynchronous; the next time is reckoned from its end. It handles its own failures */
  constructor(seconds, task) {
    this.millis = seconds * 1000;
    this.task = task;
  }

  /** Runs the task now, and then again and again. */
  async now() {
    clearInterval(this.#timer);
    this.#timer = null;
    await this.task();
    if (!this.#closed && this.#timer === null) {
      this.#timer = setInterval(() => this.#again(), this.millis);
    }
  }

  #again() {
    if (!document.hidden && !held) {
      this.now();
    }
  }

  close() {
    this.#closed = true;
    clearInterval(this.#timer);
  }

}
