/** One step: what must be true before the next, and what is still open? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get } from '/js/lib/api.js';
import { params, programmeApi, to } from '/js/lib/address.js';
import { refreshCounts } from '/js/lib/shell.js';
import { BRING, among, myRoles } from '/js/lib/roles.js';
import { keys } from '/js/lib/keys.js';
import { clock, count, longDay, moment } from '/js/lib/format.js';
import { said, saidProblem } from '/js/lib/undo.js';
import { empty, history, person, tag, when } from '/js/lib/parts.js';
import { actionWords, blockerList } from '/js/lib/todo.js';
import { isDone, passGate, passWithReason, reopenStep, startStep } from '/js/pages/steps/gates.js';
import { phaseName } from '/js/pages/steps/path.js';
import { planStep } from '/js/pages/steps/plan.js';
import { checklist } from '/js/pages/steps/checklist.js';
import { tail } from '/js/pages/steps/tail.js';

let brings = false; // whether I may add evidence

page('view-step', {
  load: async () => {
    const [step, roles] = await Promise.all([get(`${programmeApi}/steps/${encodeURIComponent(params.n ?? '')}`), myRoles()]);
    brings = among(roles, BRING);
    return step;
  },
  title: (s) => [`Step ${s.number}, ${s.name}`],
  ready(s, view) {
    const move = (by) => { const all = [...view.querySelectorAll('.checklist .btn')]; all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + by))]?.focus(); };
    keys({ j: ['Next line of the checklist', () => move(1)], k: ['Previous line', () => move(-1)] });
    arrive(view);
  },
  draw: (s, view) => html`
    <p class="crumb"><a href=${to('/steps.html')}>Steps</a> · ${s.number} of 11 · ${phaseName(s.phase)}</p>
    <h1>${s.headline}</h1>
    ${s.lede ? html`<p class="lede">${s.lede}</p>` : nothing}
    <p class="measure mt-s">${s.purpose}</p>
    <div class="columns"><div class="stack parts">
        ${gate(s, view)}
        ${s.tail ? tail(s.tail) : nothing}
        ${checklist(s, (fresh, text) => saved(view, fresh, text))}
        ${evidence(s)}
      </div><div class="stack parts">${facts(s, view)}${outputs(s)}${past(s)}</div></div>
    ${neighbours(s)}`,
});

/** A blocker's link leads to one line: show it, and put the focus on its button. */
function arrive(view) {
  const line = params.line && document.getElementById(`line-${params.line}`);
  if (!line) return;
  line.scrollIntoView({ block: 'center' });
  line.querySelector('.btn')?.focus({ preventScroll: true });
  line.setAttribute('data-sought', '');
}

function saved(view, fresh, text) {
  if (!fresh) return;
  view.data = fresh;
  view.redraw();
  said(`${text}. Saved ${clock()}`);
  refreshCounts();
}

/** Run a dialog or request that answers with the step as it then is. */
async function act(view, run, text) {
  try {
    const fresh = await run();
    saved(view, fresh, typeof text === 'function' && fresh ? text(fresh) : text);
  } catch (problem) {
    saidProblem(problem, problem.slug === 'stale' ? 'Reload' : undefined, () => view.reload());
  }
}

const FIRST = 8;
/** A long list is folded, so that the button which begins with its first stays in sight. */
const rest = (blockers) => (blockers.length ? html`<details class="fold"><summary>${count(blockers.length, 'more thing', 'more things')}</summary>${blockerList(blockers)}</details>` : nothing);

function gate(s, view) {
  if (isDone(s)) return passed(s, view);
  const n = s.blockers.length;
  return html`<section aria-labelledby="gate"><h2 id="gate">${n ? 'In the way of passing this step' : 'Nothing is in the way of passing this step'}</h2>
    ${n ? html`<div class="mt-s">${blockerList(s.blockers.slice(0, FIRST))}${rest(s.blockers.slice(FIRST))}</div>` : html`<p class="soft mt-s measure">Every exit criterion holds.</p>`}
    <p class="row mt-s no-print">${buttons(s, view)}</p>
    ${s.can.pass || !s.state.includes('progress') ? nothing : html`<p class="faint small mt-s">The SMS manager, top management or an owner passes the gate.</p>`}</section>`;
}

function buttons(s, view) {
  const begun = s.state !== 'not_started';
  const start = () => act(view, () => startStep(s), `Step ${s.number} is in progress`);
  if (!begun) return s.can.work ?? s.can.edit ? html`<button class="btn btn-main" type="button" @click=${start}>Start step ${s.number}</button>` : nothing;
  if (!s.blockers.length) return s.can.pass ? html`<button class="btn btn-main" type="button" @click=${() => act(view, () => passGate(s), `Step ${s.number} is done`)}>Pass the gate</button>` : nothing;
  return html`<a class="btn btn-main" href=${s.blockers[0].href}>${actionWords(s.blockers[0])}</a>
    ${s.can.override ? html`<button class="btn btn-quiet" type="button" @click=${() => act(view, () => passWithReason(s, s.blockers), `Step ${s.number} is done, with your reason beside it`)}>Pass this gate with a reason</button>` : nothing}`;
}

