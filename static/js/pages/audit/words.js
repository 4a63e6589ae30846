/** Audits and accesses in words. */
import { html } from '/js/lib/page.js';
import { clock, count, day, daysFromToday, left, list, moment } from '/js/lib/format.js';
import { tag, when } from '/js/lib/parts.js';

export const KINDS = { internal: 'Internal audit', stage1: 'Stage 1', stage2: 'Stage 2' };
const STATES = { planned: ['', 'Planned'], prepared: ['tag-now', 'Evidence frozen'], open: ['tag-now', 'Open to the auditor'], concluded: ['tag-ok', 'Concluded'], decided: ['tag-ok', 'Decided'] };
export const RECOMMENDATIONS = { proceed: 'Stage 2 can go ahead', not_ready: 'Not ready for Stage 2', certify: 'Certification is recommended', not_yet: 'Certification is not recommended yet' };
export const CAPABILITIES = { read: 'reads', download: 'downloads', raise_findings: 'raises findings', conclude: 'concludes' };

export const isOver = (audit) => audit.state === 'concluded' || audit.state === 'decided';
export const auditTag = (audit) => html`<span class="tag ${STATES[audit.state]?.[0] ?? ''}">${STATES[audit.state]?.[1] ?? audit.state}</span>`;

/** "5 – 6 Dec" or "5 Dec" */
export const dates = (audit) => (audit.start === audit.end ? when(audit.start, day) : html`<span class="nowrap">${when(audit.start, day)} – ${when(audit.end, day)}</span>`);

/** "in 12 days" while it is ahead */
export function ahead(audit) {
  const days = daysFromToday(audit.start);
  return isOver(audit) || days < 0 ? '' : days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
}

export const mayDo = (grant) => list(grant.capabilities.map((c) => CAPABILITIES[c] ?? c));
export const isLive = (grant) => grant.state === 'active' || grant.state === 'not_yet';

const SIGNS = { active: 'round met', not_yet: 'round open', expired: 'round', revoked: 'round half missing' };

/** Until when somebody can see what, as shape and words. */
export function standing(grant) {
  const until = when(grant.expires_at, moment);
  const words = {
    active: html`until ${until}, ${left(grant.expires_at)} left`, not_yet: html`from ${when(grant.not_before, moment)} until ${until}`,
    expired: html`on ${until}`, revoked: grant.revoked ? html`by ${grant.revoked.by.name}, ${when(grant.revoked.at, moment)}` : '',
  }[grant.state];
  return html`<span class="state"><span class="sign ${SIGNS[grant.state] ?? 'round'}"></span>${tag(grant.state)}</span> <span>${words}</span>`;
}

/** "opened 22 Nov, 14:32; 3 sessions" or that nobody has come in yet */
export const used = (grant) => (grant.first_used_at ? html`First opened ${when(grant.first_used_at, moment)}, last ${when(grant.last_used_at, moment)}, ${count(grant.sessions, 'session')}` : 'Not opened yet');
export const savedNow = () => `Saved ${clock()}`;
