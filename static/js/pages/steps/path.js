/** The way: eleven steps in a row, each with its state in shape, word and colour. */
import { html, nothing } from '/js/lib/page.js';
import { to } from '/js/lib/address.js';
import { count, day, due } from '/js/lib/format.js';
import { when } from '/js/lib/parts.js';
import { isDone } from '/js/pages/steps/gates.js';

const PHASES = { plan: 'Plan', do: 'Do', check: 'Check', act: 'Act', certification: 'Certification body' };
export const phaseName = (key) => PHASES[key] ?? key;

/** Neighbouring steps of one phase stand under one heading. */
const phases = (steps) => steps.map((s) => s.phase).filter((phase, at, all) => phase !== all[at - 1]);

export const currentStep = (steps) => steps.find((s) => !isDone(s)) ?? null;

function kind(step, current) {
  if (isDone(step)) return `done${step.overridden ? ' overridden' : ''}${step.in_doubt ? ' doubt' : ''}`;
  return step === current || step.state !== 'not_started' ? 'now' : 'later';
}

/** What a step's state is called. */
export function stateWords(step) {
  const words = { not_started: 'not started', in_progress: 'in progress', reopened: 'reopened' }[step.state];
  return words ?? `${step.overridden ? 'passed with a reason' : 'done'}${step.in_doubt ? ', in doubt' : ''}`;
}

function date(step, current) {
  if (isDone(step)) return step.actual_end ? html`<small>${when(step.actual_end)}</small>` : nothing;
  if (step.late_days) return html`<small class="late">${when(step.planned_end, () => `${count(step.late_days, 'day')} late`)}</small>`;
  if (!step.planned_end) return nothing;
  return html`<small>${when(step.planned_end, step === current ? due : day)}</small>`;
}

const softly = (name) => name.replace('Implementation', 'Implemen\u00adtation').replace('Management', 'Manage\u00adment');
const doubtful = (step) => (step.in_doubt ? html`<small class="late">in doubt</small>` : nothing);

/** The path under Plan, Do, Check, Act and the certification body. */
export function path(steps) {
  const current = currentStep(steps);
  return html`<div class="cycle" aria-hidden="true">${phases(steps).map((p) => html`<span>${phaseName(p)}</span>`)}</div>
    <ol class="path" aria-label="The eleven steps">${steps.map((s) => html`<li class=${kind(s, current)} aria-current=${s === current ? 'step' : nothing}>
      ${dot(s)}<a href=${to('/step.html', { n: s.number })}>${softly(s.short ?? s.name)}</a><span class="sr">, ${stateWords(s)}, </span>${date(s, current)}${doubtful(s)}</li>`)}</ol>`;
}

/** A step's number, or a tick once it is done. */
export const dot = (step) => html`<span class="dot" aria-hidden="true">${isDone(step) ? '✓' : step.number}</span>`;
