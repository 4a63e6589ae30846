/** The auditor's own sheet: a private note, findings, the conclusion. */
import { html, nothing } from '/js/lib/page.js';
import { create, post, put } from '/js/lib/api.js';
import { ask } from '/js/lib/dialog.js';
import { clock, count, moment } from '/js/lib/format.js';
import { submit, values } from '/js/lib/forms.js';
import { checkbox, field, tag, when } from '/js/lib/parts.js';
import { said } from '/js/lib/undo.js';
import { act, offered, saidOf } from '/js/pages/finding/actions.js';
import { trail } from '/js/pages/finding/trail.js';
import { GRADES, SHORT_GRADES, stateSign } from '/js/pages/finding/words.js';
import { download } from '/js/pages/review/clause.js';
import { RAISE, RECOMMENDATIONS, recommended, STAGES } from '/js/pages/review/words.js';

export const sheet = (view) => html`<div class="row"><h2>My sheet</h2>${view.at ? html`<span class="push faint">Only you can read this</span>` : nothing}</div>
  ${view.at ? note(view) : html`<p class="soft small">Choose a clause: your private note on it stands here.</p>`}
  ${raising(view)}${mine(view)}${conclusion(view)}`;

function note(view) {
  const kept = view.notes.of(view.at);
  const again = kept.problem ? html` <button class="link" type="button" @click=${() => view.notes.save(view.at)}>Try again</button>` : nothing;
  return html`<div class="field"><label for="note">Note on ${view.at} <kbd class="wide-only" aria-hidden="true">N</kbd></label>
    <textarea id="note" rows="6" maxlength="20000" .value=${kept.text} aria-describedby="note-state" @input=${(e) => view.notes.write(view.at, e.target.value)} @blur=${() => view.notes.save(view.at)}></textarea>
    <small id="note-state" role="status" class=${kept.problem ? 'late' : ''}>${kept.problem ? html`Not saved: ${kept.problem.detail}${again}` : kept.status || 'Saved as you write'}</small></div>`;
}

const mayRaise = (view) => view.room.capabilities.includes('raise_findings');

function raising(view) {
  const { stage } = view.room;
  if (!mayRaise(view)) return nothing;
  if (!view.state.raising) return html`<p class="row"><button class="btn btn-main" type="button" @click=${() => view.raise()}>${RAISE[stage]} <kbd class="wide-only" aria-hidden="true">F</kbd></button></p>`;
  return form(view, view.state.raising);
}

function form(view, draft) {
  const { stage, programme, clauses } = view.room;
  const sites = programme.sites.map((s) => s.name ?? s);
  const items = view.clauses.get(draft.clause)?.items ?? [];
  const typed = draft.typed ?? {};
  const keep = (e) => { draft.typed = values(e.currentTarget); };
  return html`<form class="form raising" novalidate aria-labelledby="raising" @input=${keep} @submit=${submit((sent) => send(view, sent))}>
    <h3 id="raising">${RAISE[stage]}</h3>
    ${stage === 'stage2' ? html`<fieldset class="field"><legend>Grade</legend>${['major', 'minor', 'ofi'].map((g) => html`<label class="check"><input type="radio" name="grade" value=${g} .checked=${g === (typed.grade ?? 'minor')}><span>${GRADES[g]}</span></label>`)}</fieldset>` : nothing}
    ${field({ name: 'clause', id: 'raise-clause', label: 'Clause', kind: 'select', required: true, value: draft.clause, options: clauses.filter((c) => c.assessable).map((c) => [c.number, `${c.number} ${c.title}`]), missing: 'Choose a clause', change: (e) => view.set({ raising: { ...draft, clause: e.target.value } }) })}
    ${items.length ? html`<details class="fold" ?open=${items.length < 4}><summary>Items of ${draft.clause} not met</summary><fieldset class="field" data-list="items"><legend class="sr">Items</legend>${items.map((i) => html`<label class="check"><input type="checkbox" value=${i.id}><span>${i.text} <span class="faint nowrap">${i.id}</span></span></label>`)}</fieldset></details>` : nothing}
    ${field({ name: 'statement', id: 'raise-statement', label: 'Statement', value: typed.statement, kind: 'textarea', rows: 3, required: true, maxlength: 2000, missing: 'Say what is not as required' })}
    ${field({ name: 'objective_evidence', id: 'raise-proof', label: 'Objective evidence', value: typed.objective_evidence, kind: 'textarea', rows: 4, required: true, maxlength: 4000, missing: 'Say what was seen, and where' })}
    ${sites.length > 1 ? field({ name: 'site', id: 'raise-site', label: 'Site', kind: 'select', value: typed.site, options: [['', 'All sites'], ...sites.map((s) => [s, s])] }) : nothing}
    ${stage === 'stage1' ? checkbox({ name: 'could_be_major', label: 'Could become a major at Stage 2' }) : nothing}
    <p class="faint small">The organisation sees it at once, with your name. Cause and solution are theirs to find.</p>
    <p class="row"><button class="btn btn-main">Raise it</button><button class="btn btn-quiet" type="button" @click=${() => view.set({ raising: null })}>Cancel</button></p></form>`;
}

