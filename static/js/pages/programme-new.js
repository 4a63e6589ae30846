/** New programme: which edition, by when, for which sites? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { create, get } from '/js/lib/api.js';
import { orgApi, params } from '/js/lib/address.js';
import { editionOptions } from '/js/lib/catalogue.js';
import { submit } from '/js/lib/forms.js';
import { forgetMe } from '/js/lib/me.js';
import { among, myRoles } from '/js/lib/roles.js';
import { sayNext } from '/js/lib/undo.js';
import { choices, empty, field } from '/js/lib/parts.js';
import { bodyFields, bodyOf } from '/js/pages/settings/body.js';

async function load() {
  const [organisation, editions, mine] = await Promise.all([get(orgApi), editionOptions(), myRoles()]);
  return { organisation, editions, allowed: among(mine) };
}

page('view-programme-new', {
  load,
  title: (d) => ['New programme', d.organisation.name],
  draw: (d) => html`<h1>Open a programme for ${d.organisation.name}</h1>
    <p class="lede">A programme is the way to one certificate: eleven steps from the gap analysis to Stage 2. Everything entered here can be changed later.</p>
    ${d.allowed ? form(d) : empty('Somebody else opens it', 'An owner, the SMS manager or your consultant opens the programme. It then appears here for you.')}`,
});

const form = ({ organisation, editions }) => html`<form class="form mt" novalidate @submit=${submit(send)}>
  ${field({ name: 'edition', label: 'Edition of the standard', kind: 'select', required: true, options: editions, value: editions[0][0], hint: 'Certificates are issued to the 2018 edition only, since 2024 with Amendment 1.' })}
  ${field({ name: 'name', label: 'Name', maxlength: 150, hint: 'Left empty, it is called after the edition.' })}
  ${field({ name: 'target_date', label: 'Certificate wanted by', kind: 'date', className: 'field-s', hint: 'For 100 to 200 people, eight to sixteen months from the first step are usual.' })}
  ${organisation.sites.length ? choices({ name: 'sites', label: 'Sites in scope', options: organisation.sites.map((s) => [s.id, s.name, s.role]), chosen: organisation.sites.map((s) => s.id), hint: 'Each site in scope is audited; take out what the certificate is not for.' }) : nothing}
  <details class="fold"><summary>Certification body, when it is known</summary><div class="form">${bodyFields({}, false)}</div></details>
  <p class="row"><button class="btn btn-main">Open programme</button></p></form>`;

async function send(values) {
  const { name, edition, target_date, sites, body } = values;
  const made = await create(`${orgApi}/programmes`, { edition, ...(name && { name }), ...(target_date && { target_date }), ...(sites && { sites }), ...(body?.name && { certification_body: bodyOf(body) }) });
  forgetMe();
  sayNext(`${made.name} is open. Step 1, gap analysis, can start.`);
  location.assign(`/overview.html?o=${params.o}&p=${made.id}`);
}
