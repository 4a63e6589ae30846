/** The life-cycle of one finding as a vertical path: what was done, by whom, when, with which evidence. */
import { html, nothing } from '/js/lib/page.js';
import { day, moment } from '/js/lib/format.js';
import { when } from '/js/lib/parts.js';
import { fromBody, opportunity, turn } from '/js/pages/finding/words.js';

/** Part: [key, its name, the action in the history, what belongs there]. */
const PARTS = [
  ['acceptance', 'Accepted', 'accept', 'The owner agrees that it is so, or disputes it with a reason.'],
  ['correction', 'Correction', 'correct', 'What was done to put this instance right, with its extent.'],
  ['cause', 'Cause', 'explain', 'Why it could happen. It is not the finding said again, and no obvious “why” is left.'],
  ['plan', 'Plan', 'plan', 'The corrective action that removes the cause, with an owner and a day.'],
  ['plan_acceptance', 'Plan accepted', 'accept_plan', 'Somebody who does not work on it accepts the plan or returns it with a reason.'],
  ['implementation', 'Implemented', 'implement', 'What was done, in the past tense, with evidence that shows it.'],
  ['verification', 'Verified', 'verify', 'Somebody else checks: was it done as planned?'],
  ['effectiveness', 'Effective', 'confirm_effective', 'One to three months on: did it stay away?'],
  ['closure', 'Closed', 'close', 'Nothing is left to do.'],
];
const OF_OPPORTUNITY = ['acceptance', 'closure'];
const NEXT = {
  raised: 'acceptance', disputed: 'acceptance', accepted: 'correction', corrected: 'cause', reopened: 'cause', cause_found: 'plan', planned: 'plan_acceptance',
  plan_accepted: 'implementation', implemented: 'verification', verified: 'effectiveness', effective: 'closure',
};
/** What was sent back, and to which part. */
const RETURNS = { dispute: 'acceptance', uphold: 'acceptance', return_plan: 'plan', return_implementation: 'implementation', not_effective: 'cause' };
const ANSWERS = { acceptance: ['accept'], plan: ['plan'], implementation: ['implement'], cause: ['explain'] };

const last = (finding, actions) => finding.history.findLastIndex((entry) => actions.includes(entry.action));

/** What was said about a part; acceptance and closure stand in the history only. */
function answerOf(finding, key, action) {
  if (key === 'effectiveness' && last(finding, ['not_effective']) > last(finding, ['confirm_effective'])) return null;
  return finding[key] ?? (['acceptance', 'closure'].includes(key) ? finding.history[last(finding, [action])] ?? null : null);
}

/** Entries that sent a part back after its latest answer. */
function sentBack(finding, key) {
  const answered = last(finding, ANSWERS[key] ?? []);
  return finding.history.filter((entry, at) => RETURNS[entry.action] === key && at > answered);
}

const nextPart = (finding) => (opportunity(finding) && finding.state === 'accepted' ? 'closure' : NEXT[finding.state]);

/** Parts in their order, each {key, name, what, answer, back, place: done|now|later}. */
export function partsOf(finding) {
  const next = nextPart(finding);
  const over = ['closed', 'withdrawn'].includes(finding.state);
  const wanted = PARTS.filter(([key]) => !opportunity(finding) || OF_OPPORTUNITY.includes(key));
  const at = wanted.findIndex(([key]) => key === next);
  return wanted.map(([key, name, action, what], i) => {
    const place = over ? 'done' : i < at ? 'done' : i === at ? 'now' : 'later';
    const answer = place === 'later' ? null : answerOf(finding, key, action);
    return { key, name, what, place, answer, back: place === 'now' ? sentBack(finding, key) : [] };
  }).filter((part) => !over || part.answer);
}

const WORDS = { done: 'done', now: 'next', later: 'later' };
const behalf = (answer) => (answer.recorded_for
  ? html`${answer.recorded_for.name} of the certification body, ${when(answer.recorded_for.answered_on, day)}; recorded by ${answer.by.name}, ${when(answer.at, moment)}`
  : html`${answer.by.name}, ${when(answer.at, moment)}`);
const SENT = { dispute: 'Disputed', uphold: 'Upheld', return_plan: 'Plan returned', return_implementation: 'Returned', not_effective: 'Not effective' };

/** The path. `proof(id)` shows one piece of evidence: a link for members, a title for the body's auditor. */
export const trail = (finding, proof) => html`<ol class="trail" aria-label="From correction to closure">
  ${partsOf(finding).map((part) => html`<li class=${part.place} aria-current=${part.place === 'now' ? 'step' : nothing}>
    <span class="dot" aria-hidden="true">${part.place === 'done' ? '✓' : ''}</span>
    <h3>${part.name}<span class="sr">, ${WORDS[part.place]}</span></h3>
    ${part.back.map((entry) => html`<div class="sent-back"><p><b>${SENT[entry.action]}:</b> <span class="pre">${entry.text}</span></p><p class="by">${behalf(entry)}</p></div>`)}
    ${part.answer ? said(part.answer, proof) : nothing}
    ${part.place === 'now' ? html`<p class="turn">${turn(finding)}</p>` : nothing}
    ${part.place === 'later' ? html`<p class="faint small">${part.key === 'effectiveness' && fromBody(finding) ? 'The certification body judges at its next audit whether it stayed away; it can be recorded here before.' : part.what}</p>` : nothing}
  </li>`)}
  ${finding.state === 'withdrawn' ? withdrawn(finding) : nothing}</ol>`;

const said = (answer, proof) => html`<p class="by">${behalf(answer)}</p>
  ${answer.text ? html`<p class="pre measure">${answer.text}</p>` : nothing}
  ${answer.due ? html`<p class="small soft">By ${answer.owner?.name ?? 'nobody yet'}, until ${when(answer.due, day)}</p>` : nothing}
  ${answer.evidence?.length ? html`<ul class="proofs" aria-label="Evidence">${answer.evidence.map((id) => html`<li>${proof(id)}</li>`)}</ul>` : nothing}`;

function withdrawn(finding) {
  const entry = finding.history[last(finding, ['withdraw'])];
  return html`<li class="done"><span class="dot" aria-hidden="true">–</span><h3>Withdrawn</h3>${entry ? said({ ...entry, evidence: [] }) : nothing}</li>`;
}
