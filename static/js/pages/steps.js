/** Steps: how far along the eleven are we, who has which, and when? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get } from '/js/lib/api.js';
import { programmeApi, to } from '/js/lib/address.js';
import { clock, count, day } from '/js/lib/format.js';
import { among, myRoles } from '/js/lib/roles.js';
import { keys } from '/js/lib/keys.js';
import { said } from '/js/lib/undo.js';
import { person, tag, when } from '/js/lib/parts.js';
import { isDone } from '/js/pages/steps/gates.js';
import { currentStep, dot, phaseName } from '/js/pages/steps/path.js';
import { planStep } from '/js/pages/steps/plan.js';

async function load() {
  const [steps, roles] = await Promise.all([get(`${programmeApi}/steps`), myRoles()]);
  return { ...steps, plans: among(roles) };
}

page('view-steps', {
  load,
  title: () => ['Steps'],
  ready(data, view) {
    const move = (by) => { const all = [...view.querySelectorAll('.name')]; all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + by))]?.focus(); };
    keys({ j: ['Next step', () => move(1)], k: ['Previous step', () => move(-1)] });
  },
  draw(data, view) {
    const current = currentStep(data.items);
    return html`
      <div class="row row-top"><h1 class="grow">${data.headline}</h1>${current ? html`<a class="btn btn-main" href=${to('/step.html', { n: current.number })}>Go to step ${current.number}</a>` : nothing}</div>
      ${data.lede ? html`<p class="lede">${data.lede}</p>` : nothing}
      <table class="grid-table stacks steps-table mt"><caption class="sr">The eleven steps with their state, owner and dates</caption>
        <thead><tr><th scope="col">Step</th><th scope="col">State</th><th scope="col">Owner</th><th scope="col">Planned</th><th scope="col">Done</th>${data.plans ? html`<th scope="col"><span class="sr">Plan</span></th>` : nothing}</tr></thead>
        <tbody>${data.items.map((s, at) => row(s, data.items[at - 1]?.phase !== s.phase, s === current, data.plans, view))}</tbody></table>`;
  },
});

const look = (s, here) => (isDone(s) ? `done${s.overridden ? ' overridden' : ''}${s.in_doubt ? ' doubt' : ''}` : here || s.state !== 'not_started' ? 'now' : 'later');

function row(s, opens, here, plans, view) {
  return html`<tr class=${opens ? 'opens' : nothing} aria-current=${here ? 'step' : nothing}>
    <th scope="row"><span class="path-dot ${look(s, here)}">${dot(s)}</span><a class="name" href=${to('/step.html', { n: s.number })}><span class="sr">${s.number} </span>${s.name}</a><small class="faint">${opens ? phaseName(s.phase) : html`<span class="sr">${phaseName(s.phase)}</span>`}</small></th>
    <td>${state(s)}</td>
    <td data-label="Owner">${person(s.owner)}</td>
    <td data-label="Planned" class=${s.actual_end ? 'nowrap wide-only' : 'nowrap'}>${planned(s)}</td>
    <td data-label=${s.actual_end ? 'Done' : nothing} class="nowrap">${s.actual_end ? when(s.actual_end) : ''}</td>
    ${plans ? html`<td class="num">${isDone(s) ? nothing : html`<button class="btn btn-s" type="button" @click=${() => plan(s, view)}>Plan<span class="sr"> step ${s.number}</span></button>`}</td>` : nothing}</tr>`;
}

function state(s) {
  const shown = isDone(s) && s.overridden ? 'overridden' : s.state;
  return html`${tag(shown)}${s.in_doubt ? html` ${tag('reopened', 'In doubt')}` : nothing}${s.late_days ? html` <span class="late nowrap">${count(s.late_days, 'day')} late</span>` : nothing}`;
}

function planned(s) {
  if (!s.planned_start && !s.planned_end) return html`<span class="faint">no dates yet</span>`;
  return html`${s.planned_start ? when(s.planned_start, day) : '…'} – ${s.planned_end ? when(s.planned_end, day, s.late_days ? 'late' : '') : '…'}`;
}

async function plan(step, view) {
  if (!(await planStep(step))) return;
  await view.reload();
  said(`Step ${step.number} is planned. Saved ${clock()}`);
}
