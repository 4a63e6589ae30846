/** What is in the way, and what is mine to do: the lists that several pages show. */
import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { soon } from '/js/lib/format.js';
import { dueBy, when } from '/js/lib/parts.js';
import { onlyRead } from '/js/lib/roles.js';

const LONG = 110;

/** A text cut at a word, with the whole of it on hover. */
export function shortened(text, most = LONG) {
  if (text.length <= most) return text;
  return html`<span title=${text}>${text.slice(0, text.lastIndexOf(' ', most))}…</span>`;
}

const sign = (b) => (b.severity === 'stop' ? html`<span class="sign round missing"></span>` : html`<span class="sign round half partly"></span>`);
const owner = (b) => (b.owner && !b.why.includes(b.owner.name) ? ` Owner: ${b.owner.name}.` : nothing);

/** Blockers of a gate: filled and red would cost the certificate, half and amber is still to do. */
export const blockerList = (blockers) => html`<ul class="list">${blockers.map((b) => html`<li>${sign(b)}
  <a class="break" href=${b.href ?? nothing}><b>${b.severity === 'stop' ? html`<span class="sr">Would cost the certificate: </span>` : nothing}${shortened(b.text)}</b></a>
  ${b.due ? html`<span class="when">${dueBy(b.due)}</span>` : html`<span></span>`}<p>${b.why}${owner(b)}</p></li>`)}</ul>`;

/** Things to do: late ones marked, with the reason below unless `brief`. */
export const workList = (items, brief = false) => html`<ul class="list">${items.map((w) => html`<li><span class="sign ${w.late_days ? 'missing' : ''}"></span>
  <a class="break" href=${w.href}>${shortened(w.title)}</a>
  ${w.due ? when(w.due, soon, w.late_days ? 'when late' : 'when') : html`<span></span>`}
  ${brief || !w.text ? nothing : html`<p>${shortened(w.text, 200)}</p>`}</li>`)}</ul>`;

const ACTIONS = {
  unrated: 'Rate the open items', 'scope-missing': 'Write the scope statement', 'scope-not-agreed': 'Go to the scope', period: 'Show the records',
  'review-inputs': 'Cover the review inputs', 'audit-missing': 'Plan the audit', decision: 'Record the decision', 'decided-by': 'Put the decision right',
  refused: 'Open the audit', 'stage2-date': 'Record the Stage 2 date', 'stage2-again': 'Plan another Stage 2', 'not-concluded': 'Open the audit', 'stage1-open': 'Open Stage 1',
};
const KINDS = {
  finding: (rest) => `Work on ${rest}`, gap: (rest) => `Work on clause ${rest}`, document: (rest) => `Work on clause ${rest}`,
  line: () => 'Confirm the first of them', report: () => 'Open the audit', uncovered: () => 'Open the audit', site: () => 'Open the audit',
};

/** The words of the button that begins with a blocker: "Work on IA-03". */
export function actionWords(blocker) {
  if (onlyRead()) return 'Open the first';
  const [kind, rest] = blocker.code.split(/:(.*)/s);
  return ACTIONS[blocker.code] ?? KINDS[kind]?.(rest) ?? 'Begin with the first';
}
