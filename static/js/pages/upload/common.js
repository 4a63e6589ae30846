/** Details that many files share: filled in once, put into all. */
import { html } from '/js/lib/page.js';
import '/js/lib/item-picker.js';
import { submit } from '/js/lib/forms.js';
import { ownerOptions } from '/js/lib/people.js';
import { field } from '/js/lib/parts.js';
import { said } from '/js/lib/undo.js';
import { stepOptions } from '../evidence-item/parts.js';

const SAME = ['', 'As each file says'];

/** `apply(values)` puts what is filled in into every file; what is empty stays as each file says. */
export function common(data, view, apply) {
  const send = (values) => {
    const { period = {}, steps, items, ...rest } = values;
    const filled = { ...rest, ...period, ...(items?.length && { items }), ...(steps && { steps: [Number(steps)] }) };
    if (!Object.keys(filled).length) { said('Fill in what all files share first'); return; }
    apply(filled);
    said('Applied to all files');
  };
  return html`<section class="upload-common" aria-labelledby="common"><h2 id="common">The same for all files</h2>
    <form class="form" novalidate @submit=${submit(send)}>
      <div class="halves">${field({ name: 'kind', label: 'Kind', kind: 'select', options: [SAME, ['document', 'Document'], ['record', 'Record']] })}${field({ name: 'owner', label: 'Owner', kind: 'select', options: [SAME, ...ownerOptions(data.members, null).slice(1)] })}</div>
      <div class="halves">${field({ name: 'period.from', label: 'Period covered, first day', kind: 'date' })}${field({ name: 'period.to', label: 'Last day', kind: 'date' })}</div>
      <div class="halves">${field({ name: 'source_system', label: 'Source system', maxlength: 120 })}${field({ name: 'review_by', label: 'Review by', kind: 'date' })}</div>
      <item-picker name="items" label="Items they show"></item-picker>
      ${field({ name: 'steps', label: 'Step they belong to', kind: 'select', options: [SAME, ...stepOptions(view.catalogue)] })}
      <p><button class="btn">Apply to all</button></p>
    </form></section>`;
}
