/** Invitation: who invites me to what, and how do I get in? The secret leaves the address at once. */
import { html, page } from '/js/lib/page.js';
import { create, post, Problem } from '/js/lib/api.js';
import { home } from '/js/lib/address.js';
import { list, longDay, words } from '/js/lib/format.js';
import { submit } from '/js/lib/forms.js';
import { forgetMe } from '/js/lib/me.js';
import { field } from '/js/lib/parts.js';

const [, id, secret] = /^#i\.([\w-]+)\.([\w-]+)$/.exec(location.hash) ?? [];
history.replaceState(null, '', location.pathname);

const GONE = 'This invitation is not valid. It may have been used, taken back or have run out, or the link was cut short when it was copied. Ask whoever sent it for a new one.';

function lookup() {
  const refuse = () => { throw Object.assign(new Problem(404, { type: 'invitation-gone', detail: GONE }), { heading: 'This link opens no invitation' }); };
  if (!secret) return refuse();
  return post('/api/invitations/lookup', { id, secret }, { anonymous: true }).catch((problem) => (problem.status === 404 || problem.status === 422 ? refuse() : Promise.reject(problem)));
}

async function accept(values) {
  const me = await create('/api/invitations/accept', { id, secret, ...values }, { anonymous: true });
  forgetMe();
  location.assign(home(me));
}

const roles = (invitation) => [invitation.roles ?? invitation.role ?? []].flat().map(words);

page('view-join', {
  load: lookup,
  title: (data) => ['Invitation', data.organisation ?? data.practice],
  draw: (data) => html`
    <h1>${data.invited_by?.name ?? data.invited_by} invites you to ${data.organisation ?? data.practice}</h1>
    <p class="lede">${roles(data).length ? html`You join as <b>${list(roles(data))}</b> under ${data.email}. ` : html`It is for ${data.email}. `}The invitation counts until ${longDay(data.expires_at)}.</p>
    <form class="form mt" novalidate @submit=${submit(accept)}>
      <input type="hidden" autocomplete="username" .value=${data.email}>
      ${data.known_user ? html`<p class="soft">You have an account under this address. Enter its password to join.</p>` : field({ name: 'name', label: 'Your name', required: true, maxlength: 200, autocomplete: 'name', missing: 'Enter your name', hint: 'As it should stand in the journal and under approvals.' })}
      ${data.known_user
        ? field({ name: 'password', label: 'Password', kind: 'password', required: true, autocomplete: 'current-password', missing: 'Enter your password' })
        : field({ name: 'password', label: 'Password', kind: 'password', required: true, minlength: 12, maxlength: 200, autocomplete: 'new-password', missing: 'Choose a password', hint: 'At least 12 characters. A few unrelated words are easy to keep and hard to guess.' })}
      <p class="row"><button class="btn btn-main">Join ${data.organisation ?? data.practice}</button></p>
    </form>`,
});
