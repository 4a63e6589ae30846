/** Members: who belongs to the organisation, and who may do what? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { create, del, get, patch } from '/js/lib/api.js';
import { orgApi } from '/js/lib/address.js';
import { ago, clock, day } from '/js/lib/format.js';
import { ask, confirmAct } from '/js/lib/dialog.js';
import { MANAGING, ROLES, among, myRoles, roleNames } from '/js/lib/roles.js';
import { lastMe } from '/js/lib/me.js';
import { said } from '/js/lib/undo.js';
import { choices, when } from '/js/lib/parts.js';
import { askInvitation, invitations, showLink } from '/js/pages/members/invitations.js';

async function load() {
  const [members, mine] = await Promise.all([get(`${orgApi}/members`), myRoles()]);
  return { ...members, mine, manages: among(mine, MANAGING) };
}

page('view-members', {
  load,
  title: () => ['Members'],
  draw: (data, view) => html`
    <div class="row row-top"><h1 class="grow">${data.headline}</h1>${data.manages ? html`<button class="btn btn-main" type="button" @click=${() => invite(data, view)}>Invite somebody</button>` : nothing}</div>
    ${data.lede ? html`<p class="lede">${data.lede}</p>` : nothing}
    <table class="grid-table stacks flowing mt"><caption class="sr">Members with their roles</caption>
      <thead><tr><th scope="col">Name</th><th scope="col">Roles</th><th scope="col">Joined</th>${seen(data) ? html`<th scope="col">Last seen</th>` : nothing}${data.manages ? html`<th scope="col"><span class="sr">Change</span></th>` : nothing}</tr></thead>
      <tbody>${data.items.map((m) => row(m, data, view))}</tbody></table>
    ${data.invitations.length ? invitations(data.invitations, data.manages && ((i) => withdraw(i, view))) : nothing}
    <section class="mt-l" aria-labelledby="roles"><h2 id="roles">What each role may do</h2>
      <dl class="facts roles mt-s">${ROLES.map(([, name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
      <p class="faint small mt-s measure">One person may have several roles, but nobody accepts their own evidence or verifies their own corrective action. Auditors of the certification body are no members: they get a link of their own under Audits.</p></section>`,
});

const seen = (data) => data.items.some((m) => m.last_seen);
/** Only owners and consultants remove an owner, and the last owner stays. */
const removable = (m, data) => !m.roles.includes('owner') || (among(data.mine, ['owner', 'consultant']) && data.items.filter((other) => other.roles.includes('owner')).length > 1);
const fromPractice = (m) => m.roles.includes('consultant');

function row(m, data, view) {
  const me = m.user.id === lastMe()?.id;
  return html`<tr><th scope="row"><span class="strong">${m.user.name}</span>${me ? html` <span class="faint">(you)</span>` : nothing}<small class="faint break">${m.email}</small></th>
    <td>${roleNames(m.roles)}</td>
    <td data-label="Joined" class="soft nowrap">${when(m.joined_at, day)}</td>
    ${seen(data) ? html`<td data-label="Last seen" class="soft nowrap">${m.last_seen ? when(m.last_seen, ago) : html`<span class="faint">not yet</span>`}</td>` : nothing}
    ${data.manages ? html`<td><div class="row row-end">${fromPractice(m) ? html`<span class="faint small">assigned by the practice</span>` : html`
      <button class="btn btn-s" type="button" @click=${() => change(m, data, view)}>Roles<span class="sr"> of ${m.user.name}</span></button>
      ${removable(m, data) ? html`<button class="btn btn-s btn-quiet" type="button" @click=${() => remove(m, me, view)}>Remove<span class="sr"> ${m.user.name}</span></button>` : nothing}`}</div></td>` : nothing}</tr>`;
}

/** Only owners and consultants make or unmake an owner. */
const open = (data) => ROLES.filter(([key]) => key !== 'consultant' && (key !== 'owner' || among(data.mine, ['owner', 'consultant'])));

const needed = (roles) => { if (!roles.length) throw { slug: 'invalid-input', errors: [{ field: 'roles', message: 'Choose at least one role' }] }; };

async function change(m, data, view) {
  const fixed = m.roles.filter((r) => !open(data).some(([key]) => key === r));
  const done = await ask({
    title: `Roles of ${m.user.name}`, action: 'Save roles', body: 'The change counts from the next click on.',
    fields: [choices({ name: 'roles', label: 'Roles', options: open(data), chosen: m.roles })],
    run: ({ roles }) => { needed([...roles, ...fixed]); return patch(`${orgApi}/members/${m.user.id}`, { roles: [...roles, ...fixed] }, { of: m }); },
  });
  await after(view, done, `${m.user.name} is ${done ? lowered(roleNames(done.roles)) : ''}`);
}

const lowered = (text) => (/^SMS/.test(text) ? text : text.replace(/^./, (c) => c.toLowerCase()));

async function remove(m, me, view) {
  const done = await confirmAct({
    title: `Remove ${m.user.name}`, action: `Remove ${m.user.name}`,
    body: `${me ? 'You lose' : `${m.user.name} loses`} access to this organisation at once. What ${me ? 'you' : 'they'} did stays under the name; steps, items and findings keep ${me ? 'you' : 'them'} as owner until somebody else takes them over.`,
    run: () => del(`${orgApi}/members/${m.user.id}`),
  });
  if (done && me) { location.assign('/account.html'); return; }
  await after(view, done, `${m.user.name} is no longer a member`);
}

async function invite(data, view) {
  const made = await askInvitation({
    body: 'Certway mails the link and shows it to you once. It works once, within 14 days.', roles: choices({ name: 'roles', label: 'Roles', options: open(data), chosen: ['process_owner'] }),
    run: (values) => { needed(values.roles); return create(`${orgApi}/invitations`, values); },
  });
  if (!made) return;
  await showLink(made);
  await after(view, made, `${made.name ?? made.email} is invited`);
}

async function withdraw(i, view) {
  const done = await confirmAct({
    title: `Withdraw the invitation of ${i.name}`, action: 'Withdraw invitation', body: `The link sent to ${i.email} stops working at once.`,
    run: () => del(`${orgApi}/invitations/${i.id}`),
  });
  await after(view, done, `The invitation of ${i.name} is withdrawn`);
}

async function after(view, done, text) {
  if (!done) return;
  await view.reload();
  said(`${text}. Saved ${clock()}`);
}
