/** The actions of a finding's life-cycle: their words, and the dialog each opens. Which are allowed, the server says. */
import { html, nothing } from '/js/lib/page.js';
import { ask } from '/js/lib/dialog.js';
import { field } from '/js/lib/parts.js';
import { isoDay } from '/js/pages/finding/days.js';
import { fromBody, opportunity } from '/js/pages/finding/words.js';


const area = (name, label, missing, hint, more = {}) => ({ name, label, kind: 'textarea', required: true, maxlength: 4000, missing, hint, ...more });
const reason = (missing, hint) => () => [area('reason', 'Reason', missing, hint)];
const evidence = (label, around) => html`<evidence-picker name="evidence" label=${label} .suggested=${around.suggested ?? []}></evidence-picker>`;
const people = (finding, around, chosen, label, missing) => ({
  name: 'owner', label, kind: 'select', required: true, missing, value: chosen ?? '',
  options: [['', 'Choose a person'], ...around.members.filter((m) => finding.source !== 'internal_audit' || m.id !== finding.raised_by.id).map((m) => [m.id, m.name])],
});

/** Action: words of its button, title of its dialog, what will happen, its fields, whether the certification body decides it. */
const ACTIONS = {
  accept: { words: 'Accept', title: (f) => `Accept ${f.ref}`, body: 'The finding stands, and its owner answers it: correction, cause and plan.', said: 'accepted',
    fields: (f, a) => [people(f, a, f.owner?.id, 'Owner', 'Name who answers it')] },
  dispute: { words: 'Dispute', title: (f) => `Dispute ${f.ref}`, body: 'Who raised it upholds or withdraws it. A finding can be disputed once.', said: 'disputed',
    fields: reason('Say why it is not so', 'What the objective evidence shows instead.') },
  uphold: { words: 'Uphold', title: (f) => `Uphold ${f.ref}`, body: 'The finding stands and has to be accepted.', byBody: true, said: 'upheld', fields: reason('Say why it stands') },
  withdraw: { words: 'Withdraw', title: (f) => `Withdraw ${f.ref}`, body: 'The finding ends here. It stays on record with this reason and cannot be taken up again.', byBody: true, danger: true, button: (f) => `Withdraw ${f.ref}`, said: 'withdrawn', fields: reason('Say why it is withdrawn') },
  correct: { words: 'Record the correction', again: 'Change the correction', title: (f) => `Correction of ${f.ref}`, body: 'A correction puts the instance right. The cause comes after it.', said: 'correction recorded',
    fields: (f, a) => [area('text', 'What was put right', 'Say what was put right', 'In the past tense, with its extent: where else was it so?', { value: f.correction?.text }), evidence('Evidence, if there is any', a)] },
  explain: { words: 'State the cause', again: 'Change the cause', title: (f) => `Cause of ${f.ref}`, body: nothing, said: 'cause stated',
    fields: (f) => [area('text', 'Why it could happen', 'State the cause', 'Ask “why” again until no obvious one is left. A cause that repeats the finding is refused.', { value: f.cause?.text })] },
  plan: { words: 'Plan the corrective action', again: 'Change the plan', title: (f) => `Corrective action for ${f.ref}`, body: 'Every cause needs an action that removes it. The plan is accepted or returned by somebody else.', said: 'plan recorded',
    fields: (f, a) => [area('text', 'What will be done', 'Say what will be done', 'The action that removes the cause, not the instance.', { value: f.plan?.text }),
      people(f, a, f.plan?.owner?.id ?? f.owner?.id, 'Carried out by', 'Name who carries it out'),
      { name: 'due', label: 'Done by', kind: 'date', required: true, min: isoDay(), value: later(f.plan?.due ?? f.due?.evidence), className: 'field-s', missing: 'Choose the day by which it is done' }] },
  accept_plan: { words: 'Accept the plan', title: (f) => `Accept the plan for ${f.ref}`, body: 'It can then be carried out.', byBody: true, said: 'plan accepted',
    fields: () => [area('text', 'Note', undefined, undefined, { required: false, rows: 2 })] },
  return_plan: { words: 'Return the plan', title: (f) => `Return the plan for ${f.ref}`, body: 'The owner plans again. The reason is all they have to go by.', byBody: true, said: 'plan returned', fields: reason('Say what the plan lacks', 'What is missing, not how to solve it.') },
  implement: { words: 'Show that it is done', title: (f) => `${f.ref} is carried out`, body: nothing, said: 'implementation recorded',
    fields: (f, a) => [area('text', 'What was done', 'Say what was done', 'In the past tense, action by action.'), evidence('Evidence that shows it', a)] },
  verify: { words: 'Verify', title: (f) => `Verify ${f.ref}`, body: 'Verifying asks one thing: was it done as planned? Whether it helped comes later.', byBody: true, said: 'verified', fields: () => [area('text', 'What was checked', 'Say what was checked', 'Which evidence, which samples.')] },
  return_implementation: { words: 'Return it', title: (f) => `Return ${f.ref}`, body: 'It goes back to whoever carries the plan out.', byBody: true, said: 'returned', fields: reason('Say what is not done', 'What the evidence does not show.') },
  confirm_effective: { words: 'Confirm that it is effective', title: (f) => `${f.ref} stayed away`, body: 'One to three months after it was done, records show whether it came back.', said: 'confirmed as effective',
    fields: () => [area('text', 'How it was seen', 'Say how it was seen', 'Which records since, over which months.')] },
  not_effective: { words: 'It came back', title: (f) => `Reopen ${f.ref}`, body: 'The finding is reopened: its plan, implementation and verification go into the history, and a better cause is needed.', danger: true, button: (f) => `Reopen ${f.ref}`, said: 'reopened',
    fields: () => [...reason('Say where it came back')(), { name: 'due', label: 'New plan due', kind: 'date', min: isoDay(), className: 'field-s' }] },
  close: { words: 'Close', title: (f) => `Close ${f.ref}`, body: 'Nothing more can be added afterwards.', byBody: true, said: 'closed',
    fields: (f) => [area('text', opportunity(f) ? 'What was decided' : 'Note', 'Say what was decided', undefined, { required: opportunity(f), rows: 3 })] },
};

