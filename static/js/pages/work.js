/** My work: what is mine, by when? */
import '/js/lib/shell.js';
import { html, page } from '/js/lib/page.js';
import { get } from '/js/lib/api.js';
import { programmeApi, to } from '/js/lib/address.js';
import { tellCounts } from '/js/lib/shell.js';
import { keys } from '/js/lib/keys.js';
import { daysFromToday } from '/js/lib/format.js';
import { empty } from '/js/lib/parts.js';
import { workList } from '/js/lib/todo.js';

/** [heading, whether an item with so many days left belongs under it]; undated ones come last. */
const GROUPS = [
  ['Late', (days) => days !== null && days < 0],
  ['This week', (days) => days !== null && days >= 0 && days < 7],
  ['Later', (days) => days !== null && days >= 7],
  ['Without a date', (days) => days === null],
];

const left = (item) => (item.due ? daysFromToday(item.due) : null);

page('view-work', {
  load: () => get(`${programmeApi}/work`),
  title: () => ['My work'],
  ready(data, view) {
    tellCounts({ work: data.items.length || null, late: data.items.some((i) => i.late_days > 0) });
    const move = (by) => { const all = [...view.querySelectorAll('.list a')]; all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + by))]?.focus(); };
    keys({ j: ['Next', () => move(1)], k: ['Previous', () => move(-1)] });
  },
  draw: (data) => html`<h1>${data.headline}</h1>
    ${data.lede ? html`<p class="lede">${data.lede}</p>` : ''}
    ${data.items.length ? GROUPS.map(([title, belongs]) => group(title, data.items.filter((i) => belongs(left(i))))) : nobody()}`,
});

const group = (title, items) => (items.length ? html`<section class="mt narrow-list"><h2>${title} <span class="faint">${items.length}</span></h2><div class="mt-s">${workList(items)}</div></section>` : '');

const nobody = () => empty('How something becomes yours', 'You own a step, an item or a finding; evidence comes back to you with a reason, or is due for review; or somebody’s evidence waits for your judgement. An auditor asks for the person behind each of these, so nothing here is anonymous.',
  html`<a class="btn btn-main" href=${to('/overview.html')}>See where the programme stands</a>`);
