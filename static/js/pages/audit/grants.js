/** Accesses of one stage: let a named auditor in, show the link once, revoke by name, see what was looked at. */
import { html, nothing } from '/js/lib/page.js';
import { create, get, post } from '/js/lib/api.js';
import { programmeApi } from '/js/lib/address.js';
import { ask, confirmAct, showOnce } from '/js/lib/dialog.js';
import { count, moment } from '/js/lib/format.js';
import { problemBox, when } from '/js/lib/parts.js';
import { isoDay } from '/js/pages/finding/days.js';
import { isLive, mayDo, standing, used } from '/js/pages/audit/words.js';

const LONGEST = 45;
const MAY = [
  ['download', 'Download the frozen files'], ['raise_findings', 'Raise findings and judge the answers'], ['conclude', 'Record the conclusion'],
];

const outside = (programme, audit) => {
  const body = programme.certification_body;
  const named = audit.grants.some((g) => g.email === body?.lead_auditor_email);
  return named ? {} : { name: audit.lead_auditor || body?.lead_auditor, email: !audit.lead_auditor || audit.lead_auditor === body?.lead_auditor ? body?.lead_auditor_email : '' };
};

/** Ask who and until when, make the access, show its link once; true when one was made. */
export async function letIn(audit, programme) {
  const known = outside(programme, audit);
  const made = await ask({
    title: `Let an auditor into ${audit.title}`, action: 'Make the link',
    body: `One person sees the ${count(audit.snapshot.evidence_count, 'frozen document or record', 'frozen documents and records')} and nothing else of the organisation. Opening it takes the link and a code sent to the address below.`,
    fields: [
      { name: 'name', label: 'Auditor’s name', required: true, maxlength: 120, value: known.name, missing: 'Enter the auditor’s name', hint: 'Everything they open is recorded under it.' },
      { name: 'email', label: 'Email', kind: 'email', required: true, maxlength: 254, value: known.email, missing: 'Enter the auditor’s own address', hint: 'Their own address: the codes go there.' },
      { name: 'expires_on', label: 'Last day', kind: 'date', required: true, min: isoDay(1), max: isoDay(LONGEST), value: isoDay(14), className: 'field-s', missing: 'Choose the last day', hint: `${LONGEST} days at most. It can be revoked at any moment and never prolonged.` },
      html`<fieldset class="field" data-list="capabilities"><legend>Besides reading, they may</legend><input type="checkbox" value="read" checked hidden>
        ${MAY.map(([value, words]) => html`<label class="check"><input type="checkbox" value=${value} checked><span>${words}</span></label>`)}</fieldset>`,
    ],
    run: (values) => create(`${programmeApi}/audits/${audit.id}/grants`, values),
  });
  if (!made) return false;
  await handOver(made);
  return true;
}

const handOver = (grant) => (grant.link ? showOnce({
  title: `Link for ${grant.name}`, label: 'Access link', secret: new URL(grant.link, location.href).href,
  body: html`<p>It also went to ${grant.email} by mail. It is shown only now, opens nothing without the code sent to that address, and ends ${when(grant.expires_at, moment)}.</p>`,
}) : ask({ title: `${grant.name} is let in already`, cancel: '', action: 'Done', body: 'The link was shown before and is not shown again. If it is lost, revoke this access and make another.' }));

export const revoke = (grant) => confirmAct({
  title: `Revoke the access of ${grant.name}`, action: `Revoke ${grant.name}`,
  body: `${grant.name} is shut out at once, in the middle of whatever is open. It cannot be given back; a new link can be made. Their findings and notes stay.`,
  run: () => post(`${programmeApi}/grants/${grant.id}/revoke`, {}),
});

/** The list of accesses; `watch(grant)` is called when somebody wants to know what was looked at. */
export function grantList(audit, { mayWatch, seen, watch, end }) {
  if (!audit.grants.length) return nothing;
  const ordered = audit.grants.toSorted((a, b) => isLive(b) - isLive(a) || b.created_at.localeCompare(a.created_at));
  return html`<ul class="grants">${ordered.map((g) => html`<li>
    <div class="row row-top"><p class="grow"><b>${g.name}</b> <span class="soft break">${g.email}</span></p>
      ${isLive(g) && audit.can.revoke ? html`<button class="btn btn-s btn-danger" type="button" @click=${() => end(g)}>Revoke<span class="sr"> the access of ${g.name}</span></button>` : nothing}</div>
    <p class="small soft">${standing(g)}</p>
    <p class="small soft">${g.name.split(' ')[0]} ${mayDo(g)}. ${used(g)}.</p>
    ${g.revoked?.reason ? html`<p class="small soft">${g.revoked.reason}</p>` : nothing}
    ${mayWatch && g.first_used_at ? html`<details class="fold" @toggle=${(e) => e.currentTarget.open && watch(g)}><summary>What ${g.name} looked at</summary>${looked(seen[g.id], () => watch(g))}</details>` : nothing}</li>`)}</ul>`;
}

function looked(answer, again) {
  if (!answer) return html`<p class="faint small">Asking …</p>`;
  if (answer.problem) return problemBox(answer.problem, again);
  const n = (what) => answer.items.filter((r) => r.what === what);
  const clauses = new Set(n('review:viewed').map((r) => r.object.id)).size;
  const files = new Set(n('review:downloaded').map((r) => r.object.id)).size;
  return html`<p class="small soft">${count(clauses, 'clause')} looked at, ${count(files, 'file')} downloaded.</p>
    <ol class="history mt-s scroll-y" tabindex="0" aria-label="Activity, newest first">${answer.items.map((r) => html`<li><p>${r.who.name} ${r.text}</p><small>${when(r.at, moment)}</small></li>`)}</ol>`;
}

/** What an auditor did, or the problem in asking. */
export const activity = (grant) => get(`${programmeApi}/grants/${grant.id}/activity`).catch((problem) => ({ problem }));
