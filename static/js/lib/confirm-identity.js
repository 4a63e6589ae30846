/** The server wants the password again before it goes on; loaded only then. */
import { ask } from '/js/lib/dialog.js';
import { post, get } from '/js/lib/api.js';

let open = null;

async function dialog() {
  const me = await get('/api/me');
  const fields = [{ name: 'password', label: 'Your password', kind: 'password', required: true, autocomplete: 'current-password', missing: 'Enter your password' }];
  if (me.totp) fields.push({ name: 'code', label: 'Code from your authenticator', required: true, inputmode: 'numeric', autocomplete: 'one-time-code', missing: 'Enter the six digits' });
  const done = await ask({
    title: 'Confirm that it is you', body: 'This step needs your password again. It then counts for ten minutes.', action: 'Confirm', fields,
    run: (values) => post('/api/session/confirm', values, { anonymous: true }),
  });
  return done !== null;
}

/** Open the dialog once, however many requests wait for it; true when confirmed. */
export function confirmIdentity() {
  open ??= dialog().finally(() => { open = null; });
  return open;
}
