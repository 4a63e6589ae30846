/** One item: its text, its rating, who owns it by when, the note, and the small forms that change them. */
import { html, nothing } from '/js/lib/page.js';
import { live } from '/vendor/lit-html/directives/live.js';
import { to } from '/js/lib/address.js';
import { clock, count, moment } from '/js/lib/format.js';
import { setError } from '/js/lib/forms.js';
import { ownerOptions } from '/js/lib/people.js';
import { dueBy, optionsOf, when } from '/js/lib/parts.js';
import { DID_NOT_OCCUR, LABELS, ratedWords } from './model.js';

const STAGE = { stage1: 'Stage 1', stage2: 'Stage 2', both: 'Stages 1 and 2' };
const BOTH = ['0', '1', '2', '3'];

/** `on` are the page's hands: select(id), rate(item, rating), edit(item, mode), save(item, fields, words), leave(). */
export function itemView(item, view, on) {
  const chosen = item.id === view.state.item;
  const mode = chosen ? view.state.mode : null;
  return html`<li class="item" id=${item.id} tabindex="-1" aria-current=${chosen ? 'true' : nothing} @click=${() => on.select(item.id)} @focusin=${() => on.select(item.id)}>
    <span class="id">${item.id}</span><p>${item.text}</p>
    <div class="foot">${rateView(item, chosen, view, on)}${facts(item)}</div>
    ${item.owner || item.due ? html`<p class="wide small faint">${item.owner ? `Owner ${item.owner.name}` : 'No owner'}${item.due ? html`, ${dueBy(item.due)}` : nothing}</p>` : nothing}
    ${item.note && mode !== 'note' && mode !== 'reason' ? html`<p class="wide small soft pre">“${item.note}”</p>` : nothing}
    ${item.conflict ? conflictView(item, on) : nothing}
    ${mode === 'note' || mode === 'reason' ? noteForm(item, mode, on) : mode === 'owner' ? ownerForm(item, view, on) : nothing}
    ${chosen && view.rates && !mode ? tools(item, on) : nothing}
    ${chosen && view.narrow ? html`<div class="wide mt-s">${on.help(item)}</div>` : nothing}
  </li>`;
}

function rateView(item, chosen, view, on) {
  const option = (value, className) => {
    const is = String(item.rating) === value;
    return html`<label class=${className}><input type="radio" name=${`rate-${item.id}`} value=${value} .checked=${live(is)} ?disabled=${!view.rates}
      @change=${() => on.rate(item, value === DID_NOT_OCCUR ? value : Number(value))}>${value === DID_NOT_OCCUR ? LABELS[value] : html`${value}<span class=${chosen || is ? '' : 'sr'}>&nbsp;${LABELS[value]}</span>`}</label>`;
  };
  return html`<span class="rate" role="radiogroup" aria-label=${`Rating of ${item.id}`}>${BOTH.map((v) => option(v, `r${v}`))}${chosen || item.rating === DID_NOT_OCCUR ? option(DID_NOT_OCCUR, '') : nothing}</span>`;
}

function facts(item) {
  const proof = item.linked ? html`<span>${count(item.linked, 'piece', 'pieces')} of evidence${item.accepted < item.linked ? html`<span class="faint">, ${item.accepted || 'none'} accepted</span>` : nothing}</span>` : nothing;
  return html`${(item.found ?? []).map((f) => html`<a href=${to('/finding.html', { f: f.id })}>${f.ref}, ${f.grade === 'ofi' ? 'opportunity' : f.grade.replaceAll('_', ' ')}</a>`)}
    ${item.rating == null ? html`<span class="faint">Not rated yet</span>` : nothing}${proof}
    <span class="faint">${STAGE[item.stage]}</span>${item.explicit ? html`<span class="faint">Asked for in writing</span>` : nothing}`;
}

