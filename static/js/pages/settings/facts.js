/** The same for those who read but do not change. */
import { html, nothing } from '/js/lib/page.js';
import { count, list, longDay, standard } from '/js/lib/format.js';
import { when } from '/js/lib/parts.js';

const none = html`<span class="faint">not entered yet</span>`;

export const organisationFacts = (o) => html`<dl class="facts"><dt>Name</dt><dd>${o.name}</dd><dt>People</dt><dd>${o.staff ? count(o.staff, 'person', 'people') : none}</dd>
  <dt>Services</dt><dd>${o.services.length ? html`<ul>${o.services.map((s) => html`<li>${s}</li>`)}</ul>` : none}</dd>
  <dt>Sites</dt><dd>${o.sites.length ? html`<ul>${o.sites.map((s) => html`<li>${s.name}${s.role ? html`<span class="faint">, ${s.role}</span>` : nothing}</li>`)}</ul>` : none}</dd>
  ${o.practice ? html`<dt>Practice</dt><dd>${o.practice.name}</dd>` : nothing}</dl>`;

export const programmeFacts = (p, o) => html`<dl class="facts mt-s"><dt>Programme</dt><dd>${p.name}</dd><dt>Edition</dt><dd>${standard(p.edition)}</dd>
  <dt>Statement</dt><dd class="pre">${p.scope_statement || none}</dd>
  <dt>Sites</dt><dd>${list(o.sites.filter((s) => p.sites.includes(s.id)).map((s) => s.name)) || none}</dd>
  <dt>Target</dt><dd>${p.target_date ? when(p.target_date, longDay) : none}</dd></dl>`;

export const bodyFacts = (b) => (b ? html`<dl class="facts"><dt>Body</dt><dd>${b.name}</dd><dt>Lead auditor</dt><dd>${b.lead_auditor || none}</dd>
  <dt>Plan within</dt><dd>${count(b.plan_days, 'day')}</dd><dt>Proof of a major</dt><dd>${count(b.major_evidence_days, 'day')}</dd><dt>Proof of a minor</dt><dd>${count(b.minor_evidence_days, 'day')}</dd></dl>` : html`<p class="soft">No certification body is chosen yet.</p>`);
