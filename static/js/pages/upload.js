/** Upload: did it arrive, where does it belong, will it pass? */
import '/js/lib/shell.js';
import { refreshCounts } from '/js/lib/shell.js';
import { html, nothing, page } from '/js/lib/page.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { get } from '/js/lib/api.js';
import { params, programmeApi, to } from '/js/lib/address.js';
import { programmeCatalogue } from '/js/lib/catalogue.js';
import { count } from '/js/lib/format.js';
import { me } from '/js/lib/me.js';
import { people } from '/js/lib/people.js';
import { empty, progress } from '/js/lib/parts.js';
import { BRING, among, myRoles } from '/js/lib/roles.js';
import { Uploads } from '/js/lib/upload.js';
import { common } from './upload/common.js';
import { headline, whole } from './upload/headline.js';
import { addVersion, entryOf, keep } from './upload/entries.js';
import { fileView } from './upload/file.js';

let pending = [];
let view = null;


async function load() {
  const [person, members, roles, replaced] = await Promise.all([me(), people(), myRoles(), params.e ? get(`${programmeApi}/evidence/${encodeURIComponent(params.e)}`) : null]);
  return { me: person, members, replaced, may: among(roles, BRING) && (!replaced || replaced.can.add_version) };
}

page('view-upload', {
  load,
  title: (data) => [data.replaced ? `New version of ${data.replaced.title}` : 'Add evidence'],
  state: { entries: [], submit: false, working: false },
  draw(data, element) {
    view ??= element;
    const { entries } = view.state;
    if (!data.may) return refused(data);
    const said = headline(entries, data.replaced, params);
    const open = entries.filter((x) => !x.made && x.item.state !== 'failed');
    return html`
      <p class="crumb"><a href=${to('/evidence.html')}>Evidence</a></p>
      <h1 aria-live="polite">${said.headline}</h1><p class="lede">${said.lede}</p>
      ${whole(entries) < 1 ? html`<div class="mt-s measure">${progress(whole(entries), 'All files')}</div>` : nothing}
      ${drop(entries, data)}
      ${open.length > 1 && !data.replaced ? html`<div class="columns upload-columns">${fileList(entries, data)}${common(data, view, apply)}</div>` : entries.length ? html`<div class="mt">${fileList(entries, data)}</div>` : nothing}
      ${open.length ? finish(open, data) : entries.some((x) => x.made) ? done(entries, data) : nothing}`;
  },
  ready(data, element) {
    view = element;
    if (!data.may) return;
    view.uploads = new Uploads(programmeApi, () => later());
    programmeCatalogue().then((found) => { view.catalogue = found; view.redraw(); }, () => {});
    addEventListener('beforeunload', (e) => { if (view.state.entries.some((x) => !x.made && !x.left)) e.preventDefault(); });
    takeDrops();
    take(pending);
    pending = [];
  },
});

/** Take this page's place in the document the files were dropped on, so that they need not be chosen again. */
export function uploadHere(main, files) {
  pending = [...files];
  main.replaceChildren(document.createElement('view-upload'));
  addEventListener('popstate', () => location.reload());
}

const fileList = (entries, data) => html`<section aria-labelledby="files"><h2 id="files">${entries.length > 1 ? count(entries.length, 'file') : 'The file'}</h2>
  <div class="mt-s">${repeat(entries, (entry) => entry.id, (entry) => fileView(entry, data, view, hands))}</div></section>`;

/** Progress comes many times a second: draw once a frame. */
let drawing = 0;
function later() {
  drawing ||= requestAnimationFrame(() => { drawing = 0; view.redraw(); });
}

function take(files) {
  const chosen = [...files];
  if (!chosen.length) return;
  const open = view.state.entries.filter((x) => !x.made);
  if (view.data.replaced && open.length + chosen.length > 1) { view.set({ refused: 'A version is one file. Choose a single one, or take the other out first.' }); return; }
  view.state.refused = '';
  const added = view.uploads.add(chosen).map((item) => entryOf(item, view.data, params));
  const entries = [...view.state.entries, ...added];
  if (entries.length > 1) added.forEach((x) => { x.open = false; });
  view.set({ entries });
}

const refused = (data) => html`<p class="crumb"><a href=${to('/evidence.html')}>Evidence</a></p><h1>${data.replaced ? 'This evidence belongs to somebody else' : 'Your role reads evidence and adds none'}</h1>
  ${empty('What you can do', data.replaced ? `Its owner, ${data.replaced.owner?.name ?? 'once there is one'}, adds versions, and so do those who run the programme.` : 'Ask an owner of the organisation for the role of a process owner, or hand the file to somebody who has it.')}`;

