/** How an auditor gets in: the link, the address, the code that is sent to it. The secret stays in this page's memory. */
import { html, nothing } from '/js/lib/page.js';
import { post } from '/js/lib/api.js';
import { submit } from '/js/lib/forms.js';
import { field } from '/js/lib/parts.js';

const opened = /^#g\.([\w-]+)\.([\w-]+)$/.exec(location.hash);
if (location.hash) history.replaceState(null, '', location.pathname + location.search);

/** The link this page was opened with, or null. */
export const link = opened ? { id: opened[1], secret: opened[2] } : null;

const anonymous = { anonymous: true };

/** The entry; `why` tells how somebody came to stand here: new, none, ended, left. */
export function entry(view) {
  const { why, sent } = view.state;
  return html`<main class="main" id="main" tabindex="-1">${!link ? without(why) : sent ? code(view, sent) : address(view, why)}</main>`;
}

const WITHOUT = {
  ended: ['Your session has ended', 'A session ends after 30 minutes without a click, after eight hours, and when your access ends. Your notes and findings are kept.'],
  over: ['Your access has ended', 'It ran out or was revoked. What you raised and concluded stays with the organisation.'],
  left: ['You have left the review room', 'Your notes and findings are kept.'],
  none: ['This room opens with a link', 'The organisation you audit sends it to you. It belongs to you alone and to one stage of one audit.'],
};

function without(why) {
  const [title, text] = WITHOUT[why] ?? WITHOUT.none;
  return html`<h1>${title}</h1><p class="lede">${text}</p>
    ${why === 'over' ? nothing : html`<p class="mt">To get in${why === 'none' ? '' : ' again'}, open the link in the mail you received. A new code is sent to your address each time.</p>`}
    <p class="soft mt-s">${why === 'over' ? 'Is something still to be audited? ' : 'Was the mail lost, or does the link no longer work? '}Ask the organisation for a new link.</p>`;
}

const ASKS = {
  over: ['Your access has ended', 'It ran out or was revoked, so this link opens nothing any more. If you were sent a newer one, open that.'],
  ended: ['Your session has ended', 'Your notes and findings are kept. Enter your address again, and a new code is sent to it.'],
  left: ['You have left the review room', 'Your notes and findings are kept. To get in again, enter your address.'],
};

function address(view, why) {
  const [title, text] = ASKS[why] ?? ['Enter the review room', 'Your link is one half of the key. The other is a code that is sent to the address the organisation has named.'];
  return html`<h1>${title}</h1><p class="lede">${text}</p>
    <form class="form mt" novalidate @submit=${submit((values) => send(view, values))}>
      ${field({ name: 'email', label: 'Your email', kind: 'email', required: true, maxlength: 254, autocomplete: 'email', value: view.state.email ?? '', missing: 'Enter the address the link was sent to' })}
      <p class="row"><button class="btn btn-main">Send me a code</button></p></form>
    <p class="soft small mt">What you open and download is recorded under your name, and the organisation can read that record. What you write in notes, only you can read.</p>`;
}

async function send(view, { email }) {
  const sent = await post('/api/review/session', { ...link, email }, anonymous);
  view.set({ sent, email });
  view.querySelector('#f-code')?.focus();
}

function code(view, sent) {
  const again = async () => { view.set({ note: null }); await send(view, { email: view.state.email }).then(() => view.set({ note: 'A new code is on its way. The one before no longer counts.' }), (problem) => view.set({ note: problem.detail })); };
  return html`<h1>Enter the code</h1>
    <p class="lede">If link and address belong together and the access is open, a code of eight digits is on its way to <b>${sent.sent_to}</b>. It counts for ten minutes and five tries.</p>
    <form class="form mt" novalidate @submit=${submit((values) => enter(view, values))}>
      ${field({ name: 'code', label: 'Code', required: true, maxlength: 20, inputmode: 'numeric', autocomplete: 'one-time-code', className: 'field-s code', missing: 'Enter the eight digits' })}
      <p class="row"><button class="btn btn-main">Enter</button><button class="btn btn-quiet" type="button" @click=${again}>Send a new code</button>
        <button class="btn btn-quiet" type="button" @click=${() => view.set({ sent: null, note: null })}>Other address</button></p></form>
    ${view.state.note ? html`<p class="soft small mt-s" role="status">${view.state.note}</p>` : nothing}
    <p class="soft small mt">No mail after two minutes? Look among unwanted mail, then check the address. If the link has ended or was revoked, no code is sent: ask the organisation for a new link.</p>`;
}

async function enter(view, values) {
  await post('/api/review/session/code', { exchange: view.state.sent.exchange, code: values.code.replace(/\s/g, '') }, anonymous);
  await view.enterRoom();
}
