/** Audits: which is next, and who may see what until when? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { create, get } from '/js/lib/api.js';
import { orgApi, programmeApi, to } from '/js/lib/address.js';
import { keys } from '/js/lib/keys.js';
import { count, day, list, longDay } from '/js/lib/format.js';
import { choices, empty, field, when } from '/js/lib/parts.js';
import { ask } from '/js/lib/dialog.js';
import { sayNext } from '/js/lib/undo.js';
import { ahead, auditTag, dates, isLive, isOver, KINDS, mayDo, RECOMMENDATIONS, standing } from '/js/pages/audit/words.js';

page('view-audits', {
  load: async () => {
    const [answer, organisation] = await Promise.all([get(`${programmeApi}/audits`), get(orgApi)]);
    return { ...answer, sites: Object.fromEntries(organisation.sites.map((s) => [s.id, s.name])) };
  },
  title: () => ['Audits'],
  ready: (data, view) => { if (data.can?.create) keys({ n: ['Plan an audit', () => view.querySelector('.btn-main')?.click()] }); },
  draw: (data) => html`
    <div class="row row-top"><h1 class="grow">${data.headline}</h1>${data.can?.create && data.items.length ? html`<button class="btn btn-main" type="button" @click=${() => plan(data)}>Plan an audit</button>` : nothing}</div>
    ${data.lede ? html`<p class="lede">${data.lede}</p>` : nothing}
    ${data.items.length ? html`<div class="columns"><section aria-labelledby="when"><h2 id="when">In their order</h2>${timeline(data)}</section>
      <div>${access(data)}${coverage(data)}${data.certificate ? certified(data.certificate) : nothing}</div></div>` : first(data)}`,
});

const first = (data) => empty('What belongs here', 'Three kinds of audit lead to the certificate: the internal audit, which covers every clause; Stage 1, which looks at documents and readiness; and Stage 2, which looks at the work itself. For the stages, the evidence is frozen and one named auditor is let in for a limited time.',
  data.can?.create ? html`<button class="btn btn-main" type="button" @click=${() => plan(data)}>Plan the first audit</button>` : nothing);

function timeline(data) {
  const current = data.items.find((a) => !isOver(a));
  return html`<ol class="trail mt">${data.items.map((a) => html`<li class=${isOver(a) ? 'done' : a === current ? 'now' : 'later'} aria-current=${a === current ? 'step' : nothing}>
    <span class="dot" aria-hidden="true">${isOver(a) ? '✓' : ''}</span>
    <h3><a href=${to('/audit.html', { a: a.id })}>${a.title}</a> ${auditTag(a)}</h3>
    <p class="by">${dates(a)}${ahead(a) ? `, ${ahead(a)}` : nothing}${a.lead_auditor ? `, ${a.lead_auditor}` : nothing}${a.sites.length ? `, ${list(a.sites.map((s) => data.sites[s] ?? 'a site'))}` : nothing}</p>
    ${outcome(a).map((line) => html`<p>${line}</p>`)}
    ${a.grants.length ? html`<ul class="accesses">${a.grants.map((g) => html`<li><b>${g.name}</b> ${standing(g)}</li>`)}</ul>` : nothing}</li>`)}</ol>`;
}

function outcome(a) {
  const found = a.findings ? html`<a href=${to('/findings.html', { source: a.kind === 'internal' ? 'internal_audit' : a.kind, state: 'all' })}>${a.kind === 'stage1' ? count(a.findings, 'area of concern', 'areas of concern') : count(a.findings, 'finding')}</a> raised.` : null;
  const frozen = a.snapshot ? html`${count(a.snapshot.evidence_count, 'document or record', 'documents and records')} frozen ${when(a.snapshot.frozen_at, day)}.` : !isOver(a) && a.kind !== 'internal' ? 'Its evidence is not frozen yet.' : null;
  const covers = a.kind === 'internal' ? (a.clauses.length ? `${count(a.clauses.length, 'clause')} covered.` : 'No clauses chosen yet.') : null;
  const decision = a.decision ? html`Certification ${a.decision.decision} on ${when(a.decision.decided_on, longDay)} by ${a.decision.decided_by}.` : null;
  const conclusion = a.conclusion && !a.decision ? `${RECOMMENDATIONS[a.conclusion.recommendation] ?? ''}.` : null;
  const report = a.kind === 'internal' && a.state === 'concluded' && a.report ? html`Report received ${when(a.report.received_on, day)}.` : null;
  const next = a.stage2_date_confirmed ? html`Stage 2 confirmed for ${when(a.stage2_date_confirmed, longDay)}.` : null;
  const line = [frozen, covers, report, found].filter(Boolean).map((part) => html`${part} `);
  return [line.length ? line : null, conclusion, next, decision].filter(Boolean);
}

function access(data) {
  const live = data.items.flatMap((a) => a.grants.filter(isLive).map((g) => ({ ...g, in: a })));
  return html`<section aria-labelledby="access"><h2 id="access">Who can see what from outside</h2>
    ${live.length ? html`<ul class="list mt-s">${live.map((g) => html`<li><span class="sign round ${g.state === 'active' ? 'met' : 'open'}"></span>
      <a href=${to('/audit.html', { a: g.in.id })}>${g.name}</a><span class="when">until ${when(g.expires_at, day)}</span>
      <p>${g.in.title}: what was frozen ${when(g.in.snapshot?.frozen_at, day)}. ${g.state === 'not_yet' ? 'Not open yet. ' : nothing}<span class="soft">${g.name.split(' ')[0]} ${mayDo(g)}.</span></p></li>`)}</ul>`
      : html`<p class="soft mt-s">Nobody. Access is made for one named auditor from a frozen stage, and it ends by itself.</p>`}</section>`;
}

const MANY = 14;

function coverage(data) {
  const { uncovered = [], unvisited = [] } = data.coverage ?? {};
  const sites = unvisited.map((s) => data.sites[s] ?? s);
  return html`<section class="mt-l" aria-labelledby="cover"><h2 id="cover">What internal audits have not covered</h2>
    ${uncovered.length || sites.length ? html`<p class="soft mt-s">${uncovered.length ? `${count(uncovered.length, 'clause')}: ${uncovered.slice(0, MANY).join(', ')}${uncovered.length > MANY ? ` and ${uncovered.length - MANY} more` : ''}. ` : nothing}${sites.length ? `${sites.length === 1 ? 'Site' : 'Sites'}: ${list(sites)}. ` : nothing}Step 6 passes when every clause and site has been audited and the report is in.</p>`
      : html`<p class="soft mt-s">Every clause and site has been audited.</p>`}</section>`;
}

const certified = (c) => html`<section class="mt-l" aria-labelledby="cert"><h2 id="cert">Certificate ${c.number}</h2>
  <p class="soft mt-s">Valid until ${when(c.valid_until, longDay)}. ${c.surveillance.filter((s) => !s.done_on).slice(0, 1).map((s) => html`${s.label} by ${when(s.due, longDay)}.`)}</p></section>`;

const STARTERS = { internal: 'audits every clause and site, by people who do not own what they audit.', stage1: 'looks at documents and readiness and yields areas of concern.', stage2: 'looks at the work itself and yields graded findings and a recommendation.' };

async function plan(data) {
  const programme = await get(programmeApi);
  const likely = data.items.some((a) => a.kind === 'stage1') ? 'stage2' : data.items.some((a) => a.kind === 'internal') ? 'stage1' : 'internal';
  const made = await ask({
    title: 'Plan an audit', action: 'Plan audit',
    fields: [
      html`<fieldset class="field"><legend>Kind</legend>${Object.entries(KINDS).map(([key, words]) => html`<label class="check"><input type="radio" name="kind" value=${key} .checked=${key === likely}><span>${words}<small>${words} ${STARTERS[key]}</small></span></label>`)}</fieldset>`,
      html`<div class="halves">${field({ name: 'start', label: 'First day', kind: 'date', required: true, missing: 'Choose the first day' })}${field({ name: 'end', label: 'Last day', kind: 'date', required: true, missing: 'Choose the last day', hint: 'Due dates of its findings count from here.' })}</div>`,
      { name: 'lead_auditor', label: 'Lead auditor', maxlength: 120, hint: 'Can be named later.' },
      programme.sites.length > 1 ? choices({ name: 'sites', label: 'Sites', options: programme.sites.map((s) => [s, data.sites[s] ?? s]), chosen: programme.sites }) : html``,
    ],
    run: (values) => create(`${programmeApi}/audits`, programme.sites.length > 1 ? values : { ...values, sites: programme.sites }),
  });
  if (!made) return;
  sayNext(`${made.title} is planned.`);
  location.assign(to('/audit.html', { a: made.id }));
}
