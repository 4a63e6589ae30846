/** New client: who are they, where do they work, by when do they want the certificate? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { create } from '/js/lib/api.js';
import { params } from '/js/lib/address.js';
import { editionOptions } from '/js/lib/catalogue.js';
import { longDay, parse } from '/js/lib/format.js';
import { submit } from '/js/lib/forms.js';
import { showOnce } from '/js/lib/dialog.js';
import { sayNext } from '/js/lib/undo.js';
import { field } from '/js/lib/parts.js';

let serial = 1;

const tomorrow = () => { const d = new Date(Date.now() + 86_400_000); return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`; };

page('view-client-new', {
  load: async () => ({ sites: [0], editions: await editionOptions() }),
  title: () => ['New client'],
  draw: (data, view) => html`
    <p class="crumb"><a href=${`/clients.html?c=${params.c}`}>Clients</a></p>
    <h1>Open a client</h1>
    <p class="lede">What you enter here sets up the organisation and its programme. Everything can be changed later, the scope statement is agreed in step 1.</p>
    <form class="form mt" novalidate @submit=${submit(send)}>
      ${field({ name: 'name', label: 'Name of the organisation', required: true, maxlength: 200, missing: 'Enter the organisation’s name' })}
      ${field({ name: 'staff', label: 'People in scope', kind: 'number', required: true, min: 1, max: 1000000, inputmode: 'numeric', className: 'field-s', missing: 'Enter how many people work in scope', hint: 'Everybody who takes part in the services, part-time counted in part.' })}
      <fieldset class="stack"><legend>Sites</legend>
        ${data.sites.map((n, at) => html`<div class="row row-keep new-site">
          <div class="grow">${field({ name: `sites.${at}.name`, id: `site-${n}`, label: `Site ${at + 1}`, required: true, maxlength: 200, missing: 'Enter the site’s name or town' })}</div>
          <div class="grow">${field({ name: `sites.${at}.role`, id: `site-role-${n}`, label: 'What is done there', maxlength: 200 })}</div>
          </div>${data.sites.length > 1 ? html`<p><button class="link small" type="button" @click=${() => { data.sites.splice(at, 1); view.redraw(); }}>Take site ${at + 1} out</button></p>` : nothing}`)}
        <p><button class="btn btn-s" type="button" @click=${() => { data.sites.push(serial++); view.redraw(); view.querySelector(`#site-${serial - 1}`).focus(); }}>Add a site</button></p>
      </fieldset>
      ${field({ name: 'edition', label: 'Edition of the standard', kind: 'select', required: true, options: data.editions, value: data.editions[0][0], hint: 'Certificates are issued to the 2018 edition only, since 2024 with Amendment 1.' })}
      ${field({ name: 'target_date', label: 'Certificate wanted by', kind: 'date', min: tomorrow(), className: 'field-s', hint: 'For 100 to 200 people, eight to sixteen months from the first step are usual.' })}
      <fieldset class="stack"><legend>First person at the client</legend>
        <p class="soft small">Becomes the owner: may invite others and see everything. Leave empty to invite later.</p>
        ${field({ name: 'owner.name', label: 'Name', maxlength: 200 })}
        ${field({ name: 'owner.email', label: 'Email', kind: 'email', maxlength: 254 })}
      </fieldset>
      <p class="row"><button class="btn btn-main">Open client</button><a class="btn btn-quiet" href=${`/clients.html?c=${params.c}`}>Cancel</a></p>
    </form>`,
});

async function send(values) {
  const body = { ...values, sites: values.sites.filter(Boolean) };
  const made = await create(`/api/practices/${params.c}/clients`, body);
  if (made.owner_invitation) await handOver(values.owner, made.owner_invitation);
  sayNext(`${values.name} is open. Step 1, gap analysis, can start.`);
  const [o, p] = [made.organisation?.id ?? made.organisation, made.programme?.id ?? made.programme];
  location.assign(`/overview.html?o=${o}&p=${p}`);
}

const handOver = (owner, invitation) => showOnce({
  title: `Invitation for ${owner.name ?? owner.email}`,
  body: html`<p>Send this link by a way you trust. It is shown only now, works once and until <time datetime=${invitation.expires_at}>${longDay(parse(invitation.expires_at))}</time>.</p>`,
  secret: new URL(invitation.link, location.href).href, label: 'Invitation link',
});
