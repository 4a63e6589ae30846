/** Overview: will we make it, and what is in the way? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get } from '/js/lib/api.js';
import { programmeApi, to } from '/js/lib/address.js';
import { tellShell } from '/js/lib/shell.js';
import { clock, count, daysFromToday } from '/js/lib/format.js';
import { said } from '/js/lib/undo.js';
import { actionWords, blockerList, workList } from '/js/lib/todo.js';
import { passGate, passWithReason } from '/js/pages/steps/gates.js';
import { path } from '/js/pages/steps/path.js';
import { heat } from '/js/pages/overview/heat.js';
import { certificate } from '/js/pages/overview/certificate.js';

const SHOWN = 5;

page('view-overview', {
  load: () => get(`${programmeApi}/overview`),
  title: (o) => ['Overview', o.organisation.name],
  ready: tellShell,
  draw: (o, view) => html`
    <h1>${o.headline}</h1>
    ${o.lede ? html`<p class="lede">${weighty(o.lede)}</p>` : nothing}
    ${path(o.steps)}
    ${o.certificate ? certificate(o.certificate) : nothing}
    <div class="columns">${o.next_gate ? inTheWay(o, view) : done()}${yours(o)}</div>
    ${readiness(o)}`,
});

/** The span of dates is what people look for in the sentence. */
function weighty(text) {
  const [before, span, after] = text.split(/(between \d+ \w+(?: \d{4})? and \d+ \w+(?: \d{4})?)/);
  return span ? html`${before}<b>${span}</b>${after}` : text;
}

const done = () => html`<section aria-labelledby="way"><h2 id="way">Nothing is in the way</h2>
  <p class="soft mt-s measure">All eleven steps are done. What keeps the certificate now are current records, internal audits and a management review every year.</p>
  <p class="mt-s"><a class="btn btn-main" href=${to('/evidence.html')}>Keep the evidence current</a></p></section>`;

function inTheWay(o, view) {
  const gate = o.next_gate;
  const step = o.steps.find((s) => s.number === gate.step);
  const name = `step ${gate.step}, ${gate.name}`;
  if (!gate.blockers.length) return clear(gate, step, name, view);
  const more = gate.blockers.length - SHOWN;
  return html`<section aria-labelledby="way"><h2 id="way">In the way of ${name}</h2>
    <div class="mt-s">${blockerList(gate.blockers.slice(0, SHOWN))}</div>
    ${more > 0 ? html`<p class="small mt-s"><a href=${to('/step.html', { n: gate.step })}>${count(more, 'more thing', 'more things')} in step ${gate.step}</a></p>` : nothing}
    <p class="mt-s row no-print"><a class="btn btn-main" href=${gate.blockers[0].href}>${actionWords(gate.blockers[0])}</a>${aside(gate, step, view)}</p></section>`;
}

/** A gate is passed once its step has begun; before that the step's page is the place to begin. */
function aside(gate, step, view) {
  if (step?.state === 'not_started') return html`<a class="btn btn-quiet" href=${to('/step.html', { n: gate.step })}>Open step ${gate.step}</a>`;
  return gate.can_override ? html`<button class="btn btn-quiet" type="button" @click=${() => pass(view, () => passWithReason(step, gate.blockers))}>Pass this gate with a reason</button>` : nothing;
}

function clear(gate, step, name, view) {
  const begun = step?.state !== 'not_started';
  return html`<section aria-labelledby="way"><h2 id="way">Nothing is in the way of ${name}</h2>
    <p class="soft mt-s measure">${begun ? 'Every exit criterion holds. Passing the gate makes the step done and opens the next.' : 'Every exit criterion holds already, but nobody has started the step.'}</p>
    <p class="mt-s row no-print">${gate.can_pass && begun ? html`<button class="btn btn-main" type="button" @click=${() => pass(view, () => passGate(step))}>Pass the gate of step ${gate.step}</button>`
      : html`<a class="btn btn-main" href=${to('/step.html', { n: gate.step })}>Open step ${gate.step}</a>`}</p></section>`;
}

async function pass(view, dialog) {
  const passed = await dialog();
  if (!passed) return;
  await view.reload();
  tellShell(view.data);
  said(`Step ${passed.number} is done. Saved ${clock()}`);
}

const MINE = 6;
const soon = (item) => item.due && daysFromToday(item.due) < 7;

/** What is due within the week; where nothing is, what comes next. */
function yours(o) {
  const week = o.mine.filter(soon);
  const shown = (week.length ? week : o.mine).slice(0, MINE);
  return html`<section aria-labelledby="mine"><h2 id="mine">${week.length || !o.mine.length ? 'Yours this week' : 'Yours next'}</h2>
  ${o.mine.length ? html`<div class="mt-s">${workList(shown, true)}</div>${o.mine.length > shown.length ? html`<p class="small mt-s"><a href=${to('/work.html')}>All ${o.mine.length} of yours</a></p>` : nothing}`
    : html`<p class="soft mt-s">Nothing waits for you. What you own and what others ask of you appears here by its date.</p>`}</section>`;
}

const readiness = (o) => html`<section class="mt-l" aria-labelledby="ready">
  <div class="row"><h2 id="ready">Readiness by clause</h2><a class="push faint" href=${to('/requirements.html')}>All ${o.counts.items} items</a></div>
  ${heat(o.clauses)}</section>`;
