/** First run: the account everything else starts from. */
import { create, get } from '/js/lib/api.js';
import { home } from '/js/lib/address.js';
import { bind } from '/js/lib/forms.js';
import { forgetMe } from '/js/lib/me.js';

const form = document.getElementById('first');
const label = document.getElementById('org-label');
const heading = document.querySelector('h1');

function close() {
  form.remove();
  document.querySelector('.lede').remove();
  heading.textContent = 'The first account exists';
  document.getElementById('closed').hidden = false;
}

get('/api/first-run', { anonymous: true }).then((first) => { if (first.open) form.hidden = false; else close(); }, (problem) => { if (problem.status === 404) close(); else form.hidden = false; });

form.addEventListener('change', () => {
  label.textContent = form.elements.kind.value === 'practice' ? 'Name of the practice' : 'Name of the organisation';
});

bind(form, async (values) => {
  const me = await create('/api/first-run', values, { anonymous: true });
  forgetMe();
  location.assign(home(me));
});