const hands = {
  retry(entry) { view.uploads.retry(entry.item); },
  remove(entry) {
    entry.left = true;
    view.uploads.remove(entry.item);
    view.set({ entries: view.state.entries.filter((x) => x !== entry) });
    (view.querySelector('.upload-file summary') ?? view.querySelector('.drop input'))?.focus();
  },
  changed() { view.redraw(); },
};

/** Common fields into every file that is not added yet; empty ones change nothing. */
function apply(values) {
  for (const entry of view.state.entries.filter((x) => !x.made)) {
    for (const [name, value] of Object.entries(values)) {
      if (name === 'items') entry.items = [...new Set([...entry.items, ...value])];
      else if (name === 'steps') entry.steps = [...new Set([...entry.steps, ...value])];
      else entry[name] = value;
    }
    entry.problem = null;
  }
  view.redraw();
}

function drop(entries, data) {
  const pick = (e) => { take(e.target.files); e.target.value = ''; };
  const one = Boolean(data.replaced);
  if (one && entries.some((x) => x.item.state !== 'failed')) return nothing;
  return html`<div class="drop mt ${entries.length ? 'drop-small' : ''}"><label><input type="file" ?multiple=${!one} @change=${pick}>
    <span>${entries.length ? (one ? 'Drop another file here or ' : 'Drop more files here or ') : one ? 'Drop the new version here or ' : 'Drop files here or '}</span><span class="btn ${entries.length ? 'btn-s' : 'btn-main'}">${one ? 'Choose the file' : 'Choose files'}</span></label>
    ${entries.length ? nothing : html`<p class="small faint mt-s">PDF, Office and OpenDocument files, text, tables, pictures, mail, video or a ZIP. A record shows what happened, so give the original export rather than a screenshot.</p>`}
    ${view.state.refused ? html`<p class="error" role="alert">${view.state.refused}</p>` : nothing}</div>`;
}

function takeDrops() {
  const zone = () => view.querySelector('.drop');
  const over = (on) => zone()?.classList.toggle('over', on);
  addEventListener('dragover', (e) => { if ([...e.dataTransfer.types].includes('Files')) { e.preventDefault(); over(true); } });
  addEventListener('dragleave', (e) => { if (!e.relatedTarget) over(false); });
  addEventListener('drop', (e) => { if (e.dataTransfer.files.length && view.isConnected) { e.preventDefault(); over(false); take(e.dataTransfer.files); } });
}

function finish(open, data) {
  const words = data.replaced ? 'Add the version' : open.length === 1 ? 'Add to the evidence' : `Add ${count(open.length, 'piece', 'pieces')} of evidence`;
  const stuck = open.filter((x) => x.problem).length;
  return html`<div class="upload-foot mt">
    <label class="check"><input type="checkbox" .checked=${view.state.submit} @change=${(e) => view.set({ submit: e.target.checked })}><span>Submit for review straight away<small>Somebody other than the owner and you accepts it. Without this it stays a draft.</small></span></label>
    <p class="row mt-s"><button class="btn btn-main" type="button" ?disabled=${view.state.working} aria-busy=${view.state.working ? 'true' : nothing} @click=${() => send(open, data)}>${words}</button>
      <span class="small soft" role="status">${view.state.working ? 'Waiting for what is still on its way' : stuck ? `${count(stuck, 'file')} could not be added. See what each one needs.` : nothing}</span></p></div>`;
}

async function send(open, data) {
  view.set({ working: true });
  const { submit } = view.state;
  for (const entry of open) {
    await entry.item.finished;
    if (entry.item.state !== 'done' || entry.left) continue;
    if (data.replaced) await addVersion(entry, data, submit); else await keep(entry, submit);
    view.redraw();
  }
  view.set({ working: false });
  refreshCounts();
  const wrong = view.state.entries.find((x) => x.problem || x.item.state === 'failed');
  if (wrong) { wrong.open = true; view.redraw(); view.querySelector(`#${wrong.id} :is(summary, [aria-invalid])`)?.focus(); } else document.querySelector('h1').scrollIntoView({ block: 'center' });
}

function done(entries, data) {
  const first = entries.find((x) => x.made);
  return html`<p class="row mt">${data.replaced ? html`<a class="btn btn-main" href=${to('/evidence-item.html', { e: data.replaced.id })}>Back to “${data.replaced.title}”</a>`
    : params.item ? html`<a class="btn btn-main" href=${to('/requirements.html', { clause: params.item.slice(0, params.item.lastIndexOf('-')) }, params.item)}>Back to ${params.item}</a>`
      : params.step ? html`<a class="btn btn-main" href=${to('/step.html', { n: params.step })}>Back to step ${params.step}</a>`
        : entries.length === 1 ? html`<a class="btn btn-main" href=${to('/evidence-item.html', { e: first.made.id })}>Show it</a>` : html`<a class="btn btn-main" href=${to('/evidence.html')}>Show the library</a>`}</p>`;
}