function passed(s, view) {
  const doubt = (fresh) => { const n = fresh.in_doubt_now?.length ?? fresh.in_doubt?.length ?? 0; return `Step ${s.number} is open again${n ? `, ${count(n, 'later step is', 'later steps are')} in doubt` : ''}`; };
  return html`<section aria-labelledby="gate"><h2 id="gate">The gate is passed</h2>
    ${s.in_doubt ? html`<p class="notice notice-warn mt-s">An earlier step was reopened after this gate was passed. Look whether what was decided here still holds.</p>` : nothing}
    <p class="row mt-s no-print">${s.number < 11 ? html`<a class="btn btn-main" href=${to('/step.html', { n: s.number + 1 })}>Go to step ${s.number + 1}</a>` : nothing}
      ${s.can.reopen ? html`<button class=${s.number < 11 ? 'btn btn-quiet' : 'btn'} type="button" @click=${() => act(view, () => reopenStep(s), doubt)}>Reopen this step</button>` : nothing}</p></section>`;
}

const overrides = (s) => (s.overrides?.length ? s.overrides : s.overridden ? [s.overridden] : []);

function facts(s, view) {
  const begun = s.actual_start ? html`<dt>Begun</dt><dd>${when(s.actual_start, longDay)}</dd>` : nothing;
  const ended = s.actual_end ? html`<dt>Done</dt><dd>${when(s.actual_end, longDay)}</dd>` : nothing;
  return html`<section aria-labelledby="plan"><div class="row"><h2 id="plan">Owner and dates</h2>
      ${s.can.plan ?? s.can.edit ? html`<button class="btn btn-s push" type="button" @click=${() => act(view, () => planStep(s), `Step ${s.number} is planned`)}>Change<span class="sr"> owner and dates</span></button>` : nothing}</div>
    <dl class="facts mt-s"><dt>State</dt><dd>${tag(isDone(s) && s.overridden ? 'overridden' : s.state)}${s.in_doubt ? html` ${tag('reopened', 'In doubt')}` : nothing}</dd>
      <dt>Owner</dt><dd>${person(s.owner)}</dd>
      <dt>Planned</dt><dd>${s.planned_start || s.planned_end ? html`${when(s.planned_start, longDay)} to ${when(s.planned_end, longDay)}${s.late_days ? html` <span class="late nowrap">${count(s.late_days, 'day')} late</span>` : nothing}` : html`<span class="faint">no dates yet</span>`}</dd>
      ${begun}${ended}
      ${s.weeks ? html`<dt>Usual</dt><dd>${s.weeks[0]} to ${s.weeks[1]} weeks</dd>` : nothing}</dl>
    ${overrides(s).map((o) => override(o, s.lede ?? ''))}</section>`;
}

/** The reason stands in the lede already when it is the latest. */
const override = (o, lede) => html`<div class="notice notice-warn mt-s"><p><b>Passed with a reason</b> by ${o.by.name}, ${when(o.at, moment)}${lede.includes(o.reason) ? nothing : html`: ${o.reason}`}</p>
  ${o.blockers?.length ? html`<details class="fold small"><summary>${count(o.blockers.length, 'thing was', 'things were')} open then</summary><ul class="bullets">${o.blockers.map((b) => html`<li>${b}</li>`)}</ul></details>` : nothing}</div>`;

const outputs = (s) => html`<section aria-labelledby="out"><h2 id="out">What this step leaves behind</h2><ul class="bullets soft mt-s">${s.outputs.map((o) => html`<li>${o}</li>`)}</ul></section>`;

const piece = (e) => html`<li><span class="sign ${{ accepted: 'met', submitted: 'half partly', returned: 'open missing' }[e.state] ?? 'open'}"></span><a class="break" href=${to('/evidence-item.html', { e: e.id })}>${e.title}</a>${tag(e.state)}</li>`;

function evidence(s) {
  const upload = brings ? html`<a class="btn" href=${to('/upload.html', { step: s.number })}>Upload evidence<span class="sr"> for step ${s.number}</span></a>` : nothing;
  return html`<section aria-labelledby="proof">${s.evidence.length
    ? html`<div class="row"><h2 id="proof">Evidence of this step</h2><span class="push no-print">${upload}</span></div><ul class="list mt-s">${s.evidence.map(piece)}</ul>`
    : html`<h2 id="proof">Evidence of this step</h2>${empty('Nothing here yet', `An auditor who asks whether step ${s.number} took place wants to see what it left behind: ${s.outputs.slice(0, 2).join(', ').toLowerCase()}. Upload it, or link what is in the library.`, upload)}`}</section>`;
}

const RECENT = 6;
const past = (s) => html`<section aria-labelledby="past"><h2 id="past">History</h2>
  <div class="mt-s">${s.history.length ? history(s.history.slice(0, RECENT)) : html`<p class="soft">Nothing has happened in this step yet.</p>`}
    ${s.history.length > RECENT ? html`<details class="fold small"><summary>Earlier</summary>${history(s.history.slice(RECENT))}</details>` : nothing}</div></section>`;

const neighbours = (s) => html`<nav class="row mt-l small no-print" aria-label="Steps beside this one">
  ${s.number > 1 ? html`<a href=${to('/step.html', { n: s.number - 1 })}>← Step ${s.number - 1}</a>` : nothing}
  ${s.number < 11 ? html`<a class="push" href=${to('/step.html', { n: s.number + 1 })}>Step ${s.number + 1} →</a>` : nothing}</nav>`;
