/** The dialogs of a step's gate: pass it, pass it with a reason, take the step up again. Each says what will happen. */
import { html, nothing } from '/js/lib/page.js';
import { get, post } from '/js/lib/api.js';
import { programmeApi } from '/js/lib/address.js';
import { count, list } from '/js/lib/format.js';
import { ask } from '/js/lib/dialog.js';

export const stepApi = (step) => `${programmeApi}/steps/${step.number}`;
export const named = (step) => `step ${step.number}, ${step.name}`;
export const isDone = (step) => step.state === 'done' || step.state === 'overridden';

/** Begin the work; resolves with the step. */
export const startStep = (step) => post(`${stepApi(step)}/start`, {}, { of: step });

const next = (step) => (step.number < 11 ? `Step ${step.number + 1} comes next.` : 'All eleven steps are then done.');

/** Pass a gate with nothing in the way; resolves with the step, or null when left. */
export const passGate = (step) => ask({
  title: `Pass the gate of ${named(step)}`, action: 'Pass the gate',
  body: `Nothing is in the way. The step is done from today, and the journal says that you passed it. ${next(step)}`,
  run: () => post(`${stepApi(step)}/pass`, {}, { of: step }),
});

const MANY = 6;

/** Pass a gate although something is in the way; the reason stays with the programme. */
export const passWithReason = (step, blockers) => ask({
  title: `Pass the gate of ${named(step)} with a reason`, action: 'Pass with this reason',
  body: html`<p>${count(blockers.length, 'thing is', 'things are')} still open:</p>
    <ul class="bullets">${blockers.slice(0, MANY).map((b) => html`<li>${b.text}</li>`)}${blockers.length > MANY ? html`<li>and ${blockers.length - MANY} more</li>` : nothing}</ul>
    <p>The step is done from today. That its gate was passed with a reason, by you, stays beside it for good, and the certification body can see it. What is open stays open.</p>`,
  fields: [{ name: 'reason', label: 'Reason', kind: 'textarea', required: true, maxlength: 4000, missing: 'Say why the programme goes on although this is open', hint: 'Who reads it in a year should understand why.' }],
  run: ({ reason }) => post(`${stepApi(step)}/pass`, { reason }, { of: step }),
});

function doubts(later, step) {
  if (!later.length) return 'No later step is done, so nothing else is put in doubt.';
  const [steps, were, are] = later.length === 1 ? ['Step', 'was', 'is'] : ['Steps', 'were', 'are'];
  return `${steps} ${list(later.map((s) => String(s.number)))} ${were} passed on what is then open again, and ${are} marked “in doubt” until step ${step.number} is done again.`;
}

/** Take a done step up again; the dialog names the later steps this puts in doubt. */
export async function reopenStep(step) {
  const { items } = await get(`${programmeApi}/steps`);
  const later = items.filter((s) => s.number > step.number && isDone(s));
  return ask({
    title: `Reopen ${named(step)}`, action: `Reopen step ${step.number}`, danger: true, cancel: 'Keep it done',
    body: html`<p>Its gate is to be passed again; its confirmations stay.</p><p>${doubts(later, step)}</p>`,
    fields: [{ name: 'reason', label: 'Reason', kind: 'textarea', required: true, maxlength: 4000, missing: 'Say what came up' }],
    run: ({ reason }) => post(`${stepApi(step)}/reopen`, { reason }, { of: step }),
  });
}
