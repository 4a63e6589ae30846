/** One file of the upload: how far it is, what is said of it, what became of it. */
import { html, nothing } from '/js/lib/page.js';
import '/js/lib/item-picker.js';
import { to } from '/js/lib/address.js';
import { count, period, size } from '/js/lib/format.js';
import { ownerOptions } from '/js/lib/people.js';
import { optionsOf, progress, tag } from '/js/lib/parts.js';
import { stepOptions } from '../evidence-item/parts.js';
import { lacks } from './entries.js';

const KINDS = [['document', 'Document'], ['record', 'Record']];
const STATES = { waiting: 'Waiting for its turn', hashing: 'Reading', sending: 'Sending', checking: 'Being checked', done: 'Arrived whole', failed: 'Did not arrive' };
const extension = (name) => (/\.([^.]{1,5})$/.exec(name)?.[1] ?? 'file').toUpperCase();

/** `hands` are the page's: retry(entry), remove(entry), changed(). */
export function fileView(entry, data, view, hands) {
  const { item } = entry;
  return html`<div class="file upload-file" id=${entry.id}><span class="ext" aria-hidden="true">${extension(item.file.name)}</span>
    ${entry.made ? html`<a href=${to('/evidence-item.html', { e: entry.made.id })}>${entry.made.title}</a>${tag(entry.made.state)}` : html`<span class="strong break">${item.file.name}</span><button class="link small" type="button" @click=${() => hands.remove(entry)} aria-label=${`Take out ${item.file.name}`}>Take out</button>`}
    <dl><div><dt class="sr">State</dt><dd>${arrival(entry)}</dd></div><div><dt class="sr">Size</dt><dd>${size(item.file.size)}</dd></div>${entry.made || data.replaced || item.state === 'failed' ? nothing : html`<div><dt class="sr">Details</dt><dd>${facts(entry, data)}</dd></div>`}</dl>
    ${item.state === 'done' || item.state === 'failed' ? nothing : progress(item.progress, item.file.name)}
    ${item.state === 'failed' ? failed(entry, hands) : nothing}
    ${entry.notSubmitted ? html`<p class="small">Added as a draft, not submitted: ${entry.notSubmitted} <a href=${to('/evidence-item.html', { e: entry.made.id })}>Put it right</a></p>` : nothing}
    ${entry.problem ? html`<p class="error" role="alert">${entry.problem.detail}</p>` : nothing}
    ${entry.made || item.state === 'failed' ? nothing : data.replaced ? note(entry) : fold(entry, data, view, hands)}</div>`;
}

const arrival = ({ item }) => (item.state === 'done' ? html`<span class="sign round met"></span> ${STATES.done}` : item.state === 'failed' ? html`<span class="late">${STATES.failed}</span>` : `${STATES[item.state]}${item.state === 'sending' ? `, ${Math.round(item.progress * 100)} %` : ''}`);

/** Whether the same file may arrive at another try: the connection or the server was at fault, not the file. */
const again = (problem) => !problem || (problem.slug !== 'unreadable' && (problem.status === 0 || problem.status === 429 || problem.status >= 500));

function failed(entry, hands) {
  return html`<p class="small">${entry.item.problem?.detail ?? 'The connection broke.'} ${again(entry.item.problem) ? html`<button class="link" type="button" @click=${() => hands.retry(entry)}>Try again</button>` : nothing}</p>`;
}

/** What is said of a file so far, in one line. */
function facts(entry, data) {
  const owner = data.members.find((m) => m.id === entry.owner)?.name;
  const known = [entry.kind === 'record' ? 'Record' : 'Document', owner, entry.from && period({ from: entry.from, to: entry.to }), entry.items.length && count(entry.items.length, 'item')].filter(Boolean).join(', ');
  const missing = lacks(entry);
  return html`${known}${missing.length ? html`. <span class="strong">Missing: ${missing.join(', ')}</span>` : nothing}`;
}

function fold(entry, data, view, hands) {
  return html`<details class="fold" ?open=${entry.open} @toggle=${(e) => { entry.open = e.target.open; }}><summary>Details<span class="sr"> of ${entry.item.file.name}</span></summary>${fields(entry, data, view, hands)}</details>`;
}

/** Fields write into the entry as they change: nothing is lost when the page is drawn again. */
function fields(entry, data, view, hands) {
  const wrong = new Map((entry.problem?.errors ?? []).map((e) => [e.field, e.message]));
  const set = (name) => (e) => { entry[name] = e.target.value; wrong.delete(name); hands.changed(); };
  const id = (name) => `${entry.id}-${name}`;
  const label = (name, words, optional) => html`<label for=${id(name)}>${words}${optional ? html` <span class="optional">(optional)</span>` : nothing}</label>`;
  const error = (field, name) => (wrong.has(field) ? html`<p class="error" id=${id(`${name}-error`)}>${wrong.get(field)}</p>` : nothing);
  const invalid = (field) => (wrong.has(field) ? 'true' : nothing);
  const input = (name, words, { type = 'text', most, field = name, optional = true } = {}) => html`<div class="field">${label(name, words, optional)}<input id=${id(name)} type=${type} autocomplete="off" maxlength=${most ?? nothing} .value=${entry[name]} aria-invalid=${invalid(field)} aria-describedby=${wrong.has(field) ? id(`${name}-error`) : nothing} @change=${set(name)}>${error(field, name)}</div>`;
  const select = (name, words, options) => html`<div class="field">${label(name, words)}<select id=${id(name)} @change=${set(name)}>${optionsOf(options, entry[name])}</select>${error(name, name)}</div>`;
  return html`<div class="form upload-fields">
    ${input('title', 'Title', { most: 200, optional: false })}
    <div class="halves">${select('kind', 'Kind', KINDS)}${select('owner', 'Owner', ownerOptions(data.members, null))}</div>
    <div class="halves">${input('from', 'Period covered, first day', { type: 'date', field: 'period.from', optional: entry.kind !== 'record' })}${input('to', 'Last day', { type: 'date', field: 'period.to', optional: entry.kind !== 'record' })}</div>
    <div class="halves">${input('source_system', 'Source system', { most: 120 })}${input('review_by', 'Review by', { type: 'date' })}</div>
    <item-picker name="items" label="Items it shows" .chosen=${entry.items} @picked=${(e) => { entry.items = e.detail; hands.changed(); }}></item-picker>${error('items', 'items')}
    <div class="field"><label for=${id('steps')}>Step it belongs to <span class="optional">(optional)</span></label><select id=${id('steps')} @change=${(e) => { entry.steps = e.target.value ? [Number(e.target.value)] : []; hands.changed(); }}>${optionsOf([['', 'None in particular'], ...stepOptions(view.catalogue)], entry.steps[0])}</select></div>
  </div>`;
}

function note(entry) {
  const id = `${entry.id}-note`;
  return html`<div class="field upload-fields"><label for=${id}>What changed <span class="optional">(optional)</span></label><textarea id=${id} rows="2" maxlength="1000" .value=${entry.note} @change=${(e) => { entry.note = e.target.value; }}></textarea></div>`;
}
