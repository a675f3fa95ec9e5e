// The stream of samples. It reconnects by itself, and says how the service ended when it did.

import { whoAmI } from './api.js';

const RETRY_MILLIS = 3000;

/** A sample comes each second: after so long without, nobody is there, though the connection has not ended. */
const SILENCE_MILLIS = 10000;

/**
 * Reads the stream for as long as the page is open.
 * @param sample called for each sample, those of the past first
 * @param state called with "live", "lost" (it is tried again) or "ended" and what the service said at its end
 */
export function follow(sample, state) {
  let ended = null;
  let source = null;
  let silence = null;

  function open() {
    source = new EventSource('stream');
    let before = false;
    source.addEventListener('open', () => {
      heard();
      if (before) {
        whoAmI().catch(() => {}); // another login has another token; what is wrong, the next change tells
      }
      before = true;
    });
    source.addEventListener('sample', (event) => {
      heard();
      ended = null;
      state('live');
      sample(JSON.parse(event.data));
    });
    source.addEventListener('end', (event) => {
      ended = JSON.parse(event.data);
      close();
      state('ended', ended);
      setTimeout(comeBack, RETRY_MILLIS);
    });
    source.addEventListener('error', () => {
      clearTimeout(silence);
      away();
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(comeBack, RETRY_MILLIS);
      }
    });
  }

  function close() {
    clearTimeout(silence);
    source.close();
  }

  function away() {
    state(ended ? 'ended' : 'lost', ended);
  }

  function heard() {
    clearTimeout(silence);
    silence = setTimeout(() => {
      close();
      away();
      comeBack();
    }, SILENCE_MILLIS);
  }

  /** After an answer that was no stream: the login may be over, which asking finds out. */
  async function comeBack() {
    try {
      await whoAmI();
      open();
    } catch {
      setTimeout(comeBack, RETRY_MILLIS);
    }
  }

  open();
  addEventListener('pagehide', close);
  // Taken from the browser's memory by its Back, the page would stand still, whoever is logged in by now.
  addEventListener('pageshow', (event) => event.persisted && location.reload());
}
