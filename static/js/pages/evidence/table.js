/** Evidence as rows: name, state, what it shows, owner, period, last change. */
import { html, nothing } from '/js/lib/page.js';
import { to } from '/js/lib/address.js';
import { ago, day, period, sentence } from '/js/lib/format.js';
import { person, tag, when } from '/js/lib/parts.js';

const SOME = 3;

export const table = (items, caption) => html`<table class="grid-table stacks flowing library mt-s"><caption class="sr">${caption}</caption>
  <thead><tr><th scope="col">Evidence</th><th scope="col">State</th><th scope="col">Shows</th><th scope="col">Owner</th><th scope="col">Covers</th><th scope="col">Changed</th></tr></thead>
  <tbody>${items.map(row)}</tbody></table>`;

const row = (e) => html`<tr>
  <th scope="row"><a class="name" href=${to('/evidence-item.html', { e: e.id })}>${e.title}</a><small class="faint break">${about(e)}</small></th>
  <td>${tag(e.state)}${e.lapsed ? html`<small class="late">review was due ${when(e.review_by)}</small>` : nothing}${e.state === 'returned' && e.decided?.reason ? html`<small class="soft reason" title=${e.decided.reason}>${e.decided.reason}</small>` : nothing}</td>
  <td data-label="Shows">${places(e)}</td>
  <td data-label="Owner">${person(e.owner)}</td>
  <td data-label="Covers">${e.period ? period(e.period) : e.review_by ? nothing : html`<span class="faint">–</span>`}${e.review_by && !e.lapsed ? html`<small class="faint">review by ${when(e.review_by, day)}</small>` : nothing}</td>
  <td class="soft wide-only nowrap">${when(e.updated_at, ago)}</td></tr>`;

const about = (e) => [sentence(e.kind), e.filename ?? 'no file yet', e.version > 1 && `version ${e.version}`].filter(Boolean).join(' · ');

/** Links to the items and steps that a piece of evidence shows. */
export function places(e, some = SOME) {
  const items = e.links.slice(0, some).map((id) => html`<a class="nowrap" href=${itemAddress(id)}>${id}</a>`);
  const steps = e.steps.slice(0, some).map((n) => html`<a class="nowrap" href=${to('/step.html', { n })}>step ${n}</a>`);
  const rest = Math.max(0, e.links.length - some) + Math.max(0, e.steps.length - some);
  const all = [...items, ...steps];
  if (!all.length) return html`<span class="faint">nothing yet</span>`;
  return html`<span class="places">${all}${rest ? html`<span class="faint">and ${rest} more</span>` : nothing}</span>`;
}

export const itemAddress = (id) => to('/requirements.html', { clause: id.slice(0, id.lastIndexOf('-')) }, id);
