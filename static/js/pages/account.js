/** Account: my name, my password, my second step. */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { del, patch, post } from '/js/lib/api.js';
import { submit } from '/js/lib/forms.js';
import { me, forgetMe } from '/js/lib/me.js';
import { ask } from '/js/lib/dialog.js';
import { field } from '/js/lib/parts.js';
import { said } from '/js/lib/undo.js';
import { clock } from '/js/lib/format.js';

page('view-account', {
  load: me,
  title: () => ['Account'],
  state: { totp: null },
  draw: (data, view) => html`
    <h1>${data.totp ? 'Your account asks for a code as well' : 'Your account rests on a password alone'}</h1>
    <p class="lede">${data.name}, ${data.email}.${data.totp ? nothing : ' A second step keeps evidence safe when a password becomes known.'}</p>
    <div class="stack narrow">
      <section class="mt" aria-labelledby="name-h"><h2 id="name-h">Name</h2>
        <form class="form mt-s" novalidate @submit=${submit((values) => rename(values, view))}>
          ${field({ name: 'name', label: 'Name', value: data.name, required: true, maxlength: 200, autocomplete: 'name', missing: 'Enter your name', hint: 'Stands in the journal and under approvals. What was written earlier keeps the old name.' })}
          <p><button class="btn">Save name</button></p></form></section>
      <section class="mt" aria-labelledby="password-h"><h2 id="password-h">Password</h2>
        <form class="form mt-s" novalidate @submit=${submit(changePassword)}>
          <input type="hidden" autocomplete="username" .value=${data.email}>
          ${field({ name: 'current', label: 'Present password', kind: 'password', required: true, autocomplete: 'current-password', missing: 'Enter your present password' })}
          ${field({ name: 'new', label: 'New password', kind: 'password', required: true, minlength: 12, maxlength: 200, autocomplete: 'new-password', missing: 'Choose a new password', hint: 'At least 12 characters. Your other sessions end.' })}
          <p><button class="btn">Change password</button></p></form></section>
      <section class="mt" aria-labelledby="totp-h"><h2 id="totp-h">Two-step codes</h2>${data.totp ? withCodes(view) : view.state.totp ? setUp(view) : withoutCodes(view)}</section>
    </div>`,
});

async function rename({ name }, view) {
  view.data = { ...view.data, ...(await patch('/api/me', { name })) };
  forgetMe();
  view.redraw();
  said(`Saved ${clock()}`);
}

async function changePassword(values, form) {
  await post('/api/me/password', values);
  form.reset();
  said(`Password changed ${clock()}. Your other sessions have ended.`);
}

const withoutCodes = (view) => html`<p class="soft mt-s">An authenticator app on your phone shows a new code every 30 seconds; you enter it after your password.</p>
  <form class="mt-s" novalidate @submit=${submit(async () => view.set({ totp: await post('/api/me/totp', {}) }))}><button class="btn btn-main">Set up two-step codes</button></form>`;

function setUp(view) {
  const { secret, uri } = view.state.totp;
  return html`<ol class="bullets mt-s stack">
      <li>Open your authenticator app and add an account by hand with this key, time-based, six digits. On the phone itself, <a href=${uri}>this link</a> does it.
        <p class="secret mt-s" tabindex="0" aria-label="Key for the authenticator">${secret.match(/.{1,4}/g).join(' ')}</p></li>
      <li>Enter the code that it shows now.</li></ol>
    <form class="form mt-s" novalidate @submit=${submit((values) => confirmCode(values, view))}>
      ${field({ name: 'code', label: 'Code', required: true, maxlength: 6, inputmode: 'numeric', autocomplete: 'one-time-code', className: 'field-s', missing: 'Enter the six digits' })}
      <p class="row"><button class="btn btn-main">Switch codes on</button><button class="btn btn-quiet" type="button" @click=${() => view.set({ totp: null })}>Not now</button></p></form>`;
}

async function confirmCode(values, view) {
  await post('/api/me/totp/confirm', values);
  known(view, true);
  said(`Two-step codes are on since ${clock()}`);
}

function known(view, totp) {
  view.data = { ...view.data, totp };
  forgetMe();
  view.set({ totp: null });
}

const withCodes = (view) => html`<p class="soft mt-s">On. Signing in asks for the code of your authenticator app.</p>
  <p class="mt-s"><button class="btn btn-danger" type="button" @click=${() => switchOff(view)}>Switch codes off</button></p>`;

async function switchOff(view) {
  const done = await ask({
    title: 'Switch two-step codes off', action: 'Switch codes off', cancel: 'Keep them', danger: true,
    body: 'Your password alone will then open your account. The key in your authenticator stops working.',
    fields: [{ name: 'password', label: 'Your password', kind: 'password', required: true, autocomplete: 'current-password', missing: 'Enter your password' }],
    run: (values) => del('/api/me/totp', { body: values }),
  });
  if (done) { known(view, false); said(`Two-step codes are off since ${clock()}`); }
}
