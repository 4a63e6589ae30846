/** Requirements: where are we against each item, and how do we know? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { get } from '/js/lib/api.js';
import { params, programmeApi, to } from '/js/lib/address.js';
import { catalogue } from '/js/lib/catalogue.js';
import { keys } from '/js/lib/keys.js';
import { people } from '/js/lib/people.js';
import { among, myRoles } from '/js/lib/roles.js';
import { saidProblem } from '/js/lib/undo.js';
import { asideView, helpFor } from './requirements/aside.js';
import { itemView } from './requirements/item.js';
import { DID_NOT_OCCUR, NO_FILTER, fits, groups, isFiltered, itemOf, leaves, placeOf, ratedWords, sum, tallyOf } from './requirements/model.js';
import { change, undoLatest, unsaved } from './requirements/saving.js';
import { address, allClauses, clauseSelect, filterBar, filterNote, treeView } from './requirements/tree.js';

const RATERS = ['owner', 'sms_manager', 'process_owner', 'internal_auditor', 'consultant'];
const filterOf = (from) => Object.fromEntries(Object.keys(NO_FILTER).map((name) => [name, from[name] ?? '']));
const fragment = () => decodeURIComponent(location.hash.slice(1));
const small = matchMedia('(max-width: 900px)');
let view = null;

async function load() {
  const [data, roles] = await Promise.all([get(`${programmeApi}/requirements`), myRoles()]);
  return { ...data, rates: among(roles, RATERS), brings: among(roles, [...RATERS, 'top_management']) };
}

page('view-requirements', {
  load,
  title: (data) => [view?.state.place ? `${view.state.place} ${data.clauses.find((c) => c.number === view.state.place).title}` : 'Requirements'],
  state: { place: null, item: null, mode: null, filter: filterOf(params), filtersOpen: false },
  draw(data, element) {
    view = element;
    if (view.state.place === null) begin(data);
    Object.assign(view, { rates: data.rates, brings: data.brings, narrow: small.matches });
    const item = view.state.item && itemOf(data, view.state.item);
    return html`<div class="panes">${treeView(data, view, hands)}<div class="pane">${middle(data)}</div>${item && view.narrow ? nothing : asideView(item, data, view)}</div>`;
  },
  ready(data) {
    bindKeys();
    small.addEventListener('change', () => view.redraw());
    addEventListener('popstate', () => arrive());
    addEventListener('hashchange', () => arrive());
    addEventListener('beforeunload', (e) => { if (unsaved()) e.preventDefault(); });
    catalogue(data.edition.id).then((found) => { view.catalogue = found; view.redraw(); }, () => {});
    get(`${programmeApi}/findings?state=open`).then(({ items }) => mark(data, items), () => {});
    document.querySelector('.tree [aria-current]')?.scrollIntoView({ block: 'nearest' });
    if (view.state.item) { look(view.state.item); queueMicrotask(() => { scrollTo(0, 0); show(view.state.item); }); }
  },
});

/** Where the address leads at first: a clause, an item, or all of them. */
function begin(data) {
  const item = itemOf(data, fragment());
  view.details = new Map();
  view.state.place = placeOf(data, params.clause || (item ? item.id.slice(0, item.id.lastIndexOf('-')) : ''));
  view.state.item = item?.id ?? (view.state.place && !small.matches ? groups(data, params.clause || view.state.place, view.state.filter)[0]?.items[0]?.id ?? null : null);
}

/** Findings against the items they name, or against every item of a clause when they name none. */
function mark(data, findings) {
  for (const item of data.clauses.flatMap((c) => c.items)) {
    item.found = findings.filter((f) => f.items.includes(item.id));
  }
  view.redraw();
}

function middle(data) {
  const { place, filter } = view.state;
  const clause = data.clauses.find((c) => c.number === place);
  const shown = place || isFiltered(filter) ? groups(data, place, filter, view.state.item) : [];
  const many = shown.reduce((n, g) => n + g.items.length, 0);
  return html`${view.narrow ? clauseSelect(data, view, hands) : nothing}
    <h1>${clause ? `${clause.number} ${clause.title}` : data.headline}</h1>
    <p class="lede">${clause ? `${clause.summary ? `${clause.summary} ` : ''}${sum(tallyOf(data, place))}` : data.lede}</p>
    ${filterBar(data, view, hands)}${filterNote(data, view, many, hands)}
    ${place || isFiltered(filter) ? groupsView(shown, place) : allClauses(data, view, hands)}`;
}

function groupsView(shown, place) {
  return repeat(shown, (g) => g.clause.number, ({ clause, items }) => html`<section aria-label=${`${clause.number} ${clause.title}`}>
    ${clause.number === place ? nothing : html`<h2 class="group" id=${clause.number}>${clause.number} ${clause.title}</h2>`}
    <ol class="items">${repeat(items, (i) => i.id, (i) => itemView(i, view, hands))}</ol></section>`);
}

/** Items as they stand on the page, top to bottom. */
const visible = () => { const { place, filter } = view.state; return (place || isFiltered(filter) ? groups(view.data, place, filter, view.state.item) : []).flatMap((g) => g.items); };

