/** The organisation's profile as a form: name, people, services, sites. */
import { html, nothing } from '/js/lib/page.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { confirmAct } from '/js/lib/dialog.js';
import { field } from '/js/lib/parts.js';

let serial = 0;

/** `d.sites` are the rows of the form; those with an id are known to the server already. */
export const organisationForm = (d, view) => html`
  ${field({ name: 'name', id: 'o-name', label: 'Name of the organisation', value: d.organisation.name, required: true, maxlength: 150, missing: 'Enter the organisation’s name' })}
  ${field({ name: 'staff', label: 'People in scope', kind: 'number', value: d.organisation.staff ?? '', min: 1, max: 1000000, inputmode: 'numeric', className: 'field-s', hint: 'Everybody who takes part in the services, part-time counted in part.' })}
  ${field({ name: 'services', label: 'Services', kind: 'textarea', rows: 5, value: d.organisation.services.join('\n'), hint: 'One in each line, under the names of the service catalogue.' })}
  <fieldset class="stack"><legend>Sites</legend>${repeat(d.sites, key, (site, at) => row(site, at, d, view))}
    <p><button class="btn btn-s" type="button" @click=${() => add(d, view)}>Add a site</button></p></fieldset>`;

const key = (site) => site.id ?? site.key;

/** Rows are bound to what was typed, so that taking one out leaves the others as they are. */
function row(site, at, d, view) {
  const keep = (name) => (e) => { site[name] = e.target.value; };
  return html`<div class="site"><input type="hidden" name=${`sites.${at}.id`} .value=${site.id ?? ''}>
    <div @input=${keep('name')}>${field({ name: `sites.${at}.name`, id: `site-${key(site)}`, label: `Site ${at + 1}`, value: site.name, required: true, maxlength: 100, missing: 'Enter the site’s name or town' })}</div>
    <div @input=${keep('role')}>${field({ name: `sites.${at}.role`, id: `site-role-${key(site)}`, label: 'What is done there', value: site.role, maxlength: 200 })}</div>
    <div @input=${keep('staff')}>${field({ name: `sites.${at}.staff`, id: `site-staff-${key(site)}`, label: 'People', kind: 'number', value: site.staff ?? '', min: 0, max: 1000000, inputmode: 'numeric' })}</div>
    ${d.sites.length > 1 ? html`<p class="site-foot"><button class="link small" type="button" @click=${() => takeOut(site, d, view)}>Take ${site.name || `site ${at + 1}`} out</button></p>` : nothing}</div>`;
}

function add(d, view) {
  const site = { key: `new-${serial += 1}`, name: '', role: '', staff: null };
  d.sites.push(site);
  view.redraw();
  document.getElementById(`site-${site.key}`).focus();
}

async function takeOut(site, d, view) {
  const inScope = d.programme?.sites.includes(site.id);
  const gone = !site.id || (await confirmAct({ title: `Take ${site.name} out`, action: `Take ${site.name} out`, body: inScope ? 'It goes when you save the organisation. The site is in the scope and leaves that as well, so the scope is to be agreed anew.' : 'It goes when you save the organisation.' }));
  if (!gone) return;
  d.sites.splice(d.sites.indexOf(site), 1);
  view.redraw();
}

const lines = (text = '') => text.split('\n').map((line) => line.trim()).filter(Boolean);

/** What the form holds, as the API takes it. */
export const organisationOf = ({ name, staff = null, services, sites = [] }) => ({
  name, staff, services: lines(services),
  sites: sites.filter(Boolean).map((s) => ({ ...(s.id && { id: s.id }), name: s.name, role: s.role ?? '', staff: s.staff ?? null })),
});
