/** The checklist of a step: what is confirmed by whom on what grounds, and the dialogs to confirm or take back. */
import '/js/lib/evidence-picker.js';
import { html, nothing } from '/js/lib/page.js';
import { put } from '/js/lib/api.js';
import { to } from '/js/lib/address.js';
import { ask, confirmAct } from '/js/lib/dialog.js';
import { moment, sentence } from '/js/lib/format.js';
import { lastMe } from '/js/lib/me.js';
import { field, when } from '/js/lib/parts.js';
import { saidProblem } from '/js/lib/undo.js';
import { isDone, stepApi } from '/js/pages/steps/gates.js';

const GROUPS = { 'review-inputs': 'Inputs of the management review' };
const PROOF = {
  evidence: 'An exit criterion: attach the evidence that shows it.',
  note: 'An exit criterion: say in the note what was shown, or attach the evidence. “Nothing to report” counts.',
};
const send = (step, line, body) => put(`${stepApi(step)}/checklist/${encodeURIComponent(line.id)}`, body, { of: step });

/** Lines that belong together follow one another under their own heading. */
function grouped(lines) {
  const groups = [];
  for (const line of lines) {
    if (groups.at(-1)?.name !== line.group) groups.push({ name: line.group, lines: [] });
    groups.at(-1).lines.push(line);
  }
  return groups;
}

/** `saved(step, text)` gets the step as it is after a change. */
export function checklist(step, saved) {
  const confirmed = step.checklist.filter((line) => line.confirmed).length;
  return html`<section class="checklist" aria-labelledby="lines"><div class="row"><h2 id="lines">Checklist</h2><span class="faint push">${confirmed} of ${step.checklist.length} confirmed</span></div>
    ${grouped(step.checklist).map((g) => html`${g.name ? group(g) : nothing}<ul class="mt-s">${g.lines.map((line) => row(step, line, saved))}</ul>`)}</section>`;
}

/** What holds for every line of a group is said once, above them. */
const group = ({ name, lines: [first] }) => html`<h3 class="mt">${GROUPS[name] ?? sentence(name.replaceAll('-', ' '))}${criterion(first)}</h3><p class="soft small">${first.why}${clause(first)}</p>`;
const criterion = (line) => (line.criterion ? html` <span class="tag tag-now">Exit criterion</span>` : nothing);
const clause = (line) => (line.clause ? html` <a href=${to('/requirements.html', { clause: line.clause })}>Clause ${line.clause}</a>` : nothing);

function row(step, line, saved) {
  const c = line.confirmed;
  return html`<li id=${`line-${line.id}`} class=${c ? 'held' : ''}><span class="tick" aria-hidden="true">${c ? '✓' : ''}</span>
    <div class="grow"><p><b>${line.text}</b>${line.group ? nothing : criterion(line)}${c ? nothing : html`<span class="sr"> (open)</span>`}</p>
      ${line.group ? nothing : html`<p class="soft small">${line.why}${clause(line)}</p>`}
      ${c ? grounds(c) : nothing}</div>
    ${work(step) ? html`<div class="row no-print">${c
      ? html`<button class="btn btn-s btn-quiet" type="button" @click=${() => confirm(step, line, saved)}>Change<span class="sr"> the confirmation of: ${line.text}</span></button><button class="btn btn-s btn-quiet" type="button" @click=${() => takeBack(step, line, saved)}>Take back<span class="sr">: ${line.text}</span></button>`
      : html`<button class="btn btn-s" type="button" @click=${() => confirm(step, line, saved)}>Confirm<span class="sr">: ${line.text}</span></button>`}</div>` : nothing}</li>`;
}

const work = (step) => !isDone(step) && (step.can.work ?? step.can.edit);
const grounds = (c) => html`<p class="small mt-xs">Confirmed by ${c.by.name}, ${when(c.at, moment)}${c.note ? html`: <span class="pre">${c.note}</span>` : nothing}</p>
  ${c.evidence.length ? html`<ul class="small bullets">${c.evidence.map((e) => html`<li><a class="break" href=${to('/evidence-item.html', { e: e.id })}>${e.title || 'Evidence'}</a></li>`)}</ul>` : nothing}`;

async function confirm(step, line, saved) {
  const note = field({ name: 'note', label: 'Note', kind: 'textarea', value: line.confirmed?.note ?? '', rows: 3, maxlength: 4000, hint: line.proof ? nothing : 'What was looked at, who took part, what remains.' });
  const picker = html`<evidence-picker name="evidence" .chosen=${line.confirmed?.evidence ?? []} .suggested=${step.evidence}></evidence-picker>`;
  const fresh = await ask({
    title: `Confirm: ${line.text}`, action: line.confirmed ? 'Confirm again' : 'Confirm',
    body: html`<p>${line.why}</p><p>Your name${lastMe() ? `, ${lastMe().name},` : ''} and the time will stand beside this line. ${PROOF[line.proof] ?? ''}</p>`,
    fields: line.proof === 'evidence' ? [picker, note] : [note, picker],
    run: ({ note: words = '', evidence }) => send(step, line, { confirmed: true, note: words, evidence }),
  });
  saved(fresh, 'Confirmed by you');
}

async function takeBack(step, line, saved) {
  try {
    const fresh = await confirmAct({
      title: `Take back “${line.text}”`, action: 'Take confirmation back',
      body: `${line.confirmed.by.name} confirmed this ${line.criterion ? 'exit criterion; without it the gate is not met' : 'line'}. The note goes with it; the journal keeps who confirmed it and who took it back.`,
      run: () => send(step, line, { confirmed: false, note: '', evidence: [] }),
    });
    saved(fresh, 'Confirmation taken back');
  } catch (problem) { saidProblem(problem); }
}
