/** Findings in words: grades, sources, states, and whose turn it is. */
import { html, nothing } from '/js/lib/page.js';
import { due } from '/js/lib/format.js';
import { when } from '/js/lib/parts.js';

export const GRADES = { major: 'Major nonconformity', minor: 'Minor nonconformity', ofi: 'Opportunity for improvement', area_of_concern: 'Area of concern' };
export const SHORT_GRADES = { major: 'Major', minor: 'Minor', ofi: 'Opportunity', area_of_concern: 'Area of concern' };
export const SOURCES = { internal_audit: 'Internal audit', stage1: 'Stage 1', stage2: 'Stage 2', gap: 'Gap analysis', other: 'Elsewhere' };

/** State: [shape of its sign, what it is called]. */
const STATES = {
  raised: ['round open', 'Raised'], disputed: ['round open', 'Disputed'], reopened: ['round open', 'Reopened'], accepted: ['round open', 'Accepted'],
  corrected: ['round half', 'Corrected'], cause_found: ['round half', 'Cause found'], planned: ['round half', 'Planned'], plan_accepted: ['round half', 'Plan accepted'],
  implemented: ['round half', 'Implemented'], verified: ['round', 'Verified'], effective: ['round', 'Effective'], closed: ['round', 'Closed'], withdrawn: ['', 'Withdrawn'],
};

const colour = (finding) => {
  if (['verified', 'effective', 'closed'].includes(finding.state)) return 'met';
  if (finding.state === 'withdrawn') return '';
  return finding.late_days ? 'missing' : 'partly';
};

export const stateWord = (state) => STATES[state]?.[1] ?? state;

/** The state as shape and word; red where an answer is late. */
export const stateSign = (finding) => html`<span class="state"><span class="sign ${STATES[finding.state]?.[0] ?? 'round'} ${colour(finding)}"></span>${stateWord(finding.state)}</span>`;

/** "9 days late" in red, "due 31 Jul", or nothing. */
export const dueWord = (finding) => (finding.next_due ? when(finding.next_due, due, finding.late_days ? 'late nowrap' : 'nowrap') : nothing);

const fromBody = (finding) => finding.source === 'stage1' || finding.source === 'stage2';
const opportunity = (finding) => finding.grade === 'ofi';
const judge = (finding) => (fromBody(finding) ? 'the certification body' : 'somebody who did not work on it');

/** What comes next and who does it, as a sentence; '' when nothing does. */
export function turn(finding) {
  const owner = finding.owner?.name ?? 'an owner, who is still to be named,';
  const planner = finding.plan?.owner?.name ?? owner;
  return {
    raised: `Next, ${owner} accepts or disputes it.`, disputed: `Next, ${fromBody(finding) ? 'the certification body' : finding.raised_by.name} upholds or withdraws it.`,
    accepted: opportunity(finding) ? 'Next, somebody who does not own it records what was decided.' : `Next, ${owner} puts the instance right and records the correction.`,
    corrected: `Next, ${owner} states the cause.`, reopened: `Next, ${owner} states a better cause.`, cause_found: `Next, ${owner} plans the corrective action.`,
    planned: `Next, ${judge(finding)} accepts or returns the plan.`, plan_accepted: `Next, ${planner} carries the plan out and shows the evidence.`,
    implemented: `Next, ${judge(finding)} verifies that it was done.`,
    verified: fromBody(finding) ? 'Next, the certification body closes it, or it is seen here first whether it stays away.' : 'Next, one to three months on, a verifier says whether it stayed away.',
    effective: 'Next, it is closed.',
  }[finding.state] ?? '';
}

export { fromBody, opportunity };
