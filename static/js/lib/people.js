/** The organisation's members, asked for once per page, for owner fields. */
import { get } from '/js/lib/api.js';
import { orgApi } from '/js/lib/address.js';

let asked = null;

/** Promise of [{id, name}], by name. */
export function people() {
  asked ??= get(`${orgApi}/members`).then((found) => found.items.map((m) => m.user));
  asked.catch(() => { asked = null; });
  return asked;
}

/** Options of an owner field; somebody who has left stays to be seen. */
export function ownerOptions(members, owner, nobody = 'Nobody yet') {
  const gone = owner && !members.some((m) => m.id === owner.id) ? [[owner.id, `${owner.name}, no longer a member`]] : [];
  return [['', nobody], ...members.map((m) => [m.id, m.name]), ...gone];
}
