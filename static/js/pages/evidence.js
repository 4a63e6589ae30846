/** Evidence library: is it in, accepted, current? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get } from '/js/lib/api.js';
import { params, programmeApi, remember, to, withQuery } from '/js/lib/address.js';
import { number } from '/js/lib/format.js';
import { keys } from '/js/lib/keys.js';
import { me } from '/js/lib/me.js';
import { people } from '/js/lib/people.js';
import { empty, pager } from '/js/lib/parts.js';
import { BRING, among, myRoles } from '/js/lib/roles.js';
import { saidProblem } from '/js/lib/undo.js';
import { FILTERS, filterBar } from './evidence/filters.js';
import { table } from './evidence/table.js';

const REVIEW = ['owner', 'top_management', 'sms_manager', 'internal_auditor', 'consultant'];
const PAGE = 50;
const TABS = [['', 'All', 'total'], ['submitted', 'Waiting for review', 'submitted'], ['returned', 'Returned', 'returned'], ['draft', 'Drafts', 'draft'], ['accepted', 'Accepted', 'accepted']];

const chosen = () => Object.fromEntries(['state', ...FILTERS].map((name) => [name, params[name] ?? '']));
const fetchPage = (cursor) => get(withQuery(`${programmeApi}/evidence`, { ...chosen(), limit: PAGE, cursor }));

async function load() {
  const [found, person, roles] = await Promise.all([fetchPage(), me(), myRoles()]);
  return { ...found, me: person.id, brings: among(roles, BRING), reviews: among(roles, REVIEW) };
}

page('view-evidence', {
  load,
  title: () => ['Evidence'],
  draw: (data, view) => html`
    <div class="row row-top"><h1 class="grow">${data.headline}</h1>${data.brings && data.counts.total ? html`<a class="btn btn-main" href=${add()}>Add evidence</a>` : nothing}</div>
    <p class="lede">${data.lede}</p>
    ${data.counts.total ? library(data, view) : first(data)}`,
  ready(data, view) {
    people().then((found) => { view.members = found; view.redraw(); }, () => {});
    addEventListener('popstate', () => location.reload());
    if (data.brings) takeDrops(view);
    bindKeys(view, data);
  },
});

const add = () => to('/upload.html', { item: params.item, step: params.step });

const first = (data) => empty('What belongs here', 'Policies, plans and procedures; tickets, minutes, reports and reviews. An auditor takes one requirement at a time and looks for owner, period and approval on each piece, so link every file to the items it shows.',
  data.brings ? html`<a class="btn btn-main" href=${add()}>Add the first evidence</a> <span class="faint small wide-only">or drop files anywhere on this page</span>` : nothing);

function library(data, view) {
  const { state } = chosen();
  const tab = ([key, words, count]) => html`<a href=${withQuery('/evidence.html', { o: params.o, p: params.p, ...chosen(), state: key })} aria-current=${key === state ? 'page' : nothing} @click=${(e) => open(e, view, { state: key })}>${words}<span class="n">${number(data.counts[count])}</span></a>`;
  return html`<nav class="tabs" aria-label="States">${TABS.map(tab)}</nav>
    ${filterBar(view, chosen(), (changes) => narrow(view, changes))}
    ${data.items.length ? body(data, state) : none(view, state)}
    ${pager(data.next, () => more(view), data.items.length, anyFilter() ? null : data.counts[state || 'total'])}`;
}

const anyFilter = () => FILTERS.some((name) => params[name]);

/** Waiting for review: mine first, then what waits for others. */
function body(data, state) {
  if (state !== 'submitted' || !data.reviews) return table(data.items, 'Evidence, newest first');
  const mine = data.items.filter((e) => e.owner?.id !== data.me && e.uploaded_by?.id !== data.me);
  const others = data.items.filter((e) => !mine.includes(e));
  return html`${mine.length ? html`<h2 class="mt">Waiting for your review</h2>${table(mine, 'Evidence that waits for your review')}` : nothing}
    ${others.length ? html`<h2 class="mt">Yours, waiting for somebody else</h2>${table(others, 'Your own evidence that somebody else reviews')}` : nothing}`;
}

const NONE = { submitted: 'Nothing waits for review.', returned: 'Nothing was returned.', draft: 'There is no draft.', accepted: 'Nothing is accepted yet.', '': 'There is no evidence yet.' };

function none(view, state) {
  return html`<p class="soft mt" role="status">${anyFilter() ? 'No evidence fits these filters.' : NONE[state]}
    ${anyFilter() ? html`<button class="link" type="button" @click=${() => narrow(view, Object.fromEntries(FILTERS.map((f) => [f, ''])))}>Clear filters</button>` : nothing}</p>`;
}

function open(event, view, changes) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, '', event.currentTarget.href);
  narrow(view, changes);
}

let asked = 0;

/** Another choice: the address keeps it, the list follows, what is shown stays until the answer is there. */
async function narrow(view, changes) {
  remember(changes);
  const mine = asked += 1;
  view.redraw();
  try {
    const found = await fetchPage();
    if (mine !== asked) return;
    const { headline, lede } = view.data;
    view.data = { ...view.data, ...found, ...(anyFilter() && { headline, lede }) };
    view.redraw();
  } catch (problem) { if (mine === asked) saidProblem(problem); }
}

async function more(view) {
  try {
    const found = await fetchPage(view.data.next);
    const at = view.data.items.length;
    view.data = { ...view.data, items: [...view.data.items, ...found.items], next: found.next };
    view.redraw();
    view.querySelectorAll('tbody .name')[at]?.focus();
  } catch (problem) { saidProblem(problem); }
}

/** Files dropped on the library are taken to the upload, in this document so that they stay at hand. */
function takeDrops(view) {
  const main = document.querySelector('main');
  const files = (e) => [...(e.dataTransfer?.types ?? [])].includes('Files');
  const over = (on) => main.classList.toggle('drop-here', on);
  const still = () => view.isConnected;
  addEventListener('dragover', (e) => { if (files(e) && still()) { e.preventDefault(); over(true); } });
  addEventListener('dragleave', (e) => { if (!e.relatedTarget) over(false); });
  addEventListener('drop', async (e) => {
    if (!files(e) || !still()) return;
    e.preventDefault();
    over(false);
    const dropped = [...e.dataTransfer.files];
    const { uploadHere } = await import('/js/pages/upload.js');
    history.pushState(null, '', add());
    uploadHere(main, dropped);
  });
}

function bindKeys(view, data) {
  const move = (by) => { const all = [...view.querySelectorAll('tbody .name')]; all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + by))]?.focus(); };
  keys({
    '/': ['Find evidence', () => view.querySelector('input[type="search"]')?.focus()], j: ['Next', () => move(1)], k: ['Previous', () => move(-1)],
    ...(data.brings && { e: ['Add evidence', () => location.assign(add())] }),
    ...(data.reviews && { w: ['Waiting for review', () => view.querySelectorAll('.tabs a')[1]?.click()] }),
  });
}
