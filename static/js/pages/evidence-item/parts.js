/** Versions, details and links of one piece of evidence: as they read, and as they are edited. */
import { html, nothing } from '/js/lib/page.js';
import '/js/lib/item-picker.js';
import { to } from '/js/lib/address.js';
import { longDay, moment, period, sentence, size } from '/js/lib/format.js';
import { submit } from '/js/lib/forms.js';
import { ownerOptions } from '/js/lib/people.js';
import { choices, empty, field, person, tag, when } from '/js/lib/parts.js';
import { itemAddress } from '../evidence/table.js';

export const KINDS = [['document', 'Document: says how it is done'], ['record', 'Record: shows that it was done']];

/** Versions, newest first; `download(number)` fetches one. */
export function versions(e, download) {
  if (!e.versions.length) return empty('No file yet', 'This is a title without a file. An auditor opens the file, so nothing can be submitted before one is uploaded.', nothing);
  return html`<section aria-labelledby="versions"><h2 id="versions">${e.versions.length > 1 ? 'Versions' : 'File'}</h2>
    <div class="mt-s">${e.versions.map((v, at) => version(e, v, at === 0, download))}</div>
    ${e.can.add_version && e.state === 'accepted' ? html`<p class="soft small mt-s">A new version is reviewed anew; the accepted one stays here.</p>` : nothing}</section>`;
}

function version(e, v, newest, download) {
  return html`<div class="file"><span class="ext" aria-hidden="true">${v.label}</span>
    <button class="link strong break" type="button" @click=${() => download(v.number)} aria-label=${`Download ${v.filename}, version ${v.number}`}>${v.filename}</button>${newest ? tag(e.state) : html`<span class="tag">v${v.number}</span>`}
    <dl><div><dt>Version</dt> <dd>${v.number}</dd></div><div><dt>Size</dt> <dd>${size(v.length)}</dd></div><div><dt>Uploaded</dt> <dd>${when(v.uploaded_at, moment)} by ${v.uploaded_by?.name}</dd></div></dl>
    ${v.note ? html`<p class="small soft pre">${v.note}</p>` : nothing}
    <p class="hash"><abbr title="SHA-256 of the file, computed when it arrived">SHA-256</abbr> ${v.sha256}</p></div>`;
}

const line = (term, value) => html`<dt>${term}</dt><dd>${value}</dd>`;
const none = (words) => html`<span class="faint">${words}</span>`;

export const details = (e) => html`<dl class="facts mt-s">
  ${line('Title', e.title)}${line('Kind', sentence(e.kind))}${line('Owner', person(e.owner))}
  ${line('Source system', e.source_system || none('not given'))}
  ${line('Period covered', e.period ? html`<span title=${`${longDay(e.period.from)} to ${longDay(e.period.to)}`}>${period(e.period)}</span>` : none(e.kind === 'record' ? 'missing: a record needs it' : 'not given'))}
  ${line('Review by', e.review_by ? html`${when(e.review_by, longDay)}${e.lapsed ? html` <span class="late">passed</span>` : nothing}` : none('not given'))}
  ${line('Description', e.description ? html`<span class="pre">${e.description}</span>` : none('not given'))}</dl>`;

const buttons = (words, leave) => html`<p class="row"><button class="btn btn-main">${words}</button><button class="btn btn-quiet" type="button" @click=${leave}>Cancel</button></p>`;
const escapes = (leave) => (event) => { if (event.key === 'Escape') { event.preventDefault(); leave(); } };

export function detailsForm(e, members, save, leave) {
  return html`<form class="form mt-s" novalidate @submit=${submit(save, { blank: null })} @keydown=${escapes(leave)}>
    ${e.state === 'accepted' ? html`<p class="notice">Changing kind or period asks for a new review, because the reviewer relied on them.</p>` : nothing}
    ${field({ name: 'title', label: 'Title', value: e.title, required: true, maxlength: 200, missing: 'Enter a title' })}
    ${field({ name: 'kind', label: 'Kind', kind: 'select', options: KINDS, value: e.kind, required: true })}
    ${field({ name: 'owner', label: 'Owner', kind: 'select', options: ownerOptions(members, e.owner), value: e.owner?.id ?? '' })}
    ${field({ name: 'source_system', label: 'Source system', value: e.source_system, maxlength: 120, hint: 'Where it comes from, so that an auditor can ask for more of it.' })}
    <fieldset><legend>Period covered</legend><div class="halves">${field({ name: 'period.from', label: 'First day', kind: 'date', value: e.period?.from })}${field({ name: 'period.to', label: 'Last day', kind: 'date', value: e.period?.to })}</div></fieldset>
    ${field({ name: 'review_by', label: 'Review by', kind: 'date', value: e.review_by, className: 'field-s', hint: 'The day to look again whether it still holds.' })}
    ${field({ name: 'description', label: 'Description', kind: 'textarea', value: e.description, rows: 3, maxlength: 4000 })}
    ${buttons('Save details', leave)}</form>`;
}

/** Items with their text, then steps. */
export function links(e, catalogue) {
  if (!e.links.length && !e.steps.length) return html`<p class="soft small mt-s">Nothing yet. Link it to the items it shows, so that it is one click away from each requirement.</p>`;
  return html`<ul class="list list-plain mt-s">${e.links.map((id) => html`<li><span><a class="nowrap" href=${itemAddress(id)}>${id}</a> <span class="soft">${catalogue?.items.get(id)?.text ?? ''}</span></span></li>`)}
    ${e.steps.map((n) => html`<li><span><a class="nowrap" href=${to('/step.html', { n })}>Step ${n}</a> <span class="soft">${catalogue?.steps.get(n) ?? ''}</span></span></li>`)}</ul>`;
}

export const stepOptions = (catalogue) => Array.from({ length: 11 }, (_, n) => [String(n + 1), `${n + 1} ${catalogue?.steps.get(n + 1) ?? ''}`.trim()]);

export function linksForm(e, catalogue, save, leave) {
  return html`<form class="form mt-s" novalidate @submit=${submit(save)} @keydown=${escapes(leave)}>
    <item-picker name="items" label="Items it shows" .chosen=${e.links}></item-picker>
    ${choices({ name: 'steps', label: 'Steps it belongs to', options: stepOptions(catalogue), chosen: e.steps.map(String) })}
    ${buttons('Save links', leave)}</form>`;
}
