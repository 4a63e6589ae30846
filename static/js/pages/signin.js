/** Sign in, and go where one wanted to go. */
import { get, post } from '/js/lib/api.js';
import { home, params } from '/js/lib/address.js';
import { bind } from '/js/lib/forms.js';
import { forgetMe } from '/js/lib/me.js';

get('/api/first-run', { anonymous: true }).then((first) => { if (first.open) location.replace('/first-run.html'); }, () => {});

/** Only a path on this site: an address handed over in a link must not lead elsewhere. */
function wanted() {
  const url = new URL(params.next ?? '', location.origin);
  return params.next?.startsWith('/') && url.origin === location.origin && !url.pathname.startsWith('/signin') ? url.pathname + url.search + url.hash : null;
}

function askCode() {
  document.getElementById('code-field').hidden = false;
  const code = document.getElementById('code');
  Object.assign(code, { disabled: false, required: true });
  code.focus();
}

const form = bind(document.getElementById('signin'), async (values) => {
  try {
    const me = await post('/api/session', values, { anonymous: true });
    forgetMe();
    location.assign(wanted() ?? home(me));
  } catch (problem) {
    if (problem.slug !== 'code-required' || values.code) throw problem;
    askCode();
  }
});
form.elements.email.focus();
