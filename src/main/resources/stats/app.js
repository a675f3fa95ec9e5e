// The frame of the page: who is logged in, which view is shown, and the stream that feeds it.

import { logOut, whoAmI } from './api.js';
import { audit } from './audit.js';
import { certificates } from './certificates.js';
import { closed } from './closed.js';
import { connections } from './connections.js';
import { say, show } from './dom.js';
import { drain } from './drain.js';
import { moment, words } from './format.js';
import { overview } from './overview.js';
import { hold, isHeld } from './poll.js';
import { Samples } from './samples.js';
import { follow } from './stream.js';

/**
 * Each view is a function of the page that returns its element, and may return update(samples), which is called
 * for new samples, and close().
 */
const VIEWS = {
  overview: { title: 'Overview', open: overview },
  connections: { title: 'Connections', open: connections },
  closed: { title: 'Closed connections', open: closed },
  drain: { title: 'Drain', open: drain },
  audit: { title: 'Audit', open: audit },
  certificates: { title: 'Certificates', open: certificates },
};

const TONES = { SERVING: 'good', ANNOUNCED: 'warn', DRAINING: 'warn', DRAINED: 'bad', CANCELLED: 'warn' };

const main = document.getElementById('main');
const samples = new Samples();
let current = null;
let due = false;

/** What views may ask for. */
const page = {
  me: await whoAmI().catch(giveUp),
  samples,

  /** The part of the address that is the view's own. */
  get query() {
    return Object.fromEntries(new URLSearchParams(location.hash.split('?')[1] ?? ''));
  },

  /** Writes the view's own part of the address, for a reload or a colleague. */
  remember(query) {
    const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
    history.replaceState(null, '', `${location.hash.split('?')[0] || '#/overview'}${given ? `?${given}` : ''}`);
  },

  /** Tells a screen reader what came of a question, which eyes see where it stands. */
  tell(text) {
    say(document.getElementById('told'), text);
  },

  /** Tells what was done, to eyes and to screen readers. */
  notice(text, tone = 'good') {
    const notice = document.getElementById('notice');
    say(notice, text);
    notice.dataset.tone = tone;
    clearTimeout(this.forgetting);
    this.forgetting = setTimeout(() => say(notice, ''), 8000);
  },
};

/** Without knowing who looks there is nothing to show. */
function giveUp(problem) {
  const banner = document.getElementById('stream');
  say(banner, problem.message);
  show(banner, true);
  throw problem;
}

function navigate(event) {
  const name = location.hash.replace(/^#\/?/, '').split('?')[0];
  const view = VIEWS[name] ?? VIEWS.overview;
  document.querySelector('dialog')?.close();
  current?.close?.();
  current = view.open(page);
  main.replaceChildren(current.element);
  document.title = `${view.title} · echod`;
  for (const link of document.querySelectorAll('nav a')) {
    if (VIEWS[link.hash.slice(2)] === view) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  if (event) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  draw();
}

/** Draws once a frame at most: the past comes as hundreds of samples at once. */
function draw() {
  if (!due) {
    due = true;
    requestAnimationFrame(() => {
      due = false;
      if (samples.latest) {
        showState(samples.latest);
        if (!isHeld() || !current.drawn) {
          current.update?.(samples);
          current.drawn = true;
        }
      }
    });
  }
}

function showState(sample) {
  const service = document.getElementById('service');
  say(document.getElementById('version'), sample.version ?? '');
  if (!document.body.dataset.stream || document.body.dataset.stream === 'live') {
    say(service, words(sample.drain.state));
    service.dataset.tone = TONES[sample.drain.state];
  }
}

function showStream(state, end) {
  const banner = document.getElementById('stream');
  document.body.dataset.stream = state;
  if (state === 'live') {
    show(banner, false);
    return;
  }
  const since = samples.latest ? ` What is shown is from ${moment(samples.latest.at)}.` : '';
  banner.dataset.tone = state === 'ended' && end.outcome === 'CLEAN' ? 'plain' : 'bad';
  say(banner, state === 'ended'
    ? `The service has ended: ${words(end.outcome)}, exit code ${end.exitCode}.${since} It is looked for until it is back.`
    : `The connection to the service is lost, and tried again.${since}`);
  show(banner, true);
  const service = document.getElementById('service');
  say(service, state === 'ended' ? `ended, ${words(end.outcome)}` : 'not connected');
  service.dataset.tone = banner.dataset.tone;
}

say(document.getElementById('user'), `${page.me.name}${page.me.operator ? '' : ' (viewer)'}`);
document.getElementById('logout').addEventListener('click', () => logOut().catch((problem) => page.notice(problem.message, 'bad')));
document.getElementById('hold').addEventListener('click', (event) => {
  hold(!isHeld());
  event.target.setAttribute('aria-pressed', isHeld());
  draw();
});
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', navigate);
navigate();
follow((sample) => {
  samples.add(sample);
  draw();
}, showStream);
