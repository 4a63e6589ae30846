/** The filters of the library: words, clause or item, step, owner. */
import { html } from '/js/lib/page.js';
import { programmeCatalogue } from '/js/lib/catalogue.js';
import { optionsOf } from '/js/lib/parts.js';

export const FILTERS = ['q', 'clause', 'item', 'step', 'owner'];
let timer = 0;

/** `narrow(changes)` asks for another list. */
export function filterBar(view, chosen, narrow) {
  const later = (changes) => { clearTimeout(timer); timer = setTimeout(() => narrow(changes), 250); };
  return html`<div class="filters" role="search" aria-label="Evidence">
    <label class="find">Find<input type="search" maxlength="100" placeholder="Title or file name" autocomplete="off" .value=${chosen.q} @input=${(e) => later({ q: e.target.value.trim() })}><kbd aria-hidden="true">/</kbd></label>
    <label>Clause or item<input class="in-item" type="search" list="places" maxlength="30" autocomplete="off" placeholder="8.5 or 8.5.1.3-d" .value=${chosen.item || chosen.clause} @focus=${() => readPlaces(view)} @change=${(e) => place(e.target, view, narrow)} aria-describedby="place-said"></label>
    <datalist id="places">${view.places?.map(([id, text]) => html`<option value=${id}>${text}</option>`)}</datalist>
    <label>Step<select @change=${(e) => narrow({ step: e.target.value })}>${optionsOf([['', 'Any step'], ...stepOptions(view)], chosen.step)}</select></label>
    <label>Owner<select @change=${(e) => narrow({ owner: e.target.value })}>${optionsOf(ownersOf(view, chosen.owner), chosen.owner)}</select></label>
    ${view.placeSaid ? html`<p class="error" id="place-said" role="alert">${view.placeSaid}</p>` : html`<span id="place-said" hidden></span>`}</div>`;
}

const stepOptions = (view) => Array.from({ length: 11 }, (_, n) => [String(n + 1), `${n + 1} ${view.catalogue?.steps.get(n + 1) ?? ''}`.trim()]);

function ownersOf(view, owner) {
  const members = (view.members ?? []).map((m) => [m.id, m.id === view.data.me ? `${m.name} (you)` : m.name]);
  return [['', 'Anybody'], ...members, ...(owner && view.members && !members.some(([id]) => id === owner) ? [[owner, 'Somebody who has left']] : [])];
}

async function readPlaces(view) {
  if (view.places) return;
  try {
    view.catalogue = await programmeCatalogue();
    view.places = [...[...view.catalogue.clauses.values()].map((c) => [c.number, c.title]), ...[...view.catalogue.items.values()].map((i) => [i.id, i.text])];
    view.redraw();
  } catch { /* the field takes what is typed all the same */ }
}

async function place(input, view, narrow) {
  const typed = input.value.trim();
  await readPlaces(view);
  const item = view.catalogue?.items.has(typed);
  const clause = view.catalogue?.clauses.has(typed);
  view.placeSaid = typed && !item && !clause ? `There is no clause or item ${typed}. Choose one from the list.` : '';
  if (view.placeSaid) { view.redraw(); return; }
  narrow({ item: item ? typed : '', clause: clause ? typed : '' });
}

