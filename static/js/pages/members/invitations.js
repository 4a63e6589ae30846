/** Invitations, to an organisation or to a practice: the dialog, the link shown once, the list of those that wait. */
import { html, nothing } from '/js/lib/page.js';
import { longDay } from '/js/lib/format.js';
import { ask, showOnce } from '/js/lib/dialog.js';
import { roleNames } from '/js/lib/roles.js';
import { when } from '/js/lib/parts.js';

/** Ask whom to invite; `roles` is the template that chooses them. Resolves with the invitation, or null. */
export const askInvitation = ({ body, roles, run }) => ask({
  title: 'Invite somebody', action: 'Make the invitation', body,
  fields: [
    { name: 'name', label: 'Name', required: true, maxlength: 100, missing: 'Enter the person’s name' },
    { name: 'email', label: 'Email', kind: 'email', required: true, maxlength: 254, missing: 'Enter the address the invitation goes to' },
    roles,
  ],
  run,
});

export const showLink = (made) => showOnce({
  title: `Invitation for ${made.name ?? made.email}`, secret: new URL(made.link, location.href).href, label: 'Invitation link',
  body: html`<p>Send this link by a way you trust, should the mail not arrive. It is shown only now, works once and until ${when(made.expires_at, longDay)}.</p>`,
});

/** The invitations nobody has answered yet; `withdraw(invitation)` where that is allowed. */
export const invitations = (items, withdraw) => html`<section class="mt-l" aria-labelledby="waiting"><h2 id="waiting">Invitations without an answer</h2>
  <table class="grid-table stacks mt-s"><caption class="sr">Invitations that wait for an answer</caption>
    <thead><tr><th scope="col">Name</th><th scope="col">Roles</th><th scope="col">Invited by</th><th scope="col">Link ends</th>${withdraw ? html`<th scope="col"><span class="sr">Withdraw</span></th>` : nothing}</tr></thead>
    <tbody>${items.map((i) => html`<tr><th scope="row"><span class="strong">${i.name}</span><small class="faint break">${i.email}</small></th><td>${roleNames(i.roles)}</td>
      <td data-label="Invited by" class="soft">${i.invited_by?.name ?? '–'}</td><td data-label="Link ends" class="soft nowrap">${when(i.expires_at, longDay)}</td>
      ${withdraw ? html`<td><div class="row row-end"><button class="btn btn-s btn-quiet" type="button" @click=${() => withdraw(i)}>Withdraw<span class="sr"> the invitation of ${i.name}</span></button></div></td>` : nothing}</tr>`)}</tbody></table></section>`;
