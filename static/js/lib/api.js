/** The one way pages talk to the server: JSON both ways, every error a Problem. */

const SENTENCES = {
  stale: 'Somebody changed this while you had it open. Reload to see their change, then make yours again.',
  offline: 'The server did not answer. Check the connection and try again; what you typed is still here.',
  'not-found': 'This does not exist, or you do not have access to it.',
};

/** An answer that is not a success; `slug` says which kind, `detail` what to do next. */
export class Problem extends Error {
  constructor(status, body = {}, retryAfter = null) {
    const slug = (body.type ?? '').split('/').pop() || 'internal-error';
    const detail = SENTENCES[slug] ?? body.detail ?? body.title ?? 'Something went wrong on the server. Try again.';
    super(detail);
    Object.assign(this, { status, slug, detail, retryAfter, title: body.title ?? '', blockers: body.blockers ?? [], body });
    this.errors = body.errors ?? (body.field ? [{ field: body.field, message: detail }] : []);
  }
}

/** What happens on 401; the review room replaces both. */
export const hooks = {
  signIn() {
    try { sessionStorage.clear(); } catch { /* storage may be off */ }
    location.assign(`/signin.html?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`);
    return new Promise(() => {}); // the page is being left: nothing after this should run
  },
  async confirmIdentity(problem) {
    const { confirmIdentity } = await import('/js/lib/confirm-identity.js');
    return confirmIdentity(problem);
  },
};

const bare = (etag) => String(etag).replace(/^W\//, '').replaceAll('"', '');

function request(method, path, body, { of, key, signal }) {
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') Object.assign(headers, { 'Content-Type': 'application/json', 'X-Requested-By': 'certway' });
  if (of?.etag != null) headers['If-Match'] = `"${bare(of.etag)}"`;
  if (key) headers['Idempotency-Key'] = key;
  return fetch(path, { method, headers, signal, credentials: 'same-origin', body: method === 'GET' ? undefined : JSON.stringify(body ?? {}) })
    .catch((error) => { throw error.name === 'AbortError' ? error : new Problem(0, { type: 'offline' }); });
}

async function answer(response) {
  if (response.status === 204 || response.status === 205) return null;
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(response.status, body ?? {}, Number(response.headers.get('Retry-After')) || null);
  if (body && typeof body === 'object' && !Array.isArray(body) && body.etag == null && response.headers.get('ETag')) {
    body.etag = bare(response.headers.get('ETag'));
  }
  return body;
}

async function call(method, path, body, options = {}) {
  try {
    return await answer(await request(method, path, body, options));
  } catch (problem) {
    if (problem.slug === 'sign-in-required' && !options.anonymous) return hooks.signIn(problem);
    if (problem.slug !== 'confirm-identity' || !(await hooks.confirmIdentity(problem))) throw problem;
    return answer(await request(method, path, body, options));
  }
}

/** Read `path`. */
export const get = (path, options) => call('GET', path, undefined, options);
/** Send an action or change; pass `{of: object}` so that its etag goes along as If-Match. */
export const post = (path, body, options) => call('POST', path, body, options);
export const put = (path, body, options) => call('PUT', path, body, options);
export const patch = (path, body, options) => call('PATCH', path, body, options);
export const del = (path, options) => call('DELETE', path, options?.body, options);

const keys = new Map();
const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');

/** Create something. The same body sent again after a lost answer carries the same key, so nothing is made twice. */
export async function create(path, body, options = {}) {
  const attempt = `${path} ${JSON.stringify(body)}`;
  if (!keys.has(attempt)) keys.set(attempt, fresh());
  const made = await call('POST', path, body, { ...options, key: keys.get(attempt) });
  keys.delete(attempt);
  return made;
}
