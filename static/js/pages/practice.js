/** Practice: who consults, and for whom? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { create, del, get, put } from '/js/lib/api.js';
import { params } from '/js/lib/address.js';
import { tellCounts } from '/js/lib/shell.js';
import { clock, list, number, sentence } from '/js/lib/format.js';
import { ask, confirmAct } from '/js/lib/dialog.js';
import { lastMe, me } from '/js/lib/me.js';
import { PRACTICE_ROLES, roleName } from '/js/lib/roles.js';
import { said } from '/js/lib/undo.js';
import { choices, empty } from '/js/lib/parts.js';
import { askInvitation, invitations, showLink } from '/js/pages/members/invitations.js';

const api = `/api/practices/${encodeURIComponent(params.c ?? '')}`;

async function load() {
  const [practice, clients, person] = await Promise.all([get(api), get(`${api}/clients`), me()]);
  const manages = person.practices.some((p) => p.id === practice.id && p.role === 'practice_owner');
  return { ...practice, clients: clients.items, manages };
}

page('view-practice', {
  load,
  title: (p) => ['Consultants', p.name],
  ready: (p) => tellCounts({ clients: p.clients.length }),
  draw: (p, view) => html`
    <div class="row row-top"><h1 class="grow">${headline(p)}</h1>${p.manages ? html`<button class="btn btn-main" type="button" @click=${() => invite(view)}>Invite a consultant</button>` : nothing}</div>
    <p class="lede">Consultants open a client’s programme only while they are assigned to it; the client sees them among its members.</p>
    <table class="grid-table stacks flowing mt"><caption class="sr">Consultants of ${p.name}</caption>
      <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Assigned to</th>${p.manages ? html`<th scope="col"><span class="sr">Remove</span></th>` : nothing}</tr></thead>
      <tbody>${p.consultants.map((c) => row(c, p, view))}</tbody></table>
    ${p.invitations.length ? invitations(p.invitations, p.manages && ((i) => withdraw(i, view))) : nothing}
    ${assignments(p, view)}
    <section class="mt-l" aria-labelledby="roles"><h2 id="roles">What each role may do</h2>
      <dl class="facts roles mt-s">${PRACTICE_ROLES.map(([, name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl></section>`,
});

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const inWords = (n) => NUMBERS[n] ?? number(n);
const plural = (n, noun) => `${inWords(n)} ${noun}${n === 1 ? '' : 's'}`;

function headline(p) {
  const waiting = p.invitations.length ? `, ${plural(p.invitations.length, 'invitation')} without an answer` : '';
  const alone = p.clients.filter((c) => !c.consultants.length).length;
  return sentence(`${plural(p.consultants.length, 'consultant')} for ${plural(p.clients.length, 'client')}${alone ? `, ${inWords(alone)} of them with nobody` : waiting}`);
}

const mine = (c) => c.id === lastMe()?.id;

function row(c, p, view) {
  const his = p.clients.filter((client) => client.consultants.some((who) => who.id === c.id));
  const names = his.slice(0, 3).map((client) => client.name);
  return html`<tr><th scope="row"><span class="strong">${c.name}</span>${mine(c) ? html` <span class="faint">(you)</span>` : nothing}<small class="faint break">${c.email}</small></th><td>${roleName(c.role)}</td>
    <td data-label="Assigned to">${his.length ? `${names.length === his.length ? list(names) : `${names.join(', ')} and ${his.length - 3} more`}` : html`<span class="faint">no client</span>`}</td>
    ${p.manages ? html`<td><div class="row row-end">${mine(c) ? nothing : html`<button class="btn btn-s btn-quiet" type="button" @click=${() => remove(c, his, view)}>Remove<span class="sr"> ${c.name}</span></button>`}</div></td>` : nothing}</tr>`;
}

function assignments(p, view) {
  if (!p.clients.length) return empty('No clients yet', 'Open a client first; then consultants are assigned to it here.', html`<a class="btn" href=${`/client-new.html?c=${params.c}`}>Open a client</a>`);
  const changes = p.manages && p.clients.some((c) => c.etag != null);
  return html`<section class="mt-l" aria-labelledby="who"><h2 id="who">Who works for whom</h2>
    <table class="grid-table stacks mt-s"><caption class="sr">Clients with their consultants</caption>
      <thead><tr><th scope="col">Client</th><th scope="col">Consultants</th>${changes ? html`<th scope="col"><span class="sr">Assign</span></th>` : nothing}</tr></thead>
      <tbody>${p.clients.map((c) => html`<tr><th scope="row" class="strong break">${c.name}</th><td>${c.consultants.length ? list(c.consultants.map((who) => who.name)) : html`<span class="late">nobody</span>`}</td>
        ${changes ? html`<td><div class="row row-end"><button class="btn btn-s" type="button" @click=${() => assign(c, p, view)}>Assign<span class="sr"> consultants to ${c.name}</span></button></div></td>` : nothing}</tr>`)}</tbody></table></section>`;
}

async function assign(client, p, view) {
  const done = await ask({
    title: `Who works for ${client.name}`, action: 'Save', body: 'Whoever is taken off loses access to this client at once; what they did stays.',
    fields: [choices({ name: 'consultants', label: 'Consultants', options: p.consultants.map((c) => [c.id, c.name, roleName(c.role)]), chosen: client.consultants.map((c) => c.id) })],
    run: ({ consultants }) => put(`${api}/clients/${client.organisation}/consultants`, { consultants }, { of: client }),
  });
  if (done) await after(view, `${client.name}: ${list(done.consultants.map((c) => c.name)) || 'nobody'}`);
}

const role = html`<fieldset class="field"><legend>Role</legend>${PRACTICE_ROLES.map(([key, name, text]) => html`<label class="check"><input type="radio" name="role" value=${key} ?checked=${key === 'practice_consultant'}><span>${name}<small>${text}</small></span></label>`)}</fieldset>`;

async function invite(view) {
  const made = await askInvitation({ body: 'Certway mails the link and shows it to you once. It works once, within 14 days.', roles: role, run: (values) => create(`${api}/invitations`, values) });
  if (!made) return;
  await showLink(made);
  await after(view, `${made.name ?? made.email} is invited`);
}

async function withdraw(i, view) {
  const done = await confirmAct({
    title: `Withdraw the invitation of ${i.name}`, action: 'Withdraw invitation', body: `The link sent to ${i.email} stops working at once.`,
    run: () => del(`${api}/invitations/${i.id}`),
  });
  if (done) await after(view, `The invitation of ${i.name} is withdrawn`);
}

/** Whoever still works for a client is handed over first, so that no client is left with nobody unseen. */
async function remove(c, clients, view) {
  if (clients.length) { await ask({ title: `${c.name} still works for ${list(clients.map((client) => client.name))}`, action: 'Understood', cancel: '', body: 'Assign somebody else there first, under “Who works for whom”. Then the name can be removed here.' }); return; }
  const done = await confirmAct({
    title: `Remove ${c.name}`, action: `Remove ${c.name}`, body: `${c.name} no longer opens the practice or any of its clients. What was done under the name stays.`,
    run: () => del(`${api}/consultants/${c.id}`),
  });
  if (done) await after(view, `${c.name} is no longer a consultant here`);
}

async function after(view, text) {
  await view.reload();
  said(`${text}. Saved ${clock()}`);
}
