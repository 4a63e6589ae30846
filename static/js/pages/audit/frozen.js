/** What was frozen for a stage: the list of evidence with versions and SHA-256. */
import { html, nothing } from '/js/lib/page.js';
import { post } from '/js/lib/api.js';
import { programmeApi, to } from '/js/lib/address.js';
import { ask, confirmAct } from '/js/lib/dialog.js';
import { count, moment, number, shortHash, size } from '/js/lib/format.js';
import { problemBox, when } from '/js/lib/parts.js';

const words = (n) => count(n, 'document or record', 'documents and records');

/** Freeze what the stage sees; asks first, by name. */
export function freeze(audit) {
  const again = Boolean(audit.snapshot);
  const live = audit.grants.filter((g) => g.state === 'active' || g.state === 'not_yet').map((g) => g.name);
  const dialog = again ? confirmAct : ask;
  return dialog({
    title: again ? `Freeze the evidence of ${audit.title} again` : `Freeze the evidence of ${audit.title}`, action: again ? 'Freeze again' : 'Freeze the evidence',
    body: html`<p>The accepted evidence of this stage is listed with its version and SHA-256. That list is what the auditor sees, and it does not change while they audit.</p>
      <p>${again ? `It replaces the list of ${words(audit.snapshot.evidence_count)} made before.` : 'What is not accepted yet stays out. It can be frozen again until the auditor has opened it.'}${live.length ? ` The access of ${live.join(', ')} ends; make a new link afterwards.` : nothing}</p>`,
    run: () => post(`${programmeApi}/audits/${audit.id}/prepare`, {}, { of: audit }),
  });
}

export const frozenWords = (audit) => html`${words(audit.snapshot.evidence_count)} for ${count(audit.snapshot.items_count, 'item')}, frozen by ${audit.snapshot.by.name}, ${when(audit.snapshot.frozen_at, moment)}`;

/** The list, opened on demand; `full` shows every SHA-256 whole. */
export const frozenList = (audit, answer, full, { open, toggle }) => html`<details class="fold" @toggle=${(e) => e.currentTarget.open && open()}>
  <summary>All that was frozen</summary>${table(answer, full, open, toggle)}
  ${audit.snapshot.digest ? html`<p class="small soft mt-s">SHA-256 of the whole list: <span class="hash">${audit.snapshot.digest}</span></p>` : nothing}</details>`;

function table(answer, full, open, toggle) {
  if (!answer) return html`<p class="faint small">Asking …</p>`;
  if (answer.problem) return problemBox(answer.problem, open);
  if (!answer.items.length) return html`<p class="soft">No evidence was accepted for this stage when it was frozen, so the auditor sees none. Accept evidence and freeze again.</p>`;
  return html`<p><label class="check small"><input type="checkbox" .checked=${full} @change=${toggle}><span>Show every SHA-256 whole</span></label></p>
    <table class="grid-table stacks top-cells frozen"><caption class="sr">${number(answer.items.length)} frozen files</caption>
    <thead><tr>${['Evidence', 'Clauses', 'Size', ...(full ? [] : ['SHA-256'])].map((h) => html`<th scope="col">${h}</th>`)}</tr></thead>
    <tbody>${answer.items.map((e) => html`<tr><th scope="row"><a class="name" href=${to('/evidence-item.html', { e: e.evidence })}>${e.title}</a><small class="faint">${e.filename}, version ${e.version}</small>${full ? html`<small class="hash">${e.sha256}</small>` : nothing}</th>
      <td data-label="Clauses">${clauses(e)}</td><td class="nowrap" data-label="Size">${size(e.length)}</td>${full ? nothing : html`<td><span class="hash nowrap" title=${e.sha256}>${shortHash(e.sha256)}</span></td>`}</tr>`)}</tbody></table>`;
}

const clauses = (e) => (e.clauses.length ? e.clauses.join(', ') : e.steps.length ? `Step ${e.steps.join(', ')}` : '–');
