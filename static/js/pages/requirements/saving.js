/** Saving changes of items: shown at once, one request at a time for each item, undo, and what to do when somebody was faster. */
import { get, put } from '/js/lib/api.js';
import { programmeApi } from '/js/lib/address.js';
import { clock } from '/js/lib/format.js';
import { said, saidProblem } from '/js/lib/undo.js';

const lanes = new Map();
let latest = null;

const address = (id) => `${programmeApi}/requirements/${encodeURIComponent(id)}`;
const bodyOf = (shown) => Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, name === 'owner' ? value?.id ?? null : value]));
const before = (item, shown) => Object.fromEntries(Object.keys(shown).map((name) => [name, item[name] ?? (name === 'note' ? '' : null)]));

/** Change an item: `shown` are fields as the page shows them, `words` what was done ("rated 2 mostly"). */
export function change(item, shown, words, redraw) {
  const lane = lanes.get(item.id) ?? { etag: item.etag, sure: { ...item }, waiting: [], sending: false };
  lanes.set(item.id, lane);
  if (!lane.sending) Object.assign(lane, { etag: item.etag, sure: { ...item } });
  lane.waiting.push({ shown, words, back: before(item, shown) });
  Object.assign(item, shown, { conflict: null });
  redraw();
  if (!lane.sending) send(item, lane, redraw);
}

/** Take the latest change back. */
export function undoLatest() {
  if (!latest) { said('There is nothing to take back'); return; }
  const { item, back, redraw } = latest;
  latest = null;
  change(item, back, 'taken back', redraw);
}

async function send(item, lane, redraw) {
  lane.sending = true;
  while (lane.waiting.length) {
    const sent = lane.waiting.splice(0);
    const shown = Object.assign({}, ...sent.map((s) => s.shown));
    try {
      const answer = await put(address(item.id), bodyOf(shown), { of: { etag: lane.etag } });
      Object.assign(lane, { etag: answer.etag, sure: answer });
      Object.assign(item, answer, ...lane.waiting.map((w) => w.shown), { savedAt: new Date() });
      saved(item, sent, redraw);
    } catch (problem) {
      if (problem.slug === 'stale') await overtaken(item, lane, shown, redraw); else failed(item, lane, sent, problem, redraw);
    }
    redraw();
  }
  lane.sending = false;
}

function saved(item, sent, redraw) {
  const { words } = sent.at(-1);
  const back = Object.assign({}, ...sent.map((s) => s.back).reverse());
  latest = words === 'taken back' ? null : { item, back, redraw };
  said(`${item.id}: ${words}. Saved ${clock()}`, latest ? 'Undo' : undefined, undoLatest);
}

function failed(item, lane, sent, problem, redraw) {
  const dropped = [...sent, ...lane.waiting.splice(0)];
  Object.assign(item, lane.sure);
  saidProblem(problem, 'Try again', () => change(item, Object.assign({}, ...dropped.map((s) => s.shown)), dropped.at(-1).words, redraw));
}

/** Somebody else changed the item meanwhile: show theirs, offer mine. */
async function overtaken(item, lane, shown, redraw) {
  const mine = Object.assign({}, shown, ...lane.waiting.splice(0).map((w) => w.shown));
  try {
    const theirs = await get(address(item.id));
    Object.assign(lane, { etag: theirs.etag, sure: theirs });
    Object.assign(item, theirs, { conflict: { mine, by: theirs.changed_by?.name ?? 'Somebody else', at: theirs.changed_at } });
  } catch (problem) {
    Object.assign(item, lane.sure);
    saidProblem(problem);
  }
  redraw();
}

/** True while something is on its way to the server. */
export const unsaved = () => [...lanes.values()].some((lane) => lane.sending);
