/** Requirements as the page needs them: which clause is open, which items are shown, what they add up to. */
import { count, list } from '/js/lib/format.js';

export const LABELS = { 0: 'missing', 1: 'begun', 2: 'mostly', 3: 'met', did_not_occur: 'did not occur' };
export const DID_NOT_OCCUR = 'did_not_occur';
export const RATINGS = [['', 'Any rating'], ['unrated', 'To rate'], ['0', '0 missing'], ['1', '1 begun'], ['2', '2 mostly'], ['3', '3 met'], [DID_NOT_OCCUR, 'Did not occur']];
export const STAGES = [['', 'Both stages'], ['stage1', 'Stage 1'], ['stage2', 'Stage 2']];
export const NO_FILTER = { rating: '', owner: '', stage: '', step: '', q: '' };
const DEEPEST = 3;
const known = new WeakMap();

export const below = (number, place) => !place || number === place || number.startsWith(`${place}.`);
export const ratingName = (rating) => (rating == null ? 'unrated' : String(rating));

/** What stands in the tree: every clause down to the third level that has items in it or below it. */
export function places({ clauses }) {
  if (!known.has(clauses)) known.set(clauses, clauses.filter((c) => c.level <= DEEPEST && clauses.some((d) => d.items.length && below(d.number, c.number))));
  return known.get(clauses);
}

/** The places one goes through with [ and ]: those with nothing below them in the tree. */
export const leaves = (data) => { const all = places(data); return all.filter((c) => !all.some((d) => d !== c && below(d.number, c.number))); };

/** The place in the tree that shows a clause; '' for none. */
export function placeOf(data, clause) {
  if (!clause) return '';
  const all = places(data).filter((c) => below(clause, c.number));
  return all.sort((a, b) => b.level - a.level)[0]?.number ?? '';
}

export const itemOf = (data, id) => data.clauses.flatMap((c) => c.items).find((i) => i.id === id);
export const clauseOf = (id) => id.slice(0, id.lastIndexOf('-'));

export const isFiltered = (f) => Object.values(f).some(Boolean);

/** Whether an item is among those that the filters choose. */
export function fits(item, f) {
  return (!f.rating || ratingName(item.rating) === f.rating)
    && (!f.owner || (f.owner === 'nobody' ? !item.owner : item.owner?.id === f.owner))
    && (!f.stage || item.stage === f.stage || item.stage === 'both')
    && (!f.step || String(item.step) === f.step)
    && (!f.q || `${item.id} ${item.text} ${item.note}`.toLowerCase().includes(f.q.trim().toLowerCase()));
}

/** Clauses below a place with their items as chosen, those without any left out. `keep` names an item that stays. */
export const groups = (data, place, filter, keep) => data.clauses.filter((c) => below(c.number, place))
  .map((clause) => ({ clause, items: clause.items.filter((i) => i.id === keep || fits(i, filter)) })).filter((g) => g.items.length);

/** How many items are rated how. */
export function tally(items) {
  const n = { items: items.length, met: 0, partly: 0, missing: 0, unrated: 0, did_not_occur: 0 };
  for (const { rating } of items) n[rating == null ? 'unrated' : rating === DID_NOT_OCCUR ? DID_NOT_OCCUR : rating === 3 ? 'met' : rating === 0 ? 'missing' : 'partly'] += 1;
  const expected = n.items - n.did_not_occur || 1;
  return { ...n, a: (100 * n.met) / expected, b: (100 * (n.met + n.partly)) / expected };
}

export const tallyOf = (data, place) => tally(data.clauses.filter((c) => below(c.number, place)).flatMap((c) => c.items));

/** "14 items: 6 met, 4 partly, 2 missing and 2 to rate." */
export function sum(n) {
  const kinds = [[n.met, 'met'], [n.partly, 'partly'], [n.missing, 'missing'], [n.unrated, 'to rate'], [n.did_not_occur, 'did not occur']];
  const named = kinds.filter(([many]) => many).map(([many, word]) => `${many} ${word}`);
  return `${count(n.items, 'item')}: ${list(named)}.`;
}

/** "rated 2 mostly", "rated did not occur", "rating taken away" */
export function ratedWords(rating) {
  if (rating == null) return 'to rate again';
  return rating === DID_NOT_OCCUR ? 'rated did not occur' : `rated ${rating} ${LABELS[rating]}`;
}

/** Everybody who owns an item, by name. */
export function owners(data) {
  const found = new Map(data.clauses.flatMap((c) => c.items).filter((i) => i.owner).map((i) => [i.owner.id, i.owner.name]));
  return [...found].sort((a, b) => a[1].localeCompare(b[1]));
}
