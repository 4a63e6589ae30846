/** Finding one's way: the clause tree, the clause select of small screens, the filters, and the overview of all clauses. */
import { html, nothing } from '/js/lib/page.js';
import { to } from '/js/lib/address.js';
import { count } from '/js/lib/format.js';
import { bar, optionsOf } from '/js/lib/parts.js';
import { RATINGS, STAGES, below, fits, isFiltered, owners, places, sum, tallyOf } from './model.js';

/** Address of a place: the filters go along. */
export const address = (place, filter) => to('/requirements.html', { clause: place, ...filter });

const matches = (data, place, filter) => data.clauses.filter((c) => below(c.number, place)).flatMap((c) => c.items).filter((i) => fits(i, filter)).length;

export function treeView(data, view, on) {
  const { place, filter } = view.state;
  const narrowed = isFiltered(filter);
  const end = (number) => {
    if (narrowed) { const n = matches(data, number, filter); return html`<span class=${n ? 'num' : 'num faint'}>${n}<span class="sr"> items shown</span></span>`; }
    const n = tallyOf(data, number);
    return html`<span title=${sum(n)}>${bar(n.a, n.b)}<span class="sr">, ${sum(n)}</span></span>`;
  };
  const link = (number, title, className) => html`<a class=${className} href=${address(number, filter)} aria-current=${number === place ? 'page' : nothing} @click=${(e) => on.open(e, number)}>${number ? html`<span>${number}</span>` : nothing}<span class="t" title=${title}>${title}</span>${end(number)}</a>`;
  return html`<nav class="pane pane-side pane-scroll tree wide-only no-print" aria-label="Clauses">
    ${link('', 'All clauses', 'head whole')}
    ${places(data).map((c) => link(c.number, c.title, c.level === 1 ? 'head' : c.assessable || c.level > 2 ? '' : 'sub'))}</nav>`;
}

/** On a phone the tree is a select. */
export function clauseSelect(data, view, on) {
  const name = (c) => `${'  '.repeat(c.level - 1)}${c.number} ${c.title}`;
  return html`<p class="field only-phone no-print"><label class="sr" for="clause">Clause</label>
    <select id="clause" @change=${(e) => on.open(null, e.target.value)}>${optionsOf([['', 'All clauses'], ...places(data).map((c) => [c.number, name(c)])], view.state.place)}</select></p>`;
}

const chosenOf = (filter) => Object.values(filter).filter(Boolean).length;

export function filterBar(data, view, on) {
  const { filter } = view.state;
  const steps = [...new Set(data.clauses.flatMap((c) => c.items).map((i) => i.step))].sort((a, b) => a - b);
  const named = (n) => [String(n), `${n} ${view.catalogue?.steps.get(n) ?? ''}`.trim()];
  const select = (name, label, pairs) => html`<label><span class="sr">${label}</span><select @change=${(e) => on.filter({ [name]: e.target.value })}>${optionsOf(pairs, filter[name])}</select></label>`;
  const parts = html`<label class="find"><span class="sr">Find an item</span><input type="search" placeholder="Find" autocomplete="off" .value=${filter.q} @input=${(e) => on.filter({ q: e.target.value })} @keydown=${(e) => { if (e.key === 'Escape' || e.key === 'Enter') { e.preventDefault(); on.back(); } }}><kbd aria-hidden="true">/</kbd></label>
    ${select('rating', 'Rating', RATINGS)}${select('owner', 'Owner', [['', 'Any owner'], ['nobody', 'No owner'], ...owners(data)])}
    ${select('stage', 'Audit stage', STAGES)}${select('step', 'Step', [['', 'Any step'], ...steps.map(named)])}`;
  if (!view.narrow) return html`<div class="filters filters-tight" role="search" aria-label="Items">${parts}</div>`;
  return html`<details class="fold no-print" ?open=${view.state.filtersOpen} @toggle=${(e) => { view.state.filtersOpen = e.target.open; }}><summary>Filters${chosenOf(filter) ? ` (${chosenOf(filter)})` : ''}</summary><div class="filters filters-tight" role="search" aria-label="Items">${parts}</div></details>`;
}

/** "3 of 14 items shown", and the way to the others. */
export function filterNote(data, view, shown, on) {
  const { place, filter } = view.state;
  const status = (words) => html`<p class="small soft mt-s" role="status">${words}</p>`;
  if (!isFiltered(filter)) return status(nothing);
  const others = place ? matches(data, '', filter) - matches(data, place, filter) : 0;
  return status(html`${shown ? `${count(shown, 'item')} shown` : 'No item here fits the filters'}${others ? html`, <a href=${address('', filter)} @click=${(e) => on.open(e, '')}>${others} in other clauses</a>` : nothing}. <button class="link" type="button" @click=${() => on.clear()}>Clear filters</button>`);
}

/** All clauses with what they add up to: where everybody starts. */
export function allClauses(data, view, on) {
  const rows = places(data).filter((c) => c.level <= 2);
  const row = (c) => {
    const n = tallyOf(data, c.number);
    const cell = (label, value) => html`<td class="num wide-only" data-label=${label}>${value || html`<span class="faint">–</span>`}</td>`;
    return html`<tr class=${c.level === 1 ? 'top-row' : ''}><th scope="row"><a class="clause-name" href=${address(c.number, view.state.filter)} @click=${(e) => on.open(e, c.number)}><span>${c.number}</span> ${c.title}</a></th>
      <td>${bar(n.a, n.b, 'bar-m')}<span class="sr only-phone-text">${sum(n)}</span></td>${cell('Met', n.met)}${cell('Partly', n.partly)}${cell('Missing', n.missing)}${cell('To rate', n.unrated)}</tr>`;
  };
  return html`<table class="grid-table clauses mt"><caption class="sr">Clauses with how many of their items are met, partly met, missing and to rate</caption>
    <thead><tr><th scope="col">Clause</th><th scope="col"><span class="sr">Share met and partly met</span></th><th scope="col" class="num wide-only">Met</th><th scope="col" class="num wide-only">Partly</th><th scope="col" class="num wide-only">Missing</th><th scope="col" class="num wide-only">To rate</th></tr></thead>
    <tbody>${rows.map(row)}</tbody></table>`;
}
