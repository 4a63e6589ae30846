/** One piece of evidence: is it in, accepted, current? Who has seen it? */
import '/js/lib/shell.js';
import { refreshCounts } from '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { get, patch, post, put } from '/js/lib/api.js';
import { params, programmeApi, to } from '/js/lib/address.js';
import { ask } from '/js/lib/dialog.js';
import { clock, moment } from '/js/lib/format.js';
import { keys } from '/js/lib/keys.js';
import { people } from '/js/lib/people.js';
import { history, when } from '/js/lib/parts.js';
import { said, saidProblem } from '/js/lib/undo.js';
import { details, detailsForm, links, linksForm, versions } from './evidence-item/parts.js';

const address = `${programmeApi}/evidence/${encodeURIComponent(params.e ?? '')}`;

page('view-evidence-item', {
  load: () => get(address),
  title: (e) => [e.title, 'Evidence'],
  state: { editing: null },
  draw: (e, view) => html`
    <p class="crumb"><a href=${to('/evidence.html')}>Evidence</a></p>
    <div class="row row-top"><h1 class="grow">${e.headline}</h1></div>
    <p class="lede">${e.lede}</p>
    ${view.state.editing ? nothing : acts(e, view)}
    <div class="columns">
      <div class="stack stack-l">
        ${versions(e, download)}
        <section aria-labelledby="details"><div class="row"><h2 id="details">Details</h2>${e.can.edit && view.state.editing !== 'details' ? html`<button class="btn btn-s push" type="button" data-edit="details" @click=${() => edit(view, 'details')}>Edit</button>` : nothing}</div>
          ${view.state.editing === 'details' ? detailsForm(e, view.members ?? [], (values) => save(view, values), () => leave(view, 'details')) : details(e)}</section>
        <section aria-labelledby="shows"><div class="row"><h2 id="shows">What it shows</h2>${e.can.edit && view.state.editing !== 'links' ? html`<button class="btn btn-s push" type="button" data-edit="links" @click=${() => edit(view, 'links')}>Change</button>` : nothing}</div>
          ${view.state.editing === 'links' ? linksForm(e, view.catalogue, (values) => saveLinks(view, values), () => leave(view, 'links')) : links(e, view.catalogue)}</section>
      </div>
      <div class="stack stack-l">
        <section aria-labelledby="seen"><h2 id="seen">Seen by</h2>${seen(e)}</section>
        <section aria-labelledby="past"><h2 id="past">History</h2><div class="mt-s">${history(e.history)}</div></section>
      </div>
    </div>`,
  ready(e, view) {
    import('/js/lib/catalogue.js').then(({ programmeCatalogue }) => programmeCatalogue()).then((found) => { view.catalogue = found; view.redraw(); }, () => {});
    keys({
      d: ['Download the current version', () => { if (view.data.versions.length) download(view.data.versions[0].number); }],
      ...(e.can.edit && { e: ['Edit details', () => edit(view, 'details')], l: ['Change what it shows', () => edit(view, 'links')] }),
      ...(e.can.add_version && { v: ['New version', () => location.assign(to('/upload.html', { e: e.id }))] }),
    });
  },
});

/** What can be done now: one main action. */
function acts(e, view) {
  const version = html`<a class="btn" href=${to('/upload.html', { e: e.id })}>Add a version</a>`;
  if (e.can.review) return html`<p class="row mt"><button class="btn btn-main" type="button" @click=${() => accept(view)}>Accept</button><button class="btn" type="button" @click=${() => giveBack(view)}>Return with a reason</button></p>`;
  if (e.can.submit) return html`${waits(e)}<p class="row mt"><button class="btn btn-main" type="button" @click=${() => submitIt(view)}>Submit for review</button>${e.can.add_version ? version : nothing}</p>`;
  if (!e.versions.length && e.can.add_version) return html`<p class="row mt"><a class="btn btn-main" href=${to('/upload.html', { e: e.id })}>Upload the file</a></p>`;
  if (e.state === 'submitted') return html`<p class="soft small mt-s">Somebody other than its owner and whoever uploaded it accepts or returns it.</p>${e.can.add_version ? html`<p class="row mt">${version}</p>` : nothing}`;
  return e.can.add_version ? html`<p class="row mt">${version}</p>` : nothing;
}

