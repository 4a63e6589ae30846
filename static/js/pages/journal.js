/** Journal: who did what, and when? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get } from '/js/lib/api.js';
import { orgApi, params, remember, withQuery } from '/js/lib/address.js';
import { clock, exact, longDay, month, parse } from '/js/lib/format.js';
import { empty, optionsOf, pager, when } from '/js/lib/parts.js';
import { saidProblem } from '/js/lib/undo.js';

const PAGE = 50;
const thisMonth = () => new Date().toISOString().slice(0, 7); // the server keeps months in UTC
const wanted = (cursor) => withQuery(`${orgApi}/journal`, { month: params.object ? null : params.month, object: params.object, limit: PAGE, cursor });

page('view-journal', {
  load: () => get(wanted()),
  title: () => ['Journal'],
  state: { busy: false },
  draw: (data, view) => html`<h1>${data.headline}</h1>
    ${data.lede ? html`<p class="lede">${data.lede}</p>` : nothing}
    ${params.object ? oneObject(data, view) : months(data, view)}
    ${data.items.length ? days(data.items).map((d) => oneDay(d, view)) : nobody(view)}
    ${pager(data.next, () => more(view))}`,
});

async function go(view, changes) {
  remember(changes);
  await view.reload();
}

const nextMonth = (text, by) => { const d = new Date(Date.UTC(+text.slice(0, 4), +text.slice(5, 7) - 1 + by, 1)); return d.toISOString().slice(0, 7); };

/** The months to choose from: those the server names, else two years back. */
const choice = (data, chosen) => {
  const known = data.months?.length ? data.months : Array.from({ length: 24 }, (_, n) => nextMonth(thisMonth(), -n));
  return [...new Set([thisMonth(), chosen, ...known])].sort().reverse();
};

function months(data, view) {
  const chosen = params.month ?? thisMonth();
  const step = (by) => go(view, { month: nextMonth(chosen, by) });
  return html`<div class="filters"><button class="btn btn-s" type="button" @click=${() => step(-1)}><span aria-hidden="true">←</span><span class="sr">The month before</span></button>
    <label><span class="sr">Month</span><select @change=${(e) => go(view, { month: e.target.value })}>${optionsOf(choice(data, chosen).map((m) => [m, month(m)]), chosen)}</select></label>
    <button class="btn btn-s" type="button" ?disabled=${chosen >= thisMonth()} @click=${() => step(1)}><span aria-hidden="true">→</span><span class="sr">The month after</span></button></div>`;
}

function oneObject(data, view) {
  const title = data.items[0]?.object.title;
  return html`<p class="row mt"><span>Only ${title ? html`<b class="break">${title}</b>` : 'one object'}, in all months</span>
    <button class="btn btn-s" type="button" @click=${() => go(view, { object: null })}>Show everything</button></p>`;
}

function days(items) {
  const groups = [];
  for (const row of items) {
    const day = longDay(row.at);
    if (groups.at(-1)?.day !== day) groups.push({ day, at: row.at, rows: [] });
    groups.at(-1).rows.push(row);
  }
  return groups;
}

const weekday = (at) => exact(parse(at).toISOString()).split(' ')[0];

const oneDay = (group, view) => html`<section class="mt"><h2>${weekday(group.at)} ${group.day}</h2>
  <ul class="journal mt-s">${group.rows.map((row) => entry(row, view))}</ul></section>`;

const VIA = { grant: 'auditor of the certification body', consultant: 'consultant' };

function entry(row, view) {
  const outside = row.who.via === 'grant';
  return html`<li class=${outside ? 'outside' : nothing}>${when(row.at, clock, 'faint')}
    <div class="grow"><p class="break"><b>${row.who.name}</b>${VIA[row.who.via] ? html`<span class=${outside ? 'strong' : 'faint'}>, ${VIA[row.who.via]},</span>` : nothing} ${said(row)}</p></div>
    ${params.object || !row.object?.id ? nothing : html`<button class="btn btn-s btn-quiet no-print" type="button" @click=${() => go(view, { object: `${row.object.kind}/${row.object.id}` })}>Only this<span class="sr">: ${row.object.title}</span></button>`}</li>`;
}

/** How a sentence may name its object: by title, as "step 6", or by a reference such as IA-03 that begins the title. */
const namesOf = ({ kind, id, title = '' }) => [kind === 'step' && `step ${id}`, title, /^\S*\d/.test(title) && title.split(' ')[0], kind === 'requirement' && id].filter(Boolean);

/** The object's name within the sentence is the link; where it does not occur, the link follows. */
function said({ text, object }) {
  if (!object?.href) return text;
  const name = namesOf(object).find((n) => text.includes(n));
  if (!name) return html`${text} <a href=${object.href}>Open<span class="sr"> ${object.title}</span></a>`;
  const at = text.indexOf(name);
  return html`${text.slice(0, at)}<a href=${object.href}>${name}</a>${text.slice(at + name.length)}`;
}

async function more(view) {
  if (view.state.busy) return;
  view.state.busy = true;
  try {
    const next = await get(wanted(view.data.next));
    view.data = { ...view.data, items: [...view.data.items, ...next.items], next: next.next };
    view.redraw();
  } catch (problem) { saidProblem(problem); }
  view.state.busy = false;
}

const nobody = (view) => (params.object || (params.month ?? thisMonth()) !== thisMonth()
  ? empty('Nothing stands here', 'Nobody did anything in this month or to this object.', html`<button class="btn" type="button" @click=${() => go(view, { month: null, object: null })}>Show this month</button>`)
  : empty('Nothing has happened this month', 'Every change, look and download is written down here with its name and time. It cannot be edited, which is why an auditor believes it.'));
