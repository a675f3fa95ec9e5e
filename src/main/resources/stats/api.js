// Calls the service. Who is not logged in any more is sent to the login page.

/** Who is asked for longer is not there. A change is waited for: whether it was made is not known before. */
const ANSWER_MILLIS = 15000;

let base = '';
let token = null;
let user = null;

/** What went wrong, in the words of the service (problem details, RFC 9457). */
export class Problem extends Error {

  constructor(status, words) {
    super(words);
    this.status = status;
  }

}

/**
 * Who is logged in, which may be asked anew: the token for changes comes with it. When it is somebody else by now, who
 * logged in beside this page, the page begins anew: it shows what they may do.
 */
export async function whoAmI() {
  const me = await send('GET', 'me');
  base = me.api;
  token = me.csrf;
  const now = `${me.name} ${me.operator}`;
  if (user !== null && user !== now) {
    location.reload();
  }
  user = now;
  return me;
}

/** Reads an endpoint. Parameters that are empty are left out. */
export function read(endpoint, parameters) {
  return send('GET', address(endpoint, parameters));
}

/** Changes something, by parameters (DELETE) or by a body (POST). */
export function change(method, endpoint, { parameters, body } = {}) {
  return send(method, address(endpoint, parameters), body);
}

export async function logOut() {
  await send('POST', 'logout');
  toLogin();
}

function address(endpoint, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const query = new URLSearchParams(given).toString();
  return `${base}/${endpoint}${query ? `?${query}` : ''}`;
}

async function send(method, url, body) {
  const headers = { Accept: 'application/json, application/problem+json', 'X-Requested-With': 'XMLHttpRequest' };
  if (method !== 'GET' && token) {
    headers['X-CSRF-Token'] = token;
  }
  if (body) {
    headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    const signal = method === 'GET' ? AbortSignal.timeout(ANSWER_MILLIS) : undefined;
    response = await fetch(url, { method, headers, body: body && JSON.stringify(body), signal });
  } catch {
    throw new Problem(0, 'The service cannot be reached.');
  }
  if (response.status === 401) {
    toLogin();
    throw new Problem(401, 'You are not logged in any more.');
  }
  const answer = await parsed(response);
  if (!response.ok) {
    throw new Problem(response.status, answer?.detail ?? answer?.title ?? `The service answered ${response.status}.`);
  }
  if (answer === null && method === 'GET') {
    throw new Problem(response.status, 'The answer cannot be read.');
  }
  return answer;
}

async function parsed(response) {
  try {
    return JSON.parse(await response.text());
  } catch {
    return null; // an answer without a body, one that was cut off, or of a proxy in between
  }
}

function toLogin() {
  location.assign('login');
}
