/** Cost: audit, consultancy and internal effort, each from figures the reader can change. */
import { count, number } from '/js/lib/format.js';

/** IAF MD 5, quality management: up to this many people, so many days for both stages. */
const DAYS = [[5, 1.5], [10, 2], [15, 2.5], [25, 3], [45, 4], [65, 5], [85, 6], [125, 7], [175, 8], [275, 9], [425, 10], [625, 11], [875, 12], [1175, 13], [1550, 14],
  [2025, 15], [2675, 16], [3450, 17], [4350, 18], [5450, 19], [6800, 20], [8500, 21], [10700, 22]];

const form = document.getElementById('cost');
const half = (n) => Math.round(n * 2) / 2;
const days = (n) => (n === 1 ? '1 day' : `${number(n)} days`);
const money = (n) => number(Math.round(n));

function input() {
  return Object.fromEntries([...form.elements].filter((e) => e.name).map((e) => [e.name, e.value === '' || !e.validity.valid ? null : Number(e.value)]));
}

function initialDays({ people, quoted, factor }) {
  if (quoted) return { days: quoted, from: `${days(quoted)}, from your quotation` };
  const row = DAYS.find(([top]) => (people ?? 1) <= top);
  if (!row) return null;
  const adjusted = half(row[1] * (1 + (factor ?? 0) / 100));
  return { days: adjusted, from: factor ? `${days(row[1])} ${factor < 0 ? 'less' : 'plus'} ${Math.abs(factor)} %` : days(row[1]) };
}

function audit(v) {
  const initial = initialDays(v);
  if (!initial) return [['Beyond the stand-in table', 'ask the body']];
  const first = half(initial.days * (v.split ?? 30) / 100);
  const rows = [
    [v.quoted ? 'Quoted for both stages' : `Stand-in for ${count(v.people ?? 1, 'person', 'people')}`, initial.from],
    ['Stage 1', days(first)], ['Stage 2', days(initial.days - first)],
    ['Sites visited if they may be sampled', `${Math.ceil(Math.sqrt(v.sites ?? 1))} of ${v.sites ?? 1}`],
    ['Surveillance, each year, about', days(half(initial.days / 3))], ['Recertification, about', days(half(initial.days * 2 / 3))],
  ];
  if (v.rate) rows.push(['Initial audit, with travel', money(initial.days * v.rate + (v.travel ?? 0)), true]);
  return [...rows.slice(0, 1), ...(v.rate ? [] : [['Both stages', days(initial.days), true]]), ...rows.slice(1)];
}

function consultancy(v) {
  const work = (v.base ?? 0) * (v.industry ?? 1) * (1 + (v.gap ?? 0) / 100);
  const travel = Math.max(0, (v.sites ?? 1) - 1) * (v.perSite ?? 0);
  const total = half(work + travel);
  const rows = [[`${number(v.base ?? 0)} × ${v.industry ?? 1} × (1 + ${v.gap ?? 0} %)`, days(half(work))], ['Further sites', days(half(travel))], ['Together', days(total), true]];
  return v.consultRate ? [...rows, ['Fee', money(total * v.consultRate), true]] : rows;
}

function internal(v) {
  const team = half((v.core ?? 0) * (v.weekly ?? 0) * (v.weeks ?? 0));
  const others = half(Math.max(0, (v.people ?? 0) - (v.core ?? 0)) * (v.training ?? 0));
  const rows = [['Project team', days(team)], ['Everybody else', days(others)], ['Together', days(team + others), true]];
  return v.dayCost ? [...rows, ['Cost', money((team + others) * v.dayCost), true]] : rows;
}

function show(id, rows) {
  const cell = (name, text, total) => Object.assign(document.createElement(name), { textContent: text, className: total ? 'total' : '' });
  document.getElementById(id).replaceChildren(...rows.flatMap(([words, value, total]) => [cell('dt', words, total), cell('dd', value, total)]));
}

function draw() {
  const v = input();
  show('audit-out', audit(v));
  show('consult-out', consultancy(v));
  show('internal-out', internal(v));
}

form.addEventListener('input', draw);
form.addEventListener('submit', (e) => e.preventDefault());
draw();
