/** What becomes of each file: its details, and the evidence made of it. */
import { create, get, post } from '/js/lib/api.js';
import { programmeApi } from '/js/lib/address.js';

let serial = 0;

/** "Emergency-Changes_Mar.xlsx" → "Emergency Changes Mar" */
export const titleOf = (filename) => filename.replace(/\.[^.]{1,8}$/, '').replace(/[_\s]+/g, ' ').replace(/(?<=\p{L})-(?=\p{L})|(?<=\d)-(?=\p{L})|(?<=\p{L})-(?=\d)/gu, ' ').trim().slice(0, 200) || filename.slice(0, 200);

/** Documents are mostly text files; exports, pictures and mail mostly show what happened. */
const kindOf = (filename) => (/\.(docx?|odt|pptx?|odp|md)$/i.test(filename) || /polic|procedure|plan\b|process|guide|manual/i.test(filename) ? 'document' : 'record');

/** A file of the queue with what will be said of it. */
export function entryOf(item, { me }, { item: target, step }) {
  return {
    id: `file-${serial += 1}`, item, open: true, title: titleOf(item.file.name), kind: kindOf(item.file.name), owner: me.id, source_system: '',
    from: '', to: '', review_by: '', items: target ? [target] : [], steps: step ? [Number(step)] : [], note: '', problem: null, made: null,
  };
}

/** What is still missing before it can be submitted. */
export const lacks = (entry) => [!entry.title.trim() && 'title', !entry.owner && 'owner', entry.kind === 'record' && !(entry.from && entry.to) && 'period'].filter(Boolean);

function body(entry) {
  const period = entry.from || entry.to ? { from: entry.from || null, to: entry.to || null } : null;
  return {
    title: entry.title.trim(), kind: entry.kind, owner: entry.owner || null, items: entry.items, steps: entry.steps, upload: entry.item.result.id,
    ...(entry.source_system.trim() && { source_system: entry.source_system.trim() }), ...(period && { period }), ...(entry.review_by && { review_by: entry.review_by }),
  };
}

async function finish(entry, made, submit) {
  entry.made = made;
  entry.problem = null;
  entry.open = false;
  if (!submit) return;
  try {
    entry.made = await post(`${programmeApi}/evidence/${made.id}/submit`, {}, { of: made });
  } catch (problem) { entry.notSubmitted = problem.detail; }
}

/** Make evidence of a file that has arrived; a Problem stays with the entry. */
export async function keep(entry, submit) {
  try {
    await finish(entry, await create(`${programmeApi}/evidence`, body(entry)), submit);
  } catch (problem) { entry.problem = problem; }
}

/** Make a version of a file that has arrived. */
export async function addVersion(entry, data, submit) {
  try {
    const address = `${programmeApi}/evidence/${data.replaced.id}`;
    const fresh = await get(address);
    await finish(entry, await create(`${address}/versions`, { upload: entry.item.result.id, ...(entry.note.trim() && { note: entry.note.trim() }) }, { of: fresh }), submit);
  } catch (problem) { entry.problem = problem; }
}
