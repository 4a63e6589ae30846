/** Findings: what was found, what is late, what would cost the certificate? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get } from '/js/lib/api.js';
import { params, programmeApi, remember, to } from '/js/lib/address.js';
import { tellCounts } from '/js/lib/shell.js';
import { keys } from '/js/lib/keys.js';
import { count, list } from '/js/lib/format.js';
import { empty, optionsOf, person, tag } from '/js/lib/parts.js';
import { RAISE, among, myRoles } from '/js/lib/roles.js';
import { dueWord, GRADES, SHORT_GRADES, SOURCES, stateSign, turn } from '/js/pages/finding/words.js';

const FILTERS = ['state', 'grade', 'source', 'owner'];
const DEFAULTS = { state: 'open', grade: '', source: '', owner: '' };

page('view-findings', {
  load: () => Promise.all([get(`${programmeApi}/findings?state=all`), myRoles()]).then(([answer, roles]) => ({ ...answer, mayRaise: among(roles, RAISE) })),
  title: () => ['Findings'],
  state: Object.fromEntries(FILTERS.map((f) => [f, params[f] ?? DEFAULTS[f]])),
  ready(data, view) {
    const open = data.items.filter((f) => f.open).length;
    tellCounts({ findings: open ? `${open} open` : null });
    const rows = () => [...view.querySelectorAll('tbody .name')];
    const move = (by) => { const all = rows(); all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + by))]?.focus(); };
    keys({ j: ['Next finding', () => move(1)], k: ['Previous finding', () => move(-1)], '/': ['To the filters', () => view.querySelector('.filters select')?.focus()] });
    if (data.mayRaise) keys({ n: ['Raise a finding', () => view.querySelector('.btn-main')?.click()] });
  },
  draw(data, view) {
    return html`
      <div class="row row-top"><h1 class="grow">${data.headline}</h1>${data.mayRaise && data.items.length ? html`<a class="btn btn-main" href=${to('/finding-new.html')}>Raise a finding</a>` : nothing}</div>
      ${data.lede ? html`<p class="lede">${data.lede}</p>` : nothing}
      ${data.items.length ? html`${filters(data.items, view)}${table(data.items, view)}` : first(data)}`;
  },
});

const first = (data) => empty('What belongs here', 'Each finding of an internal audit, of Stage 1 and of Stage 2 stands here with what was found, why it happened, what was done and whether it helped. The certification body asks for exactly that chain.',
  data.mayRaise ? html`<a class="btn btn-main" href=${to('/finding-new.html')}>Raise the first finding</a>` : nothing);

function filters(items, view) {
  const { state, grade, source, owner } = view.state;
  const open = items.filter((f) => f.open).length;
  const owners = [...new Map(items.filter((f) => f.owner).map((f) => [f.owner.id, f.owner.name]))].sort((a, b) => a[1].localeCompare(b[1]));
  const set = (name) => (e) => { remember({ [name]: e.target.value === DEFAULTS[name] ? null : e.target.value }); view.set({ [name]: e.target.value }); };
  const used = (names, key) => Object.entries(names).filter(([k]) => items.some((f) => f[key] === k));
  const select = (name, words, options, chosen) => html`<label>${words}<select @change=${set(name)}>${optionsOf(options, chosen)}</select></label>`;
  return html`<div class="filters" role="search" aria-label="Filter findings">
    ${select('state', 'State', [['open', `Open (${open})`], ['closed', `Closed (${items.length - open})`], ['all', `All (${items.length})`]], state)}
    ${select('grade', 'Grade', [['', 'Every grade'], ...used(SHORT_GRADES, 'grade')], grade)}
    ${select('source', 'Raised in', [['', 'Anywhere'], ...used(SOURCES, 'source')], source)}
    ${select('owner', 'Owner', [['', 'Anybody'], ['nobody', 'Nobody yet'], ...owners], owner)}</div>`;
}

function chosen(items, { state, grade, source, owner }) {
  return items.filter((f) => (state === 'all' || f.open === (state === 'open')) && (!grade || f.grade === grade) && (!source || f.source === source)
    && (!owner || (owner === 'nobody' ? !f.owner : f.owner?.id === owner)));
}

function all(view) {
  remember({ state: 'all', grade: null, source: null, owner: null });
  view.set({ ...DEFAULTS, state: 'all' });
}

function table(items, view) {
  const rows = chosen(items, view.state);
  const show = html`<button class="link" type="button" @click=${() => all(view)}>Show all ${items.length}</button>`;
  if (!rows.length) return html`<p class="soft mt" role="status">${view.state.state === 'open' && items.every((f) => !f.open) ? 'Nothing is open.' : 'No finding is like that.'} ${show}</p>`;
  return html`<p class="print-only">${caption(view.state)}</p>
    <table class="grid-table stacks top-cells flowing"><caption class="sr">Findings, those whose next answer is due first on top</caption>
    <thead><tr>${['Finding', 'Grade', 'State', 'Clause', 'Owner', 'Next answer'].map((h) => html`<th scope="col">${h}</th>`)}</tr></thead>
    <tbody>${rows.map(row)}</tbody></table>
    <p class="faint small mt-s no-print" role="status">${rows.length < items.length ? html`${rows.length} of ${count(items.length, 'finding')} shown. ${show}` : nothing}</p>`;
}

const caption = ({ state, grade, source }) => `${list([{ open: 'Open', closed: 'Closed', all: 'All' }[state] ?? 'All', ...[GRADES[grade], SOURCES[source]].filter(Boolean)])} findings`;

const row = (f) => html`<tr>
  <th scope="row"><span class="ref">${f.ref}</span><a class="name clamp" href=${to('/finding.html', { f: f.id })} title=${f.statement.length > 180 ? f.statement : nothing}>${f.statement}</a><small class="faint">${SOURCES[f.source]}${f.site ? `, ${f.site}` : nothing}${f.open && turn(f) ? html`<span class="print-only-inline">. ${turn(f)}</span>` : nothing}</small></th>
  <td>${tag(f.grade, SHORT_GRADES[f.grade])}${f.could_be_major ? html`<small class="late">could be a major</small>` : nothing}</td>
  <td>${stateSign(f)}</td>
  <td data-label="Clause"><a href=${to('/requirements.html', { clause: f.clause }, f.items[0])}>${f.clause}</a></td>
  <td data-label="Owner">${person(f.owner)}</td>
  <td>${f.open ? dueWord(f) : nothing}</td></tr>`;
