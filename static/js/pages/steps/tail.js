/** The tail of step 11: answers, decision, certificate, surveillance, recertification. */
import { html, nothing } from '/js/lib/page.js';
import { to } from '/js/lib/address.js';
import { longDay } from '/js/lib/format.js';
import { dueBy, when } from '/js/lib/parts.js';

const SIGNS = { done: 'met', next: 'half partly', later: 'open' };
const WORDS = { done: 'done', next: 'next', later: 'later' };
const rows = (tail) => tail.lines ?? tail.items ?? tail;

/** Where a line is worked on: what was found among the findings, the rest at the Stage 2 audit. */
function place(line) {
  if (line.href) return line.href;
  return line.key === 'findings_answered' ? to('/findings.html', { source: 'stage2' }) : to('/audits.html');
}

const row = (line) => html`<li><span class="sign round ${SIGNS[line.state] ?? 'open'}"></span>
  ${line.state === 'next' ? html`<a href=${place(line)}><b>${line.label}</b></a>` : html`<span>${line.label}</span>`}
  <span class="when"><span class="sr">${WORDS[line.state]} </span>${line.done_on ? when(line.done_on, longDay) : line.due ? dueBy(line.due) : nothing}</span><p>${line.text}</p></li>`;

export const tail = (data) => html`<section aria-labelledby="tail"><h2 id="tail">After the audit</h2>
  <p class="soft small mt-s measure">The certificate does not come with the last audit day: findings are answered, somebody outside the audit team decides, and surveillance keeps it for three years.</p>
  <ol class="list mt-s">${rows(data).map(row)}</ol></section>`;
