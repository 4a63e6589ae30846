/** The headline of the upload: what arrived, what did not, what became of it. */
import { sentence } from '/js/lib/format.js';

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const many = (n, one, several) => `${WORDS[n] ?? n} ${n === 1 ? one : several}`;
const files = (n) => many(n, 'file', 'files');
const say = (head, lede) => ({ headline: sentence(head), lede });

/** `entries` of the page, the evidence that gets a new version or null, and the page's {item, step}. */
export function headline(entries, replaced, { item, step }) {
  const arrived = entries.filter((e) => e.item.state === 'done').length;
  const failed = entries.filter((e) => e.item.state === 'failed').length;
  const coming = entries.length - arrived - failed;
  const made = entries.filter((e) => e.made);
  if (!entries.length) return { headline: asked(replaced, item, step), lede: replaced ? 'The versions before stay as they are. What was accepted is reviewed anew.' : 'A reviewer looks for owner, source system, period covered and a date to look again.' };
  if (failed && !coming) return say(`${files(failed)} did not arrive`, `${arrived ? `${sentence(files(arrived))} arrived. ` : ''}Nothing is half stored; what to do stands beside each file.`);
  if (made.length === entries.length) return added(made, replaced);
  if (coming) return say(arrived ? `${WORDS[arrived] ?? arrived} of ${files(entries.length)} arrived` : `${files(entries.length)} on the way`, 'Fill in what is known meanwhile. Keep this page open until everything has arrived.');
  if (replaced) return say('the new version arrived whole', 'Say what changed, then add it: somebody other than the owner accepts it.');
  return say(`${files(arrived)} arrived whole`, `Add owner, period and the items ${arrived === 1 ? 'it' : 'each'} shows, then submit: somebody other than the owner accepts it.`);
}

function asked(replaced, item, step) {
  if (replaced) return `A new version of “${replaced.title}”`;
  if (item) return `Evidence for ${item}`;
  return step ? `Evidence for step ${step}` : 'Add evidence';
}

function added(made, replaced) {
  const sent = made.filter((e) => e.made.state === 'submitted').length;
  const what = replaced ? `version ${made[0].made.version} of “${made[0].made.title}”` : many(made.length, 'piece of evidence', 'pieces of evidence');
  const verb = made.length === 1 ? 'is' : 'are';
  if (sent === made.length) return say(`${what} ${verb} waiting for review`, `Somebody other than the owner and you accepts or returns ${made.length === 1 ? 'it' : 'them'}.`);
  return say(`${what} ${verb} in the library`, sent ? `${sentence(WORDS[sent] ?? String(sent))} submitted, the others are drafts until they are submitted.` : made.length === 1 ? 'It is a draft: submit it when owner and period are right.' : 'They are drafts: submit each when owner and period are right.');
}

/** How much of all bytes has arrived, 0 to 1. */
export function whole(entries) {
  const items = entries.map((e) => e.item).filter((i) => i.state !== 'failed');
  const total = items.reduce((n, i) => n + (i.file.size || 1), 0);
  return total ? items.reduce((n, i) => n + (i.file.size || 1) * i.progress, 0) / total : 1;
}
