/** The middle of the room: a clause with its items and their frozen evidence, or the scope before all clauses. */
import { html, nothing } from '/js/lib/page.js';
import { post } from '/js/lib/api.js';
import { clock, day, longDay, moment, month, period, sentence, shortHash, size } from '/js/lib/format.js';
import { problemBox, when } from '/js/lib/parts.js';
import { said, saidProblem } from '/js/lib/undo.js';
import { editionName } from '/js/pages/review/words.js';

/** Ask for the file's address, which lives for a minute, and save the file; the download is recorded first. */
export async function download(file, view) {
  try {
    const { url } = await post(`/api/review/evidence/${file.id}/versions/${file.version}/download`, {});
    file.viewed_at = new Date().toISOString();
    location.assign(url); // an attachment: the page stays
    said(`${file.filename} is being saved. Recorded ${clock()}`);
    view.redraw();
  } catch (problem) { saidProblem(problem); }
}

/** Download the first file in the clause not opened yet, or the one that holds the focus. */
export function openNext(view) {
  const buttons = [...view.querySelectorAll('.file [data-open]')];
  const here = document.activeElement?.closest('.file')?.querySelector('[data-open]');
  (here ?? buttons.find((b) => !b.dataset.opened) ?? buttons[0])?.click();
}

const asFrozen = (file) => (file.after_freeze ? nothing : html`<span class="as-frozen">✓ as frozen</span>`);
const fact = (name, value) => (value && value !== nothing ? html`<div><dt>${name}</dt> <dd>${value}</dd></div>` : nothing);

function evidence(file, view, key) {
  const mayOpen = view.room.capabilities.includes('download');
  const name = file.filename ?? file.title;
  return html`<div class="file"><span class="ext" aria-hidden="true">${file.label}</span>
    ${mayOpen ? html`<button class="link name" type="button" @click=${() => download(file, view)}>${name}</button>
      <button class="btn btn-quiet btn-s" type="button" data-open data-opened=${file.viewed_at ? '1' : nothing} @click=${() => download(file, view)}>Open<span class="sr"> ${name}</span>${key ? html` <kbd aria-hidden="true" class="wide-only">O</kbd>` : nothing}</button>`
    : html`<b class="name">${name}</b><span class="faint small">reading only</span>`}
    <dl>${fact(sentence(file.kind), `v${file.version}`)}
      ${file.title !== name ? fact('Title', file.title) : nothing}
      ${fact('Owner', file.owner?.name)}
      ${fact('Approved', file.approved ? html`${file.approved.by?.name ?? file.approved.by}, ${when(file.approved.at, day)}` : nothing)}
      ${fact('Covers', file.period ? period(file.period) : nothing)}
      ${fact('From', file.source_system)}
      ${fact('Next review', file.review_by ? when(file.review_by, (d) => month(d)) : nothing)}
      ${fact('Size', size(file.length))}
      ${file.after_freeze ? html`<div><dd class="tag tag-new">Added after the freeze</dd></div>` : nothing}
      ${file.viewed_at ? html`<div class="opened"><dd>✓ opened ${when(file.viewed_at, moment)}</dd></div>` : nothing}</dl>
    <details class="hash"><summary>sha256 ${shortHash(file.sha256)} ${asFrozen(file)}</summary><span>${file.sha256}</span></details></div>`;
}

