/** Clients: whom do I call today? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get } from '/js/lib/api.js';
import { params, remember } from '/js/lib/address.js';
import { tellCounts } from '/js/lib/shell.js';
import { keys } from '/js/lib/keys.js';
import { ago, count, day, daysFromToday, due, percent, sentence } from '/js/lib/format.js';
import { empty, stepStrip, when } from '/js/lib/parts.js';

const last = '9999';
/** Column: [key, heading, value to sort by, class, first direction]. */
const COLUMNS = [
  ['name', 'Client', (c) => c.name.toLowerCase(), ''],
  ['step', 'Eleven steps', (c) => c.current_step ?? 12, ''],
  ['way', 'In the way', (c) => -c.attention, ''],
  ['ready', 'Ready', (c) => c.ready_percent, 'num'],
  ['next', 'Next audit', (c) => c.next_audit?.date ?? last, ''],
  ['target', 'Against target', (c) => -(c.days_against_target ?? -9999), 'num'],
  ['seen', 'Last activity', (c) => c.last_activity ?? '', ''],
];

page('view-clients', {
  load: () => get(`/api/practices/${params.c}/clients`),
  title: () => ['Clients'],
  state: { q: params.q ?? '', sort: params.sort ?? 'way', down: params.down === '1' },
  ready(data, view) {
    tellCounts({ clients: data.items.length });
    const rows = () => [...view.querySelectorAll('tbody a.name')];
    const move = (by) => { const all = rows(); all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + by))]?.focus(); };
    keys({
      '/': ['Filter clients', () => view.querySelector('input[type="search"]')?.focus()],
      j: ['Next client', () => move(1)], k: ['Previous client', () => move(-1)],
      n: ['New client', () => view.querySelector('.btn-main')?.click()],
    });
  },
  draw(data, view) {
    const rows = chosen(data.items, view.state);
    return html`
      <div class="row row-top"><div class="grow"><h1>${data.headline}</h1><p class="lede">${data.lede}</p></div>${data.items.length ? find(view) : nothing}<a class="btn btn-main" href=${`/client-new.html?c=${params.c}`}>New client</a></div>
      ${data.items.length === 0 ? first() : html`${table(rows, view)}
        <p class="faint small mt-s" role="status">${rows.length < data.items.length ? `${rows.length} of ${data.items.length} clients shown` : nothing}</p>`}`;
  },
});

function chosen(items, { q, sort, down }) {
  const wanted = q.trim().toLowerCase();
  const of = COLUMNS.find(([key]) => key === sort)?.[2] ?? COLUMNS[2][2];
  const side = down ? -1 : 1;
  const order = (a, b) => (of(a) < of(b) ? -side : of(a) > of(b) ? side : a.name.localeCompare(b.name));
  return items.filter((c) => !wanted || `${c.name} ${c.consultants.map((p) => p.name).join(' ')}`.toLowerCase().includes(wanted)).sort(order);
}

const first = () => empty('No clients yet', 'A client is an organisation you lead to its certificate. Open one with its name, sites and target date; its people get an invitation, and both of you see the same eleven steps.',
  html`<a class="btn btn-main" href=${`/client-new.html?c=${params.c}`}>Open the first client</a>`);

function find(view) {
  const typed = (e) => { remember({ q: e.target.value }); view.set({ q: e.target.value }); };
  return html`<label class="find"><span class="sr">Find a client</span><input type="search" placeholder="Find a client" .value=${view.state.q} @input=${typed} autocomplete="off"><kbd aria-hidden="true">/</kbd></label>`;
}

function sortBy(view, key) {
  const down = view.state.sort === key ? !view.state.down : false;
  remember({ sort: key, down: down ? '1' : null });
  view.set({ sort: key, down });
}

function table(rows, view) {
  if (rows.length === 0) return html`<p class="soft mt">No client or consultant is called that. <button class="link" type="button" @click=${() => { remember({ q: null }); view.set({ q: '' }); }}>Show all clients</button></p>`;
  const direction = (key) => (view.state.sort !== key ? nothing : view.state.down ? 'descending' : 'ascending');
  return html`<table class="grid-table stacks clients mt"><caption class="sr">Clients, with the step each has reached and what is in its way</caption>
    <thead><tr>${COLUMNS.map(([key, words, , side]) => html`<th scope="col" class=${side} aria-sort=${direction(key)}><button class="sort" type="button" @click=${() => sortBy(view, key)}>${words}</button></th>`)}</tr></thead>
    <tbody>${rows.map(row)}</tbody></table>`;
}

const address = (c) => (c.programme ? `/overview.html?o=${c.organisation}&p=${c.programme.id}` : `/programme-new.html?o=${c.organisation}`);

function row(c) {
  return html`<tr>
    <th scope="row">${c.assigned ? html`<a class="name" href=${address(c)}>${c.name}</a>` : html`<span class="name">${c.name}</span>`}<small class="faint">${count(c.staff, 'member of staff', 'staff')}, ${count(c.sites, 'site')}${c.assigned ? nothing : ', not assigned to you'}</small></th>
    <td>${c.programme ? stepStrip(c.steps, c.current_step) : html`<span class="faint">No programme yet</span>`}</td>
    <td>${inTheWay(c.in_the_way)}</td>
    <td class="num wide-only">${percent(c.ready_percent)}</td>
    <td class="wide-only">${nextAudit(c)}</td>
    <td class="num wide-only">${against(c.days_against_target)}</td>
    <td class=${`wide-only nowrap ${quiet(c.last_activity) ? 'late' : 'soft'}`}>${c.last_activity ? when(c.last_activity, ago) : 'never'}</td></tr>`;
}

const inTheWay = (way) => (way ? html`${way.text} ${way.when ? html`<span class=${way.late ? 'late nowrap' : 'faint nowrap'}>${when(way.when, due)}</span>` : nothing}` : html`<span class="faint">Nothing</span>`);
const nextAudit = (c) => (c.next_audit?.date ? html`${sentence(c.next_audit.kind).replace(/(\w)(\d)/, '$1 $2')} ${when(c.next_audit.date, day, 'nowrap')}` : '–');
const quiet = (instant) => !instant || daysFromToday(instant) < -21;

function against(days) {
  if (days == null) return '–';
  if (days === 0) return 'on target';
  return days > 0 ? html`<span class="late nowrap">${count(days, 'day')} late</span>` : html`<span class="nowrap">${count(-days, 'day')} early</span>`;
}
