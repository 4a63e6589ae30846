/** Coverage of an internal audit: clauses in a matrix, whole branches at once. */
import { html, nothing } from '/js/lib/page.js';
import { count } from '/js/lib/format.js';
import { below } from '/js/pages/audit/clauses.js';

const assessable = (clauses) => clauses.filter((c) => c.assessable);

/** Branches worth a box of their own: headings with at least two clauses below. */
function branches(clauses) {
  const tops = clauses.filter((c) => !c.number.includes('.'));
  return tops.map((top) => ({ top, groups: groupsOf(top, clauses) })).filter((b) => b.groups.length);
}

function groupsOf(top, clauses) {
  const seconds = clauses.filter((c) => /^\d+\.\d+$/.test(c.number) && below(c.number, top.number));
  return seconds.map((head) => ({ head, clauses: assessable(clauses).filter((c) => below(c.number, head.number)) })).filter((g) => g.clauses.length);
}

/** Clauses without a branch that follow each other stand in one block. */
function runs(groups) {
  const out = [];
  for (const g of groups) {
    if (g.clauses.length > 1) out.push(g);
    else if (Array.isArray(out.at(-1))) out.at(-1).push(g);
    else out.push([g]);
  }
  return out;
}

/** The matrix; `chosen` is a Set, `change(numbers, on)` moves several at once. */
export function matrix(clauses, chosen, { change, save, dirty, may }) {
  const all = assessable(clauses).map((c) => c.number);
  const box = (c) => html`<label class="check" title=${c.title}><input type="checkbox" .checked=${chosen.has(c.number)} ?disabled=${!may} @change=${(e) => change([c.number], e.target.checked)}><span>${c.number} <span class="faint">${c.title}</span></span></label>`;
  return html`<p class="soft mt-s">${count(chosen.size, 'clause')} of ${all.length} chosen. ${chosen.size < all.length ? 'Together, the internal audits have to cover every one before step 6 passes.' : nothing}</p>
    ${may ? html`<p class="row mt-s no-print">${whole('All clauses', all, chosen, change)}<button class="btn ${dirty ? 'btn-main' : ''} btn-s" type="button" ?disabled=${!dirty} @click=${save}>Save coverage</button>${dirty ? html`<span class="saved">Not saved yet</span>` : nothing}</p>` : nothing}
    <div class="coverage mt">${branches(clauses).map(({ top, groups }) => html`<fieldset><legend>${top.number} ${top.title}</legend>
      ${runs(groups).map((g) => (Array.isArray(g) ? html`<div class="inner">${g.map((one) => box(one.clauses[0]))}</div>` : html`<div role="group" aria-label="${g.head.number} ${g.head.title}">
        ${may ? whole(`All of ${g.head.number}`, g.clauses.map((c) => c.number), chosen, change) : nothing}<div class="inner">${g.clauses.map(box)}</div></div>`))}</fieldset>`)}</div>`;
}

function whole(words, numbers, chosen, change) {
  const on = numbers.filter((n) => chosen.has(n)).length;
  return html`<label class="check strong"><input type="checkbox" .checked=${on === numbers.length} .indeterminate=${on > 0 && on < numbers.length} @change=${(e) => change(numbers, e.target.checked)}><span>${words} <span class="faint">${on} of ${numbers.length}</span></span></label>`;
}
