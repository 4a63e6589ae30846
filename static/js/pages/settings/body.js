/** The certification body and the time limits it sets for answers to findings. */
import { html } from '/js/lib/page.js';
import { field } from '/js/lib/parts.js';

const days = (name, label, value, hint, max) => field({ name: `body.${name}`, label, kind: 'number', value, hint, min: 1, max, inputmode: 'numeric', className: 'field-s' });

/** Fields named body.*; `needed` when the form is about nothing else. */
export const bodyFields = (b, needed = true) => html`
  ${field({ name: 'body.name', label: 'Name of the body', value: b.name ?? '', required: needed, maxlength: 150, missing: 'Enter the name of the certification body' })}
  ${field({ name: 'body.lead_auditor', label: 'Lead auditor', value: b.lead_auditor ?? '', maxlength: 100 })}
  ${field({ name: 'body.lead_auditor_email', label: 'Lead auditor’s email', kind: 'email', value: b.lead_auditor_email ?? '', maxlength: 254 })}
  <fieldset><legend>Days it allows, counted from the last audit day</legend><div class="halves">
    ${days('plan_days', 'Plan of action', b.plan_days ?? 30, '7 to 30 are usual.', 365)}
    ${days('major_evidence_days', 'Proof of a major', b.major_evidence_days ?? 90, '30 to 90 are usual; after six months another Stage 2 is needed.', 365)}
    ${days('minor_evidence_days', 'Proof of a minor', b.minor_evidence_days ?? 90, 'At the next audit at the latest.', 730)}</div></fieldset>`;

/** What the form holds, as the API takes it: an emptied text is sent as empty. */
export const bodyOf = (b) => ({ lead_auditor: '', lead_auditor_email: '', ...b });