/** What submitting would ask for, said before it is tried. */
function waits(e) {
  const lacks = [!e.owner && 'an owner', e.kind === 'record' && !e.period && 'the period it covers'].filter(Boolean);
  return lacks.length ? html`<p class="notice notice-warn mt">Before it can be submitted it needs ${lacks.join(' and ')}.</p>` : nothing;
}

function seen(e) {
  if (!e.seen_by.length) return html`<p class="soft small mt-s">Nobody has opened the file here yet. Every look and download is kept with name and time, an auditor’s too.</p>`;
  return html`<ul class="list list-plain mt-s">${e.seen_by.map((s) => html`<li><span>${s.name}${s.via === 'grant' ? html` <span class="tag tag-now">Auditor</span>` : nothing}</span><span class="when">${when(s.at, moment)}</span><p>${s.text?.replace(/“.*” /, '') ?? s.what}</p></li>`)}</ul>`;
}

async function edit(view, what) {
  if (!view.data.can.edit) return;
  if (what === 'details' && !view.members) { try { view.members = await people(); } catch (problem) { saidProblem(problem); return; } }
  view.set({ editing: what });
  view.querySelector(what === 'details' ? '#f-title' : 'item-picker input[type="search"]')?.focus();
}

function leave(view, what) {
  view.set({ editing: null });
  view.querySelector(`[data-edit="${what}"]`)?.focus();
}

function changed(view, answer, words) {
  view.data = answer;
  view.set({ editing: null });
  said(`${words}. Saved ${clock()}`);
}

const nulled = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? (['source_system', 'description'].includes(name) ? '' : null)]));

async function save(view, values) {
  const { period, ...rest } = nulled(values);
  const body = { ...rest, period: period?.from || period?.to ? { from: period.from ?? null, to: period.to ?? null } : null };
  const before = view.data.state;
  const answer = await patch(address, body, { of: view.data });
  changed(view, answer, answer.state !== before ? 'Details changed, which asks for a new review' : 'Details changed');
  if (answer.state !== before) refreshCounts();
  view.querySelector('[data-edit="details"]')?.focus();
}

async function saveLinks(view, values) {
  const answer = await put(`${address}/links`, { items: values.items ?? [], steps: (values.steps ?? []).map(Number) }, { of: view.data });
  changed(view, answer, 'Links changed');
  view.querySelector('[data-edit="links"]')?.focus();
}

async function submitIt(view) {
  try {
    changed(view, await post(`${address}/submit`, {}, { of: view.data }), 'Submitted for review');
    refreshCounts();
  } catch (problem) {
    const field = problem.errors[0]?.field;
    saidProblem(problem, ...(field && field !== 'upload' && view.data.can.edit ? ['Fill it in', () => edit(view, 'details')] : []));
  }
}

async function accept(view) {
  await ask({
    title: `Accept “${view.data.title}”`, action: 'Accept',
    body: 'Accepting says that it is what it claims to be. It rates no requirement.',
    fields: [{ name: 'note', label: 'Note', kind: 'textarea', rows: 2, maxlength: 1000 }],
    run: async ({ note }) => { changed(view, await post(`${address}/accept`, note ? { note } : {}, { of: view.data }), 'Accepted'); refreshCounts(); },
  });
}

async function giveBack(view) {
  await ask({
    title: `Return “${view.data.title}”`, action: 'Return', body: `${view.data.owner?.name ?? 'Its owner'} reads your reason and submits it again.`,
    fields: [{ name: 'reason', label: 'What is missing or wrong', kind: 'textarea', required: true, maxlength: 2000, missing: 'Say what has to be put right' }],
    run: async ({ reason }) => { changed(view, await post(`${address}/return`, { reason }, { of: view.data }), 'Returned'); refreshCounts(); },
  });
}

async function download(number) {
  try {
    const { url, filename } = await post(`${address}/versions/${number}/download`, {});
    const link = Object.assign(document.createElement('a'), { href: url, download: filename });
    link.click();
  } catch (problem) { saidProblem(problem); }
}

