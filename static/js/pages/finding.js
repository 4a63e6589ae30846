/** One finding: what happened, why, what was done, did it help? */
import '/js/lib/shell.js';
import '/js/lib/evidence-picker.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get, patch, post } from '/js/lib/api.js';
import { orgApi, params, programmeApi, to, withQuery } from '/js/lib/address.js';
import { refreshCounts } from '/js/lib/shell.js';
import { ask } from '/js/lib/dialog.js';
import { clock, day, list, moment } from '/js/lib/format.js';
import { person, tag, when } from '/js/lib/parts.js';
import { keys } from '/js/lib/keys.js';
import { said } from '/js/lib/undo.js';
import { act, offered, saidOf } from '/js/pages/finding/actions.js';
import { trail } from '/js/pages/finding/trail.js';
import { fromBody, GRADES, SOURCES, stateSign } from '/js/pages/finding/words.js';

const api = `${programmeApi}/findings/${params.f}`;

page('view-finding', {
  load: () => get(api),
  title: (f) => [f.ref, 'Findings'],
  ready: (f, view) => keys({ e: ['Take the main action', () => view.querySelector('.btn-main')?.click()] }),
  draw: (f, view) => html`
    <p class="crumb"><a href=${to('/findings.html')}>Findings</a> / ${f.ref}</p>
    <h1>${f.headline}</h1>
    <p class="lede">${f.lede}</p>
    ${buttons(f, view)}
    <div class="columns">
      <div>${found(f)}
        <section class="mt-l" aria-labelledby="answer"><h2 id="answer">From correction to closure</h2><div class="mt">${trail(f, (id) => proof(f, id))}</div></section></div>
      <div>${facts(f, view)}${past(f)}</div>
    </div>`,
});

function buttons(f, view) {
  const actions = offered(f);
  if (!actions.length) return nothing;
  return html`<p class="row mt no-print">${actions.map((a) => html`<button class="btn ${a.main ? 'btn-main' : ''}" type="button" @click=${() => take(f, a.action, view)}>${a.words}</button>`)}</p>`;
}

const NEED_PEOPLE = ['accept', 'plan'];
const NEED_EVIDENCE = ['correct', 'implement'];

async function around(f, action) {
  const send = (name, values) => post(`${api}/transitions`, { action: name, ...values }, { of: f });
  const [members, suggested, programme] = await Promise.all([
    NEED_PEOPLE.includes(action) ? people() : [],
    NEED_EVIDENCE.includes(action) ? get(withQuery(`${programmeApi}/evidence`, { clause: f.clause, limit: 10 })).then((a) => a.items, () => []) : [],
    fromBody(f) ? get(programmeApi).catch(() => null) : null,
  ]);
  return { send, members, suggested, auditor: programme?.certification_body?.lead_auditor };
}

const people = () => get(`${orgApi}/members`).then((a) => a.items.map((m) => m.user).sort((x, y) => x.name.localeCompare(y.name)));

async function take(f, action, view) {
  const after = await act(f, action, await around(f, action));
  if (!after) return;
  await view.reload();
  refreshCounts();
  said(`${saidOf(after, action)}. Saved ${clock()}`);
}

const found = (f) => html`<section aria-labelledby="found"><h2 id="found">What was found</h2>
  <dl class="said-three mt-s"><dt>Statement</dt><dd class="pre">${f.statement}</dd>
    <dt>Requirement</dt><dd><a href=${to('/requirements.html', { clause: f.clause }, f.items[0])}>${f.clause}</a>${f.requirement ? html` <span class="pre">${f.requirement}</span>` : nothing}</dd>
    <dt>Objective evidence</dt><dd class="pre">${f.objective_evidence}</dd></dl></section>`;

function proof(f, id) {
  const known = f.evidence?.[id];
  return html`<a href=${to('/evidence-item.html', { e: id })}>${known?.title ?? 'Evidence'}</a>${known?.state && known.state !== 'accepted' ? html` ${tag(known.state)}` : nothing}`;
}

function facts(f, view) {
  const row = (name, value) => (value && value !== nothing ? html`<dt>${name}</dt><dd>${value}</dd>` : nothing);
  return html`<section aria-labelledby="facts"><h2 id="facts">${GRADES[f.grade]} ${f.ref}</h2>
    <dl class="facts mt-s">
      ${row('State', stateSign(f))}
      ${f.could_be_major ? row('Grave', html`<span class="late">Could become a major at Stage 2</span>`) : nothing}
      ${row('Raised in', f.audit ? html`<a href=${to('/audit.html', { a: f.audit })}>${SOURCES[f.source]}</a>` : SOURCES[f.source])}
      ${row('Raised by', html`${f.raised_by.name}, ${when(f.raised_at, day)}`)}
      ${row('Items', f.items.length ? list(f.items) : nothing)}
      ${row('Site', f.site)}
      ${row('Owner', person(f.owner))}
      ${row('Plan due', f.due.plan ? due(f.due.plan, f) : nothing)}
      ${row('Proof due', f.due.evidence ? due(f.due.evidence, f) : nothing)}
    </dl>
    ${f.can.edit && f.open ? html`<p class="mt-s no-print"><button class="btn btn-s" type="button" @click=${() => edit(f, view)}>Change owner or dates</button></p>` : nothing}</section>`;
}

const due = (date, f) => when(date, day, f.next_due === date && f.late_days ? 'late' : '');

/** Only what was changed goes into the history. */
function different(values, f) {
  const known = { owner: f.owner?.id, due_plan: f.due.plan, due_evidence: f.due.evidence };
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== known[name]));
}

async function edit(f, view) {
  const members = await people();
  const dates = f.grade === 'ofi' ? [] : [
    { name: 'due_plan', label: 'Plan due', kind: 'date', value: f.due.plan, className: 'field-s' },
    { name: 'due_evidence', label: 'Proof due', kind: 'date', value: f.due.evidence, className: 'field-s', hint: fromBody(f) ? 'The certification body sets these limits. Change them only when it agreed.' : undefined }];
  const changed = await ask({
    title: `Owner and dates of ${f.ref}`, action: 'Save',
    fields: [{ name: 'owner', label: 'Owner', kind: 'select', required: Boolean(f.owner), value: f.owner?.id ?? '', options: [...(f.owner ? [] : [['', 'Nobody yet']]), ...members.map((m) => [m.id, m.name])] }, ...dates],
    run: (values) => { const changes = different(values, f); return Object.keys(changes).length ? patch(api, changes, { of: f }) : true; },
  });
  if (!changed) return;
  await view.reload();
  said(`${f.ref} changed. Saved ${clock()}`);
}

const ANSWERS = ['correction', 'cause', 'plan', 'plan_acceptance', 'implementation', 'verification', 'effectiveness'];
/** What stands in the path already is not said again. */
const line = (f) => (r) => html`<li><p>${r.by.name} ${r.says}</p>${r.text && !ANSWERS.some((part) => f[part]?.text === r.text) ? html`<p class="soft small pre">${r.text}</p>` : nothing}
  ${r.recorded_for ? html`<p class="soft small">Answer of ${r.recorded_for.name}, ${when(r.recorded_for.answered_on, day)}</p>` : nothing}<small>${when(r.at, moment)}</small></li>`;
const past = (f) => html`<section class="mt-l" aria-labelledby="past"><h2 id="past">History</h2><ol class="history mt-s">${f.history.toReversed().map(line(f))}</ol></section>`;
