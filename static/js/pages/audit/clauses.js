/** The clauses of the programme's edition, from its static catalogue document. */
import { get } from '/js/lib/api.js';
import { programmeApi } from '/js/lib/address.js';

/** Programme and catalogue in one: {programme, clauses}; each clause has number, title, level, assessable, items. */
export async function edition() {
  const programme = await get(programmeApi);
  const { clauses } = await get(`/catalogues/${programme.edition.id}.json`);
  return { programme, clauses };
}

/** Whether `number` stands below `above`: 8.5.1.3 below 8.5. */
export const below = (number, above) => number === above || number.startsWith(`${above}.`);
