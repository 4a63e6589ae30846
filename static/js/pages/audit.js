/** One audit: how far is it, who may see what until when, and what did they look at? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get, patch } from '/js/lib/api.js';
import { orgApi, params, programmeApi, to } from '/js/lib/address.js';
import { refreshCounts } from '/js/lib/shell.js';
import { count, day, list, longDay, moment } from '/js/lib/format.js';
import { when } from '/js/lib/parts.js';
import { among, myRoles } from '/js/lib/roles.js';
import { said } from '/js/lib/undo.js';
import { isoDay } from '/js/pages/finding/days.js';
import { certificate } from '/js/pages/overview/certificate.js';
import { edition } from '/js/pages/audit/clauses.js';
import { matrix } from '/js/pages/audit/coverage.js';
import { confirmStage2, editPlan, receiveReport, recordConclusion, recordDecision } from '/js/pages/audit/forms.js';
import { freeze, frozenList, frozenWords } from '/js/pages/audit/frozen.js';
import { activity, grantList, letIn, revoke } from '/js/pages/audit/grants.js';
import { ahead, auditTag, dates, isLive, isOver, RECOMMENDATIONS, savedNow } from '/js/pages/audit/words.js';

const api = `${programmeApi}/audits/${params.a}`;
const WATCHERS = ['owner', 'top_management', 'sms_manager', 'internal_auditor', 'consultant'];

page('view-audit', {
  load: async () => {
    const [audit, known, organisation, roles] = await Promise.all([get(api), edition(), get(orgApi), myRoles()]);
    return { audit, ...known, sites: Object.fromEntries(organisation.sites.map((s) => [s.id, s.name])), mayWatch: among(roles, WATCHERS) };
  },
  title: (d) => [d.audit.title, 'Audits'],
  state: { chosen: null, frozen: null, full: false, seen: {} },
  draw: (d, view) => html`
    <p class="crumb"><a href=${to('/audits.html')}>Audits</a> / ${d.audit.title}</p>
    <h1>${d.audit.headline}</h1>
    ${d.audit.lede ? html`<p class="lede">${d.audit.lede}</p>` : nothing}
    ${mainAction(d, view)}
    <div class="columns"><div>${d.audit.kind === 'internal' ? internal(d, view) : stage(d, view)}</div><div>${facts(d, view)}</div></div>
    ${d.audit.decision?.decision === 'granted' && d.programme.certificate ? certificate(d.programme.certificate) : nothing}`,
});

const run = (view, work, words) => async () => {
  if (!(await work())) return;
  await view.reload();
  refreshCounts();
  said(`${words}. ${savedNow()}`);
};

/** Everything that can be done now, the next of it first. */
function actions({ audit, programme }, view) {
  const { can, kind } = audit;
  const begun = audit.start <= isoDay();
  const live = audit.grants.some(isLive);
  const entered = audit.grants.some((g) => g.first_used_at);
  return [
    can.decide && ['Record the decision', run(view, () => recordDecision(audit, programme), 'Decision recorded')],
    can.prepare && !audit.snapshot && ['Freeze the evidence', run(view, () => freeze(audit), 'Evidence frozen')],
    can.grant && !isOver(audit) && [live ? 'Let another auditor in' : 'Let an auditor in', run(view, () => letIn(audit, programme), 'Access made'), live],
    can.conclude && begun && ['Record the conclusion', run(view, () => recordConclusion(audit), 'Conclusion recorded'), true],
    can.edit && kind === 'stage1' && audit.state === 'concluded' && !audit.stage2_date_confirmed && ['Record the day of Stage 2', run(view, () => confirmStage2(audit), 'Day of Stage 2 recorded')],
    can.edit && begun && !audit.report && (kind === 'internal' || isOver(audit)) && ['Record the report', run(view, () => receiveReport(audit), 'Report recorded'), kind === 'internal' && !audit.clauses.length],
    can.prepare && audit.snapshot && !entered && ['Freeze again', run(view, () => freeze(audit), 'Evidence frozen again'), true],
    can.grant && isOver(audit) && ['Let an auditor in', run(view, () => letIn(audit, programme), 'Access made'), true],
  ].filter(Boolean);
}

