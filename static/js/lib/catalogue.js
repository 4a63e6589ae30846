/** The catalogue of the programme's edition: clauses, items, and the help beside them. A static document, fetched once. */
import { get } from '/js/lib/api.js';
import { params, programmeApi } from '/js/lib/address.js';
import { storage } from '/js/lib/me.js';

const KEY = `certway-edition:${params.p ?? ''}`;
const asked = new Map();

/** Promise of the catalogue of one edition. */
export function catalogue(edition) {
  storage.write(KEY, edition);
  if (!asked.has(edition)) {
    const answer = get(`/catalogues/${encodeURIComponent(edition)}.json`, { anonymous: true }).then((document) => new Catalogue(document));
    answer.catch(() => asked.delete(edition));
    asked.set(edition, answer);
  }
  return asked.get(edition);
}

/** Promise of the catalogue of this page's programme; the edition is asked for where no page before knew it. */
export async function programmeCatalogue() {
  return catalogue(storage.read(KEY) ?? (await get(programmeApi)).edition.id);
}

/** Promise of the editions there are, as options of a select: the current one first, a withdrawn one says what it is for. */
export async function editionOptions() {
  const { editions } = await get('/catalogues/index.json', { anonymous: true });
  const withdrawn = (e) => e.status === 'withdrawn';
  return [...editions].sort((a, b) => withdrawn(a) - withdrawn(b)).map((e) => [e.id, `${e.title}${withdrawn(e) ? ', for gap work and migration only' : ''}`]);
}

/** Start early with what the page before knew; null when it knew nothing. */
export const knownCatalogue = () => (storage.read(KEY) ? catalogue(storage.read(KEY)) : null);

class Catalogue {
  constructor(document) {
    this.id = document.id;
    this.steps = new Map(document.steps.map((s) => [s.number, s.name]));
    this.clauses = new Map(document.clauses.map((c) => [c.number, c]));
    this.items = new Map(document.clauses.flatMap((c) => (c.items ?? []).map((i) => [i.id, { ...i, clause: c.number, title: c.title }])));
  }

  /** {questions, gaps, evidence} of a clause; empty lists for a heading. */
  help(clause) {
    return { questions: [], gaps: [], evidence: [], ...this.clauses.get(clause)?.help };
  }

  /** Items whose id begins with the words, or whose text or clause has all of them. */
  search(words, most = 30) {
    const wanted = words.trim().toLowerCase();
    if (!wanted) return [];
    const all = [...this.items.values()];
    const byId = all.filter((i) => i.id.startsWith(wanted));
    const parts = wanted.split(/\s+/);
    const byWords = all.filter((i) => { const text = `${i.id} ${i.title} ${i.text}`.toLowerCase(); return parts.every((p) => text.includes(p)); });
    return [...new Set([...byId, ...byWords])].slice(0, most);
  }
}
