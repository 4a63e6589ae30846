/** Where we are: the query of this page, and links that carry it along. */

const query = new URLSearchParams(location.search);

/** Every query parameter of this page as a plain object: `{o, p, n, …}`. */
export const params = Object.fromEntries(query);

/** API address of the organisation, and of the programme, in this page's query. */
export const orgApi = `/api/organisations/${encodeURIComponent(params.o ?? '')}`;
export const programmeApi = `${orgApi}/programmes/${encodeURIComponent(params.p ?? '')}`;

/** Address of another page with this page's `o` and `p` and the given parameters; null leaves one out. */
export function to(page, extra = {}, fragment = '') {
  const all = { ...(params.o && { o: params.o }), ...(params.p && { p: params.p }), ...extra };
  const text = new URLSearchParams(Object.entries(all).filter(([, v]) => v != null && v !== '')).toString();
  return page + (text && `?${text}`) + (fragment && `#${encodeURIComponent(fragment)}`);
}

/** Keep filters in the address without a new history entry; null or '' takes one out. */
export function remember(changes) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value == null || value === '') { url.searchParams.delete(name); delete params[name]; }
    else { url.searchParams.set(name, value); params[name] = String(value); }
  }
  history.replaceState(history.state, '', url);
}

/** Address with a query for the API, empty values left out. */
export function withQuery(path, values) {
  const text = new URLSearchParams(Object.entries(values).filter(([, v]) => v != null && v !== '')).toString();
  return text ? `${path}?${text}` : path;
}

/** First page of a signed-in person. */
export function home(me) {
  if (me.practices?.length) return `/clients.html?c=${me.practices[0].id}`;
  const org = me.organisations?.find((o) => o.programmes.length) ?? me.organisations?.[0];
  if (!org) return '/account.html';
  return org.programmes.length ? `/overview.html?o=${org.id}&p=${org.programmes[0].id}` : `/programme-new.html?o=${org.id}`;
}
