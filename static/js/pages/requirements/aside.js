/** Beside the items: the evidence of the chosen one, and what helps to judge it. Help is no criterion. */
import { html, nothing } from '/js/lib/page.js';
import { to } from '/js/lib/address.js';
import { count, period } from '/js/lib/format.js';
import { history, problemBox, tag, when } from '/js/lib/parts.js';
import { clauseOf, tally } from './model.js';

/** The pane itself; on a phone its content stands inside the item. */
export function asideView(item, data, view) {
  return html`<aside class="pane pane-scroll" aria-label=${item ? `Evidence for ${item.id}` : 'How to rate'}>${item ? helpFor(item, view) : legend(data, view)}</aside>`;
}

/** Evidence, what an auditor asks for, questions and common gaps of one item. */
export function helpFor(item, view) {
  const help = view.catalogue?.help(clauseOf(item.id));
  const found = view.details.get(item.id);
  return html`<div class="row row-keep row-top"><h2 class="grow">Evidence for ${item.id}</h2>${view.brings ? html`<a class="btn btn-s" href=${to('/upload.html', { item: item.id })}>Add</a>` : nothing}</div>
    <div class="mt-s">${evidenceOf(item, found)}</div>
    ${help ? folded(view, html`${listOf('An auditor will ask for', help.evidence)}${listOf('Questions to ask', help.questions)}${listOf('Common gaps', help.gaps)}`) : nothing}
    ${found?.history?.length ? html`<details class="fold mt"><summary>History</summary>${history(found.history)}</details>` : nothing}`;
}

const folded = (view, help) => (view.narrow ? html`<details class="fold"><summary>What an auditor asks, and common gaps</summary>${help}</details>` : help);

const listOf = (title, lines) => (lines.length ? html`<h2 class="mt">${title}</h2><ul class="soft stack stack-s mt-xs">${lines.map((l) => html`<li>${l}</li>`)}</ul>` : nothing);

function evidenceOf(item, found) {
  if (found?.problem) return problemBox(found.problem);
  if (found?.evidence?.length) return found.evidence.map(file);
  if (item.linked && !found) return html`<p class="soft" aria-busy="true">${count(item.linked, 'piece', 'pieces')} of evidence.</p>`;
  return html`<p class="soft small">None yet. ${item.explicit ? 'The standard asks for this in writing, so a missing document is a gap by itself.' : 'An auditor may also accept an interview, an observation or data from a tool.'}</p>`;
}

const STATE = { submitted: () => 'Waiting for review', accepted: (e) => (e.decided ? `Accepted by ${e.decided.by?.name}` : 'Accepted'), returned: (e) => (e.decided ? `Returned by ${e.decided.by?.name}` : 'Returned') };

/** One piece of evidence in a narrow column. */
export function file(e) {
  return html`<div class="file"><span class="ext" aria-hidden="true">${e.label ?? '–'}</span><a href=${to('/evidence-item.html', { e: e.id })}>${e.title}</a>${e.version ? html`<span class="tag">v${e.version}</span>` : html`<span></span>`}
    <dl>${e.period ? html`<div><dt>Covers</dt> <dd>${period(e.period)}</dd></div>` : nothing}<div><dt>Owner</dt> <dd>${e.owner?.name ?? 'nobody yet'}</dd></div></dl>
    <dl><div><dt class="sr">State</dt><dd>${tag(e.state, STATE[e.state]?.(e))}</dd></div>${e.lapsed ? html`<div><dt class="sr">Review</dt><dd class="late">review was due ${when(e.review_by)}</dd></div>` : nothing}</dl></div>`;
}

const SCALE = [['missing', '0 missing', 'Nothing shows it.'], ['partly', '1 begun', 'Planned or written, hardly done.'], ['partly half', '2 mostly', 'Done, with gaps or without proof everywhere.'], ['met', '3 met', 'Done, and it can be shown.']];

/** How to rate, and how far each stage and step is: before an item is chosen. */
function legend(data, view) {
  const all = data.clauses.flatMap((c) => c.items);
  const steps = [...new Set(all.map((i) => i.step))].sort((a, b) => a - b);
  const line = (words, items, filter) => { const n = tally(items); return html`<li><a href=${to('/requirements.html', filter)}>${words}</a><span class="when">${n.met} of ${n.items - n.did_not_occur} met</span></li>`; };
  return html`<h2>How to rate</h2><dl class="scale mt-s">${SCALE.map(([sign, name, text]) => html`<div><dt><span class="sign round ${sign}"></span>${name}</dt><dd>${text}</dd></div>`)}
      <div><dt><span class="sign round open"></span>did not occur</dt><dd>The case did not come up in the period; the note says why.</dd></div></dl>
    <h2 class="mt">By audit stage</h2><ul class="list list-plain mt-s">${[['stage1', 'Stage 1'], ['stage2', 'Stage 2']].map(([key, words]) => line(words, all.filter((i) => i.stage === key || i.stage === 'both'), { stage: key }))}</ul>
    <h2 class="mt">By step</h2><ul class="list list-plain mt-s">${steps.map((n) => line(`${n} ${view.catalogue?.steps.get(n) ?? ''}`, all.filter((i) => i.step === n), { step: n }))}</ul>`;
}