async function send(view, sent) {
  const grade = view.room.stage === 'stage1' ? 'area_of_concern' : sent.grade;
  const raised = await create('/api/review/findings', { ...sent, grade, items: sent.items ?? [] });
  view.room.findings = [...view.room.findings, raised];
  view.set({ raising: null });
  said(`${raised.ref} is raised against ${raised.clause}. Saved ${clock()}`);
}

function mine(view) {
  const { findings, stage } = view.room;
  return html`<section class="mt" aria-labelledby="mine"><h2 id="mine">${stage === 'stage1' ? 'Areas of concern' : 'Findings'}</h2>
    ${findings.length ? html`<ul class="raised mt-s">${findings.map((f) => one(view, f))}</ul>` : html`<p class="soft small mt-s">None raised so far.</p>`}</section>`;
}

const one = (view, f) => html`<li><details><summary><span><b>${f.ref}</b> ${f.statement}</span><span class="foot">${f.clause} ${stateSign(f)}${offered(f).some((a) => a.main) ? html` <span class="late">your turn</span>` : nothing}</span></summary>
  <p class="row mt-s">${tag(f.grade, SHORT_GRADES[f.grade])}${f.could_be_major ? html`<span class="late small">could be a major</span>` : nothing}<span class="faint small">${f.raised_by.name}, ${when(f.raised_at, moment)}</span></p>
  <p class="small mt-s"><span class="faint">Objective evidence:</span> <span class="pre">${f.objective_evidence}</span></p>
  ${f.allowed.length ? html`<p class="row mt-s">${offered(f).map((a) => html`<button class="btn btn-s ${a.main ? 'btn-now' : ''}" type="button" @click=${() => take(view, f, a.action)}>${a.words}</button>`)}</p>` : nothing}
  <div class="mt">${trail(f, (id) => proof(view, id))}</div></details></li>`;

/** Evidence named in an answer: to be opened where it was frozen, else with a word on where to see it. */
function proof(view, id) {
  const file = view.room.named?.[id];
  if (!file) return html`<span class="soft small">Brought after the freeze: ask ${view.room.organisation.name} to show it</span>`;
  return view.room.capabilities.includes('download') ? html`<button class="link small" type="button" @click=${() => download(file, view)}>${file.title}</button> <span class="faint small">version ${file.version}, as frozen</span>` : html`<span class="small">${file.title}</span>`;
}

async function take(view, f, action) {
  const after = await act(f, action, { asBody: true, members: [], send: (name, values) => post(`/api/review/findings/${f.id}/transitions`, { action: name, ...values }, { of: f }) });
  if (!after) return;
  view.room.findings = view.room.findings.map((known) => (known.id === after.id ? after : known));
  view.redraw();
  said(`${saidOf(after, action)}. Saved ${clock()}`);
}

function conclusion(view) {
  const { room } = view;
  const may = room.capabilities.includes('conclude');
  const made = room.conclusion;
  if (!made && !may) return nothing;
  return html`<section class="mt" aria-labelledby="end"><h2 id="end">Conclusion</h2>
    ${made ? html`<p class="strong mt-s">${recommended(room.stage, made.recommendation)}</p><p class="pre small">${made.text}</p><p class="faint small">${made.by?.name ?? ''}, ${when(made.at, moment)}</p>` : html`<p class="soft small mt-s">Recorded once you have seen what you need. ${room.seen < room.total ? `${count(room.total - room.seen, 'clause')} not seen yet.` : nothing}</p>`}
    ${may ? html`<p class="row mt-s"><button class="btn ${made ? 'btn-s' : ''}" type="button" @click=${() => conclude(view)}>${made ? 'Change the conclusion' : `Conclude ${STAGES[room.stage]}`}</button></p>` : nothing}</section>`;
}

async function conclude(view) {
  const { room } = view;
  const made = await ask({
    title: `Conclude ${STAGES[room.stage]}`, action: 'Record the conclusion',
    body: `${room.organisation.name} sees it at once, under your name. It can be changed until the certification body has decided.`,
    fields: [
      html`<fieldset class="field"><legend>Recommendation</legend>${RECOMMENDATIONS[room.stage].map(([key, words, small], i) => html`<label class="check"><input type="radio" name="recommendation" value=${key} .checked=${room.conclusion ? room.conclusion.recommendation === key : i === 0}><span>${words}<small>${small}</small></span></label>`)}</fieldset>`,
      { name: 'text', label: 'Conclusion', kind: 'textarea', rows: 7, required: true, maxlength: 8000, value: room.conclusion?.text, missing: 'Write the conclusion', hint: 'What was audited, how far the aims were met, what remains.' },
    ],
    run: (values) => put('/api/review/conclusion', values),
  });
  if (!made) return;
  await view.refresh();
  said(`${STAGES[room.stage]} is concluded. Saved ${clock()}`);
}