function later(date) { return date && date >= isoDay() ? date : ''; }

/** Which action leads on from each state; the others stand beside it, quietly. */
const LEADS = {
  raised: ['accept'], disputed: ['uphold'], accepted: ['correct', 'close'], corrected: ['explain'], reopened: ['explain'], cause_found: ['plan'], planned: ['accept_plan'],
  plan_accepted: ['implement'], implemented: ['verify'], verified: ['confirm_effective', 'close'], effective: ['close'],
};
const DONE_ONCE = { correct: 'correction', explain: 'cause', plan: 'plan' };

/** The allowed actions, the main one first: [{action, words, main}]. */
export function offered(finding) {
  const main = (LEADS[finding.state] ?? []).find((a) => finding.allowed.includes(a));
  const wordsOf = (a) => (finding.state !== 'reopened' && DONE_ONCE[a] && finding[DONE_ONCE[a]] && a !== main ? ACTIONS[a].again : ACTIONS[a].words);
  const known = finding.allowed.filter((a) => a in ACTIONS).sort((a, b) => (b === main) - (a === main));
  return known.map((action) => ({ action, words: wordsOf(action), main: action === main }));
}

const onBehalf = (finding, around) => html`<fieldset class="stack"><legend>The certification body’s answer</legend>
  <p class="soft small">Only the body decides this. Record who gave its answer and when.</p>
  ${field({ name: 'recorded_for', label: 'Answered by', required: true, maxlength: 120, value: around.auditor ?? '', missing: 'Enter the auditor’s name' })}
  ${field({ name: 'answered_on', label: 'Answered on', kind: 'date', required: true, max: isoDay(), value: isoDay(), className: 'field-s', missing: 'Enter the day of the answer' })}</fieldset>`;

/**
 * Open the dialog of an action; resolves with the finding after it, or null when left.
 * around: {send(action, values), members, suggested, auditor, asBody}; `asBody` when the body's own auditor acts.
 */
export function act(finding, action, around) {
  const a = ACTIONS[action];
  const behalf = a.byBody && fromBody(finding) && !(action === 'close' && opportunity(finding)) && !around.asBody;
  return ask({
    title: a.title(finding), body: a.body, danger: a.danger, action: a.button?.(finding) ?? a.words, cancel: action === 'withdraw' ? 'Keep it' : 'Cancel',
    fields: [...a.fields(finding, around), ...(behalf ? [onBehalf(finding, around)] : [])],
    run: (values) => around.send(action, values),
  });
}

/** "IA-03 verified": what is said after an action. */
export const saidOf = (finding, action) => `${finding.ref} ${ACTIONS[action].said}`.replace(/ (correction|cause|plan|implementation) /, ': $1 ');