/** One clause; every file stands whole under the first item it belongs to, and by name under the others. */
export function clausePane(clause, view) {
  const shown = new Set();
  let first = true;
  const files = (item) => item.evidence.map((file) => {
    const id = `${file.id}:${file.version}`;
    if (shown.has(id)) return html`<p class="foot again"><button class="link" type="button" @click=${() => download(file, view)}>${file.filename ?? file.title}</button> <span class="faint">shown above</span></p>`;
    shown.add(id);
    const block = evidence(file, view, first);
    first = false;
    return block;
  });
  const line = view.room.clauses.find((c) => c.number === clause.number);
  return html`<div class="row row-top"><h1 class="grow" tabindex="-1">${clause.number} ${clause.title}</h1>
      <label class="check seen no-print"><input type="checkbox" .checked=${line?.seen ?? false} @change=${(e) => view.mark(clause.number, e.target.checked)}><span>Seen <kbd class="wide-only" aria-hidden="true">S</kbd></span></label></div>
    ${clause.summary ? html`<p class="lede">${clause.summary}</p>` : nothing}
    <p class="faint small mt-s">${frozenLine(view.room)}</p>
    <div class="mt">${clause.items.map((item) => html`<div class="item" id=${item.id}><span class="id">${item.id}</span><p>${item.text}</p>
      <div class="wide">${item.evidence.length ? files(item) : html`<p class="faint small">No evidence was frozen for this item. An interview, an observation or live data may show it.</p>`}</div></div>`)}</div>
    <p class="row mt no-print"><button class="btn" type="button" @click=${() => view.seenAndOn(clause.number)}>${line?.seen ? 'Next not seen' : 'Seen, and on to the next'}</button></p>`;
}

const frozenLine = (room) => html`Frozen ${when(room.frozen_at, (v) => `on ${longDay(v)}, ${clock(v)}`)}, with ${room.evidence_count} documents and records.${room.added_since ? ` ${room.added_since} added since and marked.` : nothing}`;

/** Before all clauses: what is audited, and how this room works. */
export function scopePane(room, view) {
  const { programme } = room;
  return html`<h1 tabindex="-1">${room.headline}</h1><p class="lede">${room.lede}</p>
    <div class="measure stack stack-l mt">
      <section aria-labelledby="scope"><h2 id="scope">Scope</h2><p class="pre mt-s">${programme.scope_statement || html`<span class="faint">No scope statement was written when this was frozen.</span>`}</p>
        <dl class="facts mt-s"><dt>Criteria</dt><dd>${editionName(programme.edition)}</dd>
          <dt>Sites</dt><dd>${programme.sites.length ? programme.sites.map((s) => s.name ?? s).join(', ') : html`<span class="faint">none named</span>`}</dd>
          <dt>Frozen</dt><dd>${when(room.frozen_at, (v) => `${longDay(v)}, ${clock(v)}`)}${room.digest ? html`<details class="hash"><summary>sha256 of the list ${shortHash(room.digest)}</summary><span>${room.digest}</span></details>` : nothing}</dd></dl></section>
      <section aria-labelledby="how"><h2 id="how">How this room works</h2><ul class="bullets mt-s">
        <li>You see what was accepted for ${room.stage === 'stage1' ? 'Stage 1' : 'Stage 2'} when it was frozen. It does not change while you audit.</li>
        <li>What you open and download is recorded under your name, and the organisation can read that record.</li>
        <li>Notes and “seen” marks are yours alone. Findings and the conclusion reach the organisation at once.</li>
        <li>Access ends ${when(room.expires_at, (v) => `on ${longDay(v)}, ${clock(v)}`)}, and a session after 30 minutes without a click.</li></ul></section>
      <section aria-labelledby="steps"><h2 id="steps">The eleven steps, as they stood</h2><ol class="list list-plain steps-list mt-s">${room.steps.map((s) => html`<li><span>${s.number} ${s.name}</span><span class="when">${stepWord(s)}</span>
        ${s.evidence?.length ? html`<div class="of-step">${s.evidence.map((file) => evidence(file, view, false))}</div>` : nothing}</li>`)}</ol></section></div>
    <p class="row mt no-print"><button class="btn" type="button" @click=${() => view.nextUnseen()}>Begin with the first clause not seen</button></p>`;
}

const stepWord = (s) => {
  const words = { not_started: 'not started', in_progress: 'in progress', done: 'done', overridden: 'passed with a reason', reopened: 'reopened' }[s.state] ?? s.state;
  return s.ended && ['done', 'overridden'].includes(s.state) ? html`${words} ${when(s.ended, day)}` : words;
};

/** What stands in the middle while a clause comes or did not come. */
export const waiting = (number, problem, retry) => html`<h1 tabindex="-1">${number}</h1>${problem ? html`<div class="mt">${problemBox(problem, retry)}</div>` : html`<p class="lede">Asking for its evidence …</p>`}`;