function mainAction(d, view) {
  const all = actions(d, view);
  if (!all.length) return nothing;
  const saving = view.state.chosen !== null;
  return html`<p class="row mt no-print">${all.map(([words, go, quiet], i) => html`<button class="btn ${i === 0 && !quiet && !saving ? 'btn-main' : ''}" type="button" @click=${go}>${words}</button>`)}</p>`;
}

function facts({ audit, sites, programme }, view) {
  const row = (name, value) => (value ? html`<dt>${name}</dt><dd>${value}</dd>` : nothing);
  const named = programme.sites.map((s) => [s, sites[s] ?? s]);
  return html`<section aria-labelledby="facts"><h2 id="facts">Plan</h2><dl class="facts mt-s">
      ${row('State', auditTag(audit))}
      ${row('Days', html`${dates(audit)}${ahead(audit) ? `, ${ahead(audit)}` : nothing}`)}
      ${row('Lead auditor', audit.lead_auditor || html`<span class="faint">nobody yet</span>`)}
      ${row('Team', list(audit.team))}
      ${row('Sites', audit.sites.length ? list(audit.sites.map((s) => sites[s] ?? 'a site taken out since')) : html`<span class="faint">none chosen yet</span>`)}
      ${row('Report', audit.report ? html`received ${when(audit.report.received_on, longDay)}${audit.report.evidence ? html`, <a href=${to('/evidence-item.html', { e: audit.report.evidence })}>open it</a>` : nothing}` : html`<span class="faint">not received</span>`)}
      ${row('Findings', html`<a href=${to('/findings.html', { source: audit.kind === 'internal' ? 'internal_audit' : audit.kind, state: 'all' })}>${count(audit.findings, 'finding')}</a>`)}
      ${audit.kind === 'stage1' && audit.stage2_date_confirmed ? row('Stage 2', html`confirmed for ${when(audit.stage2_date_confirmed, longDay)}`) : nothing}</dl>
    ${audit.can.edit ? html`<p class="row mt-s no-print"><button class="btn btn-s" type="button" @click=${run(view, () => editPlan(audit, named), 'Plan saved')}>Change the plan</button>
      ${audit.report ? html`<button class="btn btn-s btn-quiet" type="button" @click=${run(view, () => receiveReport(audit), 'Report recorded')}>Change the report</button>` : nothing}
      ${audit.stage2_date_confirmed ? html`<button class="btn btn-s btn-quiet" type="button" @click=${run(view, () => confirmStage2(audit), 'Day of Stage 2 recorded')}>Change the day of Stage 2</button>` : nothing}</p>` : nothing}
    ${audit.kind === 'internal' && audit.can.edit ? html`<p class="mt-s no-print"><a class="btn btn-s" href=${to('/finding-new.html', { audit: audit.id })}>Raise a finding</a></p>` : nothing}</section>`;
}

function internal({ audit, clauses }, view) {
  const chosen = view.state.chosen ?? new Set(audit.clauses);
  const change = (numbers, on) => { const next = new Set(chosen); numbers.forEach((n) => (on ? next.add(n) : next.delete(n))); view.set({ chosen: next }); };
  const ordered = () => clauses.filter((c) => chosen.has(c.number)).map((c) => c.number);
  const save = async () => {
    try {
      await patch(api, { clauses: ordered() }, { of: audit });
      view.set({ chosen: null, problem: null });
      await view.reload();
      said(`Coverage ${savedNow().toLowerCase()}`);
    } catch (problem) { view.set({ problem }); }
  };
  return html`<section aria-labelledby="cover"><h2 id="cover">What it covers</h2>
    ${view.state.problem ? html`<div class="problem mt-s" role="alert"><p>${view.state.problem.detail ?? 'This could not be saved. Try again.'}</p></div>` : nothing}
    ${matrix(clauses, chosen, { change, save, dirty: view.state.chosen !== null, may: audit.can.edit })}</section>`;
}

