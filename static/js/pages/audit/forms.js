/** Dialogs of one audit: its plan, its report, the day of Stage 2, the certification decision. */
import { html, nothing } from '/js/lib/page.js';
import { patch, post } from '/js/lib/api.js';
import { programmeApi } from '/js/lib/address.js';
import { ask } from '/js/lib/dialog.js';
import { choices, field } from '/js/lib/parts.js';
import { isoDay } from '/js/pages/finding/days.js';
import { RECOMMENDATIONS } from '/js/pages/audit/words.js';

const api = (audit) => `${programmeApi}/audits/${audit.id}`;
const change = (audit, changes) => patch(api(audit), changes, { of: audit });
const date = (name, label, more = {}) => ({ name, label, kind: 'date', required: true, className: 'field-s', missing: 'Choose the day', ...more });

export const editPlan = (audit, sites) => ask({
  title: `Plan of ${audit.title}`, action: 'Save',
  fields: [
    { name: 'title', label: 'Title', required: true, maxlength: 200, value: audit.title, missing: 'Enter a title' },
    html`<div class="halves">${field({ ...date('start', 'First day', { value: audit.start }), className: '' })}${field({ ...date('end', 'Last day', { value: audit.end }), className: '' })}</div>`,
    { name: 'lead_auditor', label: 'Lead auditor', maxlength: 120, value: audit.lead_auditor },
    { name: 'team', label: 'Others on the team', maxlength: 1000, value: audit.team.join(', '), hint: 'Names, with commas between them.' },
    sites.length ? choices({ name: 'sites', label: 'Sites', options: sites, chosen: audit.sites }) : html``,
  ],
  run: ({ team, ...values }) => change(audit, { ...values, lead_auditor: values.lead_auditor ?? '', team: (team ?? '').split(',').map((n) => n.trim()).filter(Boolean) }),
});

export async function receiveReport(audit) {
  await import('/js/lib/evidence-picker.js');
  return ask({
    title: `Report of ${audit.title}`, action: 'Record the report',
    body: audit.kind === 'internal' ? 'The internal audit is concluded with its report, and what it covered counts from then on.' : nothing,
    fields: [
      date('report.received_on', 'Received on', { min: audit.start, max: isoDay(), value: audit.report?.received_on ?? isoDay() }),
      html`<evidence-picker name="report.files" label="The report among the evidence, one file"></evidence-picker>`,
    ],
    run: ({ report }) => change(audit, { report: { received_on: report.received_on, evidence: report.files?.[0] ?? audit.report?.evidence ?? null } }),
  });
}

export const confirmStage2 = (audit) => ask({
  title: 'Day of Stage 2', action: 'Record the day', body: 'The first day the certification body has confirmed for Stage 2. Step 10 asks for it.',
  fields: [date('stage2_date_confirmed', 'Stage 2 begins on', { min: isoDay(), value: audit.stage2_date_confirmed })],
  run: (values) => change(audit, values),
});

/** A conclusion the body's auditor gave outside the review room. */
export const recordConclusion = (audit) => ask({
  title: `Conclusion of ${audit.title}`, action: 'Record the conclusion',
  body: 'The auditor records this in the review room. Enter it here only when it came another way: your name stands beside theirs.',
  fields: [
    html`<fieldset class="field"><legend>Recommendation</legend>${(audit.kind === 'stage1' ? ['proceed', 'not_ready'] : ['certify', 'not_yet']).map((key, at) => html`<label class="check"><input type="radio" name="recommendation" value=${key} .checked=${at === 0}><span>${RECOMMENDATIONS[key]}</span></label>`)}</fieldset>`,
    { name: 'text', label: 'Conclusion', kind: 'textarea', required: true, maxlength: 8000, missing: 'Enter what the auditor concluded', hint: 'In the auditor’s words.' },
    { name: 'recorded_for', label: 'Given by', required: true, maxlength: 120, value: audit.lead_auditor, missing: 'Enter the auditor’s name' },
    date('answered_on', 'Given on', { max: isoDay(), value: isoDay() }),
  ],
  run: (values) => post(`${api(audit)}/conclusion`, values, { of: audit }),
});

const granted = (event) => {
  const part = event.currentTarget.closest('form').querySelector('[data-granted]');
  part.hidden = part.disabled = event.currentTarget.value !== 'granted';
};

export const recordDecision = (audit, programme) => ask({
  title: 'Certification decision', action: 'Record the decision',
  body: 'The certification body decides, by somebody outside the audit team. Once recorded, this audit stays as it is.',
  fields: [
    html`<fieldset class="field"><legend>Decision</legend>
      <label class="check"><input type="radio" name="decision" value="granted" checked @change=${granted}><span>Certification is granted</span></label>
      <label class="check"><input type="radio" name="decision" value="refused" @change=${granted}><span>Certification is refused</span></label></fieldset>`,
    date('decided_on', 'Decided on', { min: audit.end, max: isoDay(), value: isoDay() }),
    { name: 'decided_by', label: 'Decided by', required: true, maxlength: 120, missing: 'Enter who decided at the certification body', hint: `Not ${audit.lead_auditor || 'the lead auditor'} and nobody else of the audit team.` },
    html`<fieldset class="stack" data-granted><legend>Certificate</legend>
      ${field({ name: 'certificate_number', label: 'Number', required: true, maxlength: 80, missing: 'Enter the number on the certificate' })}
      ${field({ name: 'valid_until', label: 'Valid until', kind: 'date', className: 'field-s', hint: 'Left empty: three years less a day from the decision.' })}
      ${field({ name: 'scope_wording', label: 'Scope on the certificate', kind: 'textarea', maxlength: 2000, value: programme.scope_statement, hint: 'Exactly as printed. It has to match the service catalogue and the agreements.' })}</fieldset>`,
  ],
  run: (values) => post(`${api(audit)}/decision`, values, { of: audit }),
});
