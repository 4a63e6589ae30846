/** Settings: what is to be certified, where, by whom and by when? */
import '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get, patch, post } from '/js/lib/api.js';
import { orgApi, params, programmeApi, to } from '/js/lib/address.js';
import { refreshCounts } from '/js/lib/shell.js';
import { clock, longDay, moment, standard } from '/js/lib/format.js';
import { ask } from '/js/lib/dialog.js';
import { submit } from '/js/lib/forms.js';
import { forgetMe, lastMe } from '/js/lib/me.js';
import { among, myRoles } from '/js/lib/roles.js';
import { said } from '/js/lib/undo.js';
import { choices, empty, field, tag, when } from '/js/lib/parts.js';
import { bodyFields, bodyOf } from '/js/pages/settings/body.js';
import { organisationForm, organisationOf } from '/js/pages/settings/organisation.js';
import { bodyFacts, organisationFacts, programmeFacts } from '/js/pages/settings/facts.js';

async function load() {
  const [organisation, programme, mine] = await Promise.all([get(orgApi), params.p ? get(programmeApi) : null, myRoles()]);
  return { organisation, programme, edits: among(mine), agrees: among(mine, ['owner', 'top_management']), sites: organisation.sites.map((s) => ({ ...s })) };
}

page('view-settings', {
  load,
  title: (d) => ['Settings', d.organisation.name],
  draw: (d, view) => html`
    <h1>${headline(d.programme)}</h1>
    <p class="lede">${d.edits ? 'What stands here goes into the certificate’s wording, the gates and the dates of findings.' : 'Owners, the SMS manager and the consultant change what stands here.'}</p>
    <div class="columns"><div class="stack settings">${d.programme ? [scope(d, view), programme(d, view), body(d, view)] : noProgramme()}</div>
      <div class="stack settings">${organisation(d, view)}</div></div>`,
});

function headline(p) {
  if (!p) return 'There is no programme yet';
  if (!p.scope_statement.trim()) return 'The scope is not written yet';
  return p.scope_agreed ? `The scope is agreed since ${longDay(p.scope_agreed.at)}` : 'The scope waits for top management’s agreement';
}

const noProgramme = () => empty('No programme', 'A programme is the way to one certificate. Open one to set its scope, sites and certification body.', html`<a class="btn btn-main" href=${to('/programme-new.html', { p: null })}>Open a programme</a>`);

const part = (id, title, content) => html`<section aria-labelledby=${id}><h2 id=${id}>${title}</h2><div class="mt-s">${content}</div></section>`;

/** Save one part: the fresh object takes the old one's place. */
async function save(view, name, promise, text) {
  const fresh = await promise;
  view.data = { ...view.data, [name]: fresh, ...(name === 'organisation' && { sites: fresh.sites.map((s) => ({ ...s })) }) };
  view.redraw();
  said(`${text}. Saved ${clock()}`);
  if (name === 'organisation') forgetMe();
  refreshCounts();
}

function scope(d, view) {
  const p = d.programme;
  const send = ({ scope_statement = '', sites = [] }) => save(view, 'programme', patch(programmeApi, { scope_statement, sites }, { of: p }), 'The scope is changed');
  const content = d.edits ? html`<form class="form" novalidate @submit=${submit(send)}>
      ${field({ name: 'scope_statement', label: 'Scope statement', kind: 'textarea', rows: 6, value: p.scope_statement, maxlength: 4000, hint: 'Names the services, the organisation and the sites, as the certificate will. Nothing in clauses 4 to 10 can be left out.' })}
      ${d.organisation.sites.length ? choices({ name: 'sites', label: 'Sites in scope', options: d.organisation.sites.map((s) => [s.id, s.name, s.role]), chosen: p.sites }) : html`<p class="soft small">Add the organisation’s sites first, then choose those in scope.</p>`}
      ${p.scope_agreed ? html`<p class="faint small">A change of words or sites is to be agreed anew.</p>` : nothing}
      <p class="row"><button class=${`btn ${p.scope_statement ? '' : 'btn-main'}`}>Save scope</button></p></form>`
    : programmeFacts(p, d.organisation);
  return part('scope', 'Scope', html`${agreement(d, view)}${content}`);
}

function agreement({ programme: p, agrees }, view) {
  if (p.scope_agreed) return html`<p class="agreed">${tag('accepted', 'Agreed')} by ${p.scope_agreed.by.name}, ${when(p.scope_agreed.at, moment)}</p>`;
  if (!p.scope_statement.trim()) return nothing;
  return html`<div class="notice notice-warn agreed"><p>Not agreed yet. Step 1 can be passed once top management has agreed these words.</p>
    ${agrees ? html`<p class="row mt-s no-print"><button class="btn btn-main" type="button" @click=${() => agree(p, view)}>Agree the scope</button></p>` : nothing}</div>`;
}

async function agree(p, view) {
  const fresh = await ask({
    title: 'Agree the scope', action: 'Agree the scope',
    body: html`<p>Your name${lastMe() ? `, ${lastMe().name},` : ''} and the date will stand under these words until they change:</p><blockquote class="pre quote">${p.scope_statement}</blockquote>`,
    run: () => post(`${programmeApi}/scope/agree`, {}, { of: p }),
  });
  if (fresh) await save(view, 'programme', fresh, 'You agreed the scope');
}

function programme(d, view) {
  const p = d.programme;
  if (!d.edits) return nothing;
  const send = ({ name, target_date = null }) => save(view, 'programme', patch(programmeApi, { name, target_date }, { of: p }), 'The programme is changed');
  return part('programme', 'Programme', html`<form class="form" novalidate @submit=${submit(send)}>
    ${field({ name: 'name', id: 'p-name', label: 'Name', value: p.name, required: true, maxlength: 150, missing: 'Enter a name for the programme' })}
    <p class="small"><span class="faint">Edition:</span> ${standard(p.edition)}</p>
    ${field({ name: 'target_date', label: 'Certificate wanted by', kind: 'date', value: p.target_date ?? '', className: 'field-s' })}
    <p class="row"><button class="btn">Save programme</button></p></form>`);
}

function body(d, view) {
  const p = d.programme;
  const send = ({ body: b }) => save(view, 'programme', patch(programmeApi, { certification_body: bodyOf(b) }, { of: p }), 'The certification body is changed');
  return part('body', 'Certification body', d.edits ? html`<form class="form" novalidate @submit=${submit(send)}>${bodyFields(p.certification_body ?? {})}
    <p class="row"><button class="btn">Save certification body</button></p></form>` : bodyFacts(p.certification_body));
}

function organisation(d, view) {
  const send = async (values) => {
    await save(view, 'organisation', patch(orgApi, organisationOf(values), { of: d.organisation }), 'The organisation is changed');
    await followScope(view);
  };
  return part('organisation', 'Organisation', d.edits ? html`<form class="form" novalidate @submit=${submit(send)}>${organisationForm(d, view)}
    <p class="row"><button class="btn">Save organisation</button></p></form>` : organisationFacts(d.organisation));
}

/** A site that goes has left the scope as well, which is then to be agreed anew. */
async function followScope(view) {
  const { organisation: o, programme: p } = view.data;
  if (!p?.sites.some((id) => !o.sites.some((site) => site.id === id))) return;
  view.data = { ...view.data, programme: await get(programmeApi) };
  view.redraw();
  said(`The organisation and its scope are changed. Saved ${clock()}`);
}
