/** Who owns a step, and when it is to begin and end. */
import { get, patch } from '/js/lib/api.js';
import { orgApi } from '/js/lib/address.js';
import { ask } from '/js/lib/dialog.js';
import { named, stepApi } from '/js/pages/steps/gates.js';

/** Ask for owner and dates; resolves with the step, or null when left. */
export async function planStep(step) {
  const { items } = await get(`${orgApi}/members`);
  const owners = [['', 'Nobody yet'], ...items.map((m) => [m.user.id, m.user.name])];
  return ask({
    title: `Plan ${named(step)}`, action: 'Save plan',
    body: step.weeks ? `${step.weeks[0]} to ${step.weeks[1]} weeks are usual for 100 to 200 people at one to three sites.` : '',
    fields: [
      { name: 'owner', label: 'Owner', kind: 'select', options: owners, value: step.owner?.id ?? '', hint: 'Sees to it that the step gets done, and finds it under My work when it is late.' },
      { name: 'planned_start', label: 'Begin', kind: 'date', value: step.planned_start ?? '', className: 'field-s' },
      { name: 'planned_end', label: 'End', kind: 'date', value: step.planned_end ?? '', className: 'field-s' },
    ],
    run: ({ owner = null, planned_start = null, planned_end = null }) => patch(stepApi(step), { owner, planned_start, planned_end }, { of: step }),
  });
}
