/** Readiness by clause: a row per top clause, a cell per clause; shape and word as well as colour. */
import { html } from '/js/lib/page.js';
import { to } from '/js/lib/address.js';
import { percent } from '/js/lib/format.js';

const CELLS = { met: ['m', 'met'], partly: ['p', 'partly met'], missing: ['x', 'missing'], unrated: ['', 'not rated yet'] };

/** "Context of the organization" is known as "Context". */
const brief = (title) => title.replace(/ of the .*$/, '').replace(/^Performance evaluation$/, 'Evaluation');

function cell(c) {
  const [shape, words] = CELLS[c.state] ?? CELLS.unrated;
  return html`<a class=${shape} href=${to('/requirements.html', { clause: c.clause })} title=${`${c.clause} ${c.title}: ${words}`}>${c.clause}<span class="sr"> ${c.title}: ${words}</span></a>`;
}

/** The map with its key. */
export const heat = (clauses) => html`<div class="heat">${clauses.map((row) => html`<span title=${row.title}>${row.top} ${brief(row.title)}</span>
    <span class="cells">${row.cells.map(cell)}</span><span class="num">${percent(row.percent)}</span>`)}</div>
  <p class="key"><span>Filled: met</span><span>Half: partly met</span><span><span class="no-print">Red</span><span class="print-only-inline">Dark</span> outline: missing</span><span>Empty: not rated yet</span></p>`;