const hands = {
  select(id) { if (id !== view.state.item) choose(id); },
  rate(item, rating) {
    if (!view.rates) return;
    if (rating === DID_NOT_OCCUR && !item.note) { hands.edit(item, 'reason'); return; }
    if (item.rating !== rating) change(item, { rating }, ratedWords(rating), redraw);
  },
  edit(item, mode) {
    if (!view.rates) return;
    choose(item.id);
    if (mode === 'owner' && !view.members) people().then((found) => { view.members = found; view.redraw(); }, saidProblem);
    view.set({ mode });
    view.querySelector('.item form :is(textarea, select)')?.focus();
  },
  save(item, fields, words) {
    view.state.mode = null;
    change(item, fields, words, redraw);
    focusItem(item.id);
  },
  leave() { view.set({ mode: null }); focusItem(view.state.item); },
  settle(item) { item.conflict = null; view.redraw(); focusItem(item.id); },
  help: (item) => helpFor(item, view),
  open(event, place) {
    if (event?.ctrlKey || event?.metaKey || event?.shiftKey) return;
    event?.preventDefault();
    history.pushState(null, '', address(place, view.state.filter));
    enter(place, null);
  },
  filter(changes) {
    const filter = { ...view.state.filter, ...changes };
    const { item } = view.state;
    history.replaceState(history.state, '', address(view.state.place, filter) + (item ? `#${item}` : ''));
    view.set({ filter, mode: null, item: item && fits(itemOf(view.data, item), filter) ? item : null });
  },
  clear() { hands.filter(NO_FILTER); view.querySelector('.find input')?.focus(); },
  back() { const first = view.state.item ?? visible()[0]?.id; if (first) choose(first, true); else document.activeElement.blur(); },
};

const redraw = () => view.redraw();
const focusItem = (id) => document.getElementById(id)?.focus({ preventScroll: true });
const show = (id, block = 'nearest') => document.getElementById(id)?.scrollIntoView({ block });

/** Make an item the chosen one; its evidence is asked for when one stays on it. */
function choose(id, move = false) {
  if (id !== view.state.item) {
    history.replaceState(history.state, '', `${location.pathname}${location.search}#${id}`);
    view.set({ item: id, mode: null });
    look(id);
  }
  if (move) { focusItem(id); show(id); }
}

let timer = 0;
function look(id) {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    try {
      view.details.set(id, await get(`${programmeApi}/requirements/${encodeURIComponent(id)}`));
    } catch (problem) { view.details.set(id, { problem }); }
    view.redraw();
  }, view.details.has(id) ? 600 : 120);
}

/** Open a place of the tree; on a wide screen its first item is chosen. */
function enter(place, item) {
  const first = item ?? (place && !view.narrow ? groups(view.data, place, view.state.filter)[0]?.items[0]?.id ?? null : null);
  view.set({ place, item: first, mode: null });
  document.querySelector('.tree [aria-current]')?.scrollIntoView({ block: 'nearest' });
  scrollTo(0, 0);
  if (first) { history.replaceState(history.state, '', `${location.pathname}${location.search}#${first}`); look(first); }
  if (!place) refresh();
}

/** Back, forward, or a link to another item of this page. */
function arrive() {
  const query = Object.fromEntries(new URLSearchParams(location.search));
  const item = itemOf(view.data, fragment());
  const place = placeOf(view.data, query.clause || (item ? item.id.slice(0, item.id.lastIndexOf('-')) : ''));
  if (place === view.state.place && (!item || item.id === view.state.item)) return;
  view.state.filter = filterOf(query);
  enter(place, item?.id);
  if (item) show(item.id);
}

/** The headline and the ratings others gave, anew; what is on its way stays. */
async function refresh() {
  if (unsaved()) return;
  try {
    const fresh = await get(`${programmeApi}/requirements`);
    Object.assign(view.data, { headline: fresh.headline, lede: fresh.lede });
    for (const item of fresh.clauses.flatMap((c) => c.items)) Object.assign(itemOf(view.data, item.id) ?? {}, item);
    view.redraw();
  } catch { /* what is shown stays true enough */ }
}

function step(by) {
  const all = visible();
  const at = all.findIndex((i) => i.id === view.state.item);
  const next = all[at < 0 ? (by > 0 ? 0 : -1) : at + by];
  if (next) choose(next.id, true); else if (at >= 0 || !all.length) turn(by);
}

/** The next place that has items to show; at its first item, or its last when going back with K. */
function turn(by, last = by < 0) {
  const { place, filter } = view.state;
  if (!place && isFiltered(filter)) return;
  const all = leaves(view.data).filter((c) => groups(view.data, c.number, filter).length);
  const at = place ? all.findIndex((c) => c.number === place || c.number.startsWith(`${place}.`)) : -1;
  const next = all[at < 0 ? (by > 0 ? 0 : -1) : at + by];
  if (!next) return;
  const items = groups(view.data, next.number, filter).flatMap((g) => g.items);
  history.pushState(null, '', address(next.number, filter));
  enter(next.number, items.at(last ? -1 : 0).id);
  choose(view.state.item, true);
}

function bindKeys() {
  const withItem = (run) => () => { const item = view.state.item && itemOf(view.data, view.state.item); if (item) run(item); };
  const rate = (n) => withItem((item) => hands.rate(item, n));
  keys({
    j: ['Next item', () => step(1)], k: ['Previous item', () => step(-1)], '[': ['Previous clause', () => turn(-1, false)], ']': ['Next clause', () => turn(1)],
    ...(view.rates && {
      0: ['Rate 0 missing', rate(0)], 1: ['Rate 1 begun', rate(1)], 2: ['Rate 2 mostly', rate(2)], 3: ['Rate 3 met', rate(3)],
      x: ['Did not occur in the period', withItem((item) => hands.edit(item, 'reason'))],
      n: ['Note', withItem((item) => hands.edit(item, 'note'))], o: ['Owner and due date', withItem((item) => hands.edit(item, 'owner'))], u: ['Undo the latest change', undoLatest],
    }),
    ...(view.brings && { e: ['Add evidence', withItem((item) => location.assign(to('/upload.html', { item: item.id })))] }),
    '/': ['Find and filter', () => { if (view.narrow) view.set({ filtersOpen: true }); view.querySelector('.find input')?.focus(); }],
  });
}