/** A stage as a path: planned, frozen, opened, concluded, and what follows. */
function stage(d, view) {
  const { audit } = d;
  const parts = [planned(audit), frozen(audit, view), opened(d, view), concluded(audit), audit.kind === 'stage1' ? stage2(audit) : decided(audit)];
  const now = parts.findIndex((p) => !p.done);
  return html`<section aria-labelledby="way"><h2 id="way">From plan to ${audit.kind === 'stage1' ? 'Stage 2' : 'decision'}</h2>
    <ol class="trail mt">${parts.map((p, i) => html`<li class=${p.done ? 'done' : i === now ? 'now' : 'later'} aria-current=${i === now ? 'step' : nothing}>
      <span class="dot" aria-hidden="true">${p.done ? '✓' : ''}</span><h3>${p.name}<span class="sr">, ${p.done ? 'done' : i === now ? 'next' : 'later'}</span></h3>${p.body}</li>`)}</ol></section>`;
}

const later = (text) => html`<p class="faint small">${text}</p>`;
const planned = (audit) => ({ name: 'Planned', done: true, body: html`<p class="by">${dates(audit)}${audit.lead_auditor ? `, ${audit.lead_auditor}` : nothing}</p>` });

function frozen(audit, view) {
  if (!audit.snapshot) return { name: 'Evidence frozen', done: false, body: later('The accepted evidence of this stage is listed with version and SHA-256, so that it does not change while the auditor reads.') };
  const open = async () => { if (!view.state.frozen || view.state.frozen.problem) view.set({ frozen: await get(`${api}/snapshot`).catch((problem) => ({ problem })) }); };
  const toggle = () => view.set({ full: !view.state.full });
  return { name: 'Evidence frozen', done: true, body: html`<p class="by">${frozenWords(audit)}</p>${frozenList(audit, view.state.frozen, view.state.full, { open, toggle })}` };
}

function opened(d, view) {
  const { audit, mayWatch } = d;
  const watch = async (g) => { const answer = await activity(g); view.set({ seen: { ...view.state.seen, [g.id]: answer } }); };
  const end = (g) => run(view, () => revoke(g), `Access of ${g.name} revoked`)();
  const entered = audit.grants.some((g) => g.first_used_at);
  return { name: 'Opened to the auditor', done: entered || isOver(audit), body: audit.grants.length ? grantList(audit, { mayWatch, seen: view.state.seen, watch, end })
    : later('One named auditor gets a link that ends by itself. Every look and download is recorded under their name.') };
}

function concluded(audit) {
  const c = audit.conclusion;
  if (!c) return { name: 'Concluded', done: isOver(audit), body: later(audit.kind === 'stage1' ? 'The auditor records whether Stage 2 can go ahead, with areas of concern.' : 'The auditor records graded findings and a recommendation.') };
  return { name: 'Concluded', done: true, body: html`<p class="by">${c.recorded_for ? html`${c.recorded_for.name}, ${when(c.recorded_for.answered_on, day)}; recorded by ${c.by.name}` : html`${c.by.name}, ${when(c.at, moment)}`}</p>
    <p class="strong">${RECOMMENDATIONS[c.recommendation] ?? c.recommendation}</p><p class="pre measure">${c.text}</p>` };
}

const stage2 = (audit) => ({ name: 'Day of Stage 2 confirmed', done: Boolean(audit.stage2_date_confirmed), body: audit.stage2_date_confirmed ? html`<p>${when(audit.stage2_date_confirmed, longDay)}</p>` : later('The certification body confirms it once no open concern would be a major nonconformity.') });

function decided(audit) {
  const made = audit.decision;
  if (!made) return { name: 'Decided', done: false, body: later('Somebody outside the audit team decides, after majors are verified and the plans for minors accepted.') };
  return { name: made.decision === 'granted' ? 'Certification granted' : 'Certification refused', done: true, body: html`<p class="by">${made.decided_by}, ${when(made.decided_on, longDay)}; recorded by ${made.recorded_by.name}, ${when(made.at, moment)}</p>` };
}
