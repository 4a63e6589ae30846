/** Raise a finding: what is it, against which requirement, and what shows it? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { create, get } from '/js/lib/api.js';
import { orgApi, params, programmeApi, to } from '/js/lib/address.js';
import { submit } from '/js/lib/forms.js';
import { RAISE, among, myRoles } from '/js/lib/roles.js';
import { sayNext } from '/js/lib/undo.js';
import { checkbox, empty, field } from '/js/lib/parts.js';
import { day } from '/js/lib/format.js';
import { edition } from '/js/pages/audit/clauses.js';
import { GRADES, SOURCES } from '/js/pages/finding/words.js';

const GRADE_HINTS = {
  major: 'The ability to reach the intended results is affected, or related minors add up to that.', minor: 'A requirement is not met, and the intended results are not at risk.',
  ofi: 'Nothing is broken and there is no duty to act. It may not disguise a nonconformity.', area_of_concern: 'Could become a nonconformity at Stage 2. Stage 1 knows no other grade.',
};
const ORIGINS = ['internal_audit', 'stage1', 'stage2', 'gap', 'other'];

page('view-finding-new', {
  load: async () => {
    const [known, members, organisation, audits, roles] = await Promise.all([
      edition(), get(`${orgApi}/members`), get(orgApi), get(`${programmeApi}/audits`).catch(() => ({ items: [] })), myRoles()]);
    return { ...known, members: members.items.map((m) => m.user), sites: organisation.sites.filter((s) => known.programme.sites.includes(s.id)), audits: audits.items, raises: among(roles, RAISE) };
  },
  title: () => ['Raise a finding'],
  state: { source: ORIGINS.includes(params.source) ? params.source : 'internal_audit', grade: 'minor', clause: params.clause ?? params.item?.replace(/-[a-z]+$/, '') ?? '', audit: params.audit ?? '' },
  ready(data, view) { const held = data.audits.find((a) => a.id === params.audit); if (held) view.set({ source: sourceOf(held) }); },
  draw: (data, view) => html`
    <p class="crumb"><a href=${to('/findings.html')}>Findings</a></p>
    <h1>Raise a finding</h1>
    <p class="lede">A good finding has three parts: a statement, the requirement it breaks, and the objective evidence. It leaves cause and solution to its owner.</p>
    ${data.raises ? form(data, view) : empty('Somebody else raises it', 'Findings are raised by internal auditors, the SMS manager, owners and the consultant. Tell one of them what you saw, where and when.')}`,
});

const form = (data, view) => html`<form class="form mt" novalidate @submit=${submit((values) => send(values, data))}>${where(data, view)}${onPaper(data, view)}${what(data, view)}${who(data, view)}
      <p class="row"><button class="btn btn-main">Raise finding</button><a class="btn btn-quiet" href=${to('/findings.html')}>Cancel</a></p>
    </form>`;

const sourceOf = (audit) => (audit.kind === 'internal' ? 'internal_audit' : audit.kind);
const gradeOf = (state) => (state.source === 'stage1' ? 'area_of_concern' : state.grade === 'area_of_concern' ? 'minor' : state.grade);

function where(data, view) {
  const { source } = view.state;
  const held = data.audits.filter((a) => sourceOf(a) === source);
  return html`${field({ name: 'source', label: 'Found in', kind: 'select', required: true, value: source, options: ORIGINS.map((s) => [s, SOURCES[s]]), change: (e) => view.set({ source: e.target.value }),
    hint: source.startsWith('stage') ? 'The auditor raises these in the review room. Enter one here only when it came on paper.' : undefined })}
    ${held.length ? field({ name: 'audit', label: 'Audit', kind: 'select', value: view.state.audit || held.at(-1).id, options: [['', 'None'], ...held.map((a) => [a.id, `${a.title}, ${day(a.start)}`])], hint: 'Due dates count from its last day.' }) : nothing}`;
}

/** A finding of the certification body that came on paper: whose it is, and since when. */
function onPaper(data, view) {
  if (!view.state.source.startsWith('stage')) return nothing;
  return html`<div class="halves">${field({ name: 'recorded_for', label: 'Raised by', required: true, maxlength: 120, value: data.programme.certification_body?.lead_auditor ?? '', missing: 'Enter the auditor’s name' })}
    ${field({ name: 'answered_on', label: 'Raised on', kind: 'date', required: true, missing: 'Choose the day' })}</div>`;
}

function what(data, view) {
  const { clause, source } = view.state;
  const chosen = data.clauses.find((c) => c.number === clause);
  const grade = gradeOf(view.state);
  const grades = source === 'stage1' ? ['area_of_concern'] : ['major', 'minor', 'ofi'];
  return html`<fieldset class="field"><legend>Grade</legend>${grades.map((g) => html`<label class="check"><input type="radio" name="grade" value=${g} .checked=${g === grade} @change=${() => view.set({ grade: g })}><span>${GRADES[g]}<small>${GRADE_HINTS[g]}</small></span></label>`)}</fieldset>
    ${source === 'stage1' ? checkbox({ name: 'could_be_major', label: 'Could become a major nonconformity at Stage 2' }) : nothing}
    ${field({ name: 'clause', label: 'Clause', kind: 'select', required: true, value: clause, missing: 'Choose the clause that is not met', change: (e) => view.set({ clause: e.target.value }),
      options: [['', 'Choose a clause'], ...data.clauses.filter((c) => c.assessable).map((c) => [c.number, `${c.number} ${c.title}`])] })}
    ${chosen?.items ? html`<fieldset class="field" data-list="items"><legend>Items not met <span class="optional">(optional)</span></legend>${chosen.items.map((i) => html`<label class="check"><input type="checkbox" value=${i.id} .checked=${i.id === params.item}><span>${i.text} <span class="faint">${i.id}</span></span></label>`)}</fieldset>` : nothing}
    ${field({ name: 'statement', label: 'Statement', kind: 'textarea', required: true, rows: 3, maxlength: 2000, missing: 'Say what is not as required', hint: 'One sentence: what is not as it has to be.' })}
    ${field({ name: 'objective_evidence', label: 'Objective evidence', kind: 'textarea', required: true, maxlength: 4000, missing: 'Say what was seen, and where', hint: 'What was seen, where, when: records by number, people by role.' })}`;
}

function who(data, view) {
  const mine = view.state.source === 'internal_audit' ? 'Somebody who did not audit it. Can be named later, when it is accepted.' : 'Can be named later, when it is accepted.';
  return html`${data.sites.length > 1 ? field({ name: 'site', label: 'Site', kind: 'select', options: [['', 'All sites'], ...data.sites.map((s) => [s.name, s.name])] }) : nothing}
    ${field({ name: 'owner', label: 'Owner', kind: 'select', options: [['', 'Nobody yet'], ...data.members.map((m) => [m.id, m.name])], hint: mine })}`;
}

async function send(values, data) {
  const raised = await create(`${programmeApi}/findings`, { ...values, items: values.items ?? [] });
  sayNext(`${raised.ref} is raised against ${raised.clause}.`);
  location.assign(to('/finding.html', { f: raised.id }));
}