function tools(item, on) {
  const tool = (words, key, run) => html`<button class="btn btn-quiet btn-s" type="button" @click=${run}>${words} <kbd class="wide-only" aria-hidden="true">${key}</kbd></button>`;
  return html`<div class="foot tools">
    ${tool(item.note ? 'Edit note' : 'Add note', 'N', () => on.edit(item, 'note'))}${tool(item.owner || item.due ? 'Owner and due date' : 'Set owner', 'O', () => on.edit(item, 'owner'))}
    ${item.rating == null ? nothing : html`<button class="btn btn-quiet btn-s" type="button" @click=${() => on.save(item, { rating: null }, 'to rate again')}>Clear rating</button>`}
    ${item.savedAt ? html`<span class="saved push">Saved ${clock(item.savedAt)}</span>` : item.changed_at ? html`<span class="saved push">${item.changed_by?.name ?? 'Changed'}, ${when(item.changed_at, moment)}</span>` : nothing}</div>`;
}

/** A form inside an item: Ctrl+Enter saves, Escape leaves. */
const formKeys = (on) => (event) => {
  if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); on.leave(); }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); event.currentTarget.requestSubmit(); }
};

function noteForm(item, mode, on) {
  const reason = mode === 'reason';
  const id = `note-${item.id}`;
  const send = (event) => {
    event.preventDefault();
    const box = event.target.elements.note;
    const note = box.value.trim();
    if (reason && !note) { setError(box, 'Say why this did not occur in the period'); box.focus(); return; }
    on.save(item, reason ? { rating: DID_NOT_OCCUR, note } : { note }, reason ? ratedWords(DID_NOT_OCCUR) : note ? 'note kept' : 'note taken out');
  };
  return html`<form class="wide stack mt-s" novalidate @submit=${send} @keydown=${formKeys(on)}>
    <div class="field"><label for=${id}>${reason ? 'Why did it not occur in the period?' : 'Note: what is there, what is missing'}</label>
      <textarea id=${id} name="note" maxlength="4000" rows="3" .value=${item.note ?? ''} ?required=${reason}></textarea></div>
    ${buttons(on, reason ? 'Rate “did not occur”' : 'Save note')}</form>`;
}

function ownerForm(item, view, on) {
  const send = (event) => {
    event.preventDefault();
    const { owner, due } = event.target.elements;
    if (!due.validity.valid) { setError(due, 'Enter a whole date'); due.focus(); return; }
    const person = owner.value ? { id: owner.value, name: owner.selectedOptions[0].textContent } : null;
    on.save(item, { owner: person, due: due.value || null }, person ? `given to ${person.name}` : 'owner and due date changed');
  };
  return html`<form class="wide stack mt-s" novalidate @submit=${send} @keydown=${formKeys(on)}><div class="halves">
    <div class="field"><label for=${`owner-${item.id}`}>Owner</label><select id=${`owner-${item.id}`} name="owner">${optionsOf(ownerOptions(view.members ?? (item.owner ? [item.owner] : []), item.owner), item.owner?.id)}</select></div>
    <div class="field"><label for=${`due-${item.id}`}>Due</label><input id=${`due-${item.id}`} name="due" type="date" .value=${item.due ?? ''}></div></div>
    ${buttons(on, 'Save owner and due date')}</form>`;
}

const buttons = (on, words) => html`<p class="row"><button class="btn btn-s">${words}</button><button class="btn btn-quiet btn-s" type="button" @click=${() => on.leave()}>Cancel <kbd class="wide-only" aria-hidden="true">Esc</kbd></button></p>`;

function words(fields) {
  const parts = [];
  if ('rating' in fields) parts.push(fields.rating == null ? 'no rating' : ratedWords(fields.rating).replace('rated ', ''));
  if ('note' in fields) parts.push(fields.note ? `the note “${fields.note}”` : 'no note');
  if ('owner' in fields) parts.push(fields.owner ? `owner ${fields.owner.name}` : 'no owner');
  if ('due' in fields && fields.due) parts.push('your due date');
  return parts.join(', ');
}

function conflictView(item, on) {
  const { mine, by, at } = item.conflict;
  return html`<div class="notice notice-warn wide mt-s" role="alert"><p>${by} changed this ${at ? html`at ${when(at, clock)} ` : nothing}while you had it open. It now says ${words({ rating: item.rating, ...('note' in mine && { note: item.note }), ...('owner' in mine && { owner: item.owner }) })}. You chose ${words(mine)}.</p>
    <p class="row mt-s"><button class="btn btn-s" type="button" @click=${() => on.save(item, mine, 'changed to yours')}>Save mine</button><button class="btn btn-quiet btn-s" type="button" @click=${() => on.settle(item)}>Keep theirs</button></p></div>`;
}
