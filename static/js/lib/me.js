/** Who is signed in: asked once per page, remembered for the next so that the frame stands at once. */
import { get } from '/js/lib/api.js';

const KEY = 'certway-me';
const storage = {
  read(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
  write(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* storage may be off */ } },
};

let asked = null;

/** Promise of GET /api/me. */
export function me() {
  asked ??= get('/api/me').then((person) => { storage.write(KEY, person); return person; });
  return asked;
}

/** What the page before knew, or null. */
export const lastMe = () => storage.read(KEY);

/** Ask anew next time, after one's name, organisations or roles changed. */
export function forgetMe() {
  asked = null;
  try { sessionStorage.clear(); } catch { /* storage may be off */ }
}

export { storage };
