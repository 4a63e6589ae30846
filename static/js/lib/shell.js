/** The frame of every application page: top bar, side navigation with counts, menus. <app-shell page="overview"> */
import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { get, del } from '/js/lib/api.js';
import { params, programmeApi, to, home } from '/js/lib/address.js';
import { initials, longDay, standard } from '/js/lib/format.js';
import { showKeys, keys } from '/js/lib/keys.js';
import { me, lastMe, forgetMe, storage } from '/js/lib/me.js';
import { mount } from '/js/lib/page.js';
import { sayLeft } from '/js/lib/undo.js';

const FRESH = 60_000;
let shell = null;

/** Pages of a programme: [key, address, words, count, roles that may, else all]. A group starts with its heading alone. */
const PROGRAMME = [
  ['overview', '/overview.html', 'Overview'],
  ['work', '/work.html', 'My work', (c) => c.work],
  ['The way'],
  ['steps', '/steps.html', 'Steps', (c) => c.steps],
  ['requirements', '/requirements.html', 'Requirements'],
  ['evidence', '/evidence.html', 'Evidence', (c) => c.evidence],
  ['findings', '/findings.html', 'Findings', (c) => c.findings],
  ['audits', '/audits.html', 'Audits'],
  ['Keeping order'],
  ['members', '/members.html', 'Members'],
  ['journal', '/journal.html', 'Journal', null, ['owner', 'top_management', 'sms_manager', 'internal_auditor', 'consultant']],
  ['settings', '/settings.html', 'Settings'],
];
const PRACTICE = [
  ['clients', '/clients.html', 'Clients', (c) => c.clients],
  ['Practice'],
  ['practice', '/practice.html', 'Consultants'],
];

const done = (step) => ['done', 'overridden'].includes(step.state);

/** Counts beside the navigation's words, from the overview answer. */
function countsOf(o) {
  const current = o.steps.find((s) => !done(s))?.number ?? 11;
  return {
    work: o.mine.length || null, late: o.mine.some((w) => w.late_days > 0), steps: `${current} of ${o.steps.length}`,
    evidence: o.counts?.evidence, findings: o.counts?.findings_open ? `${o.counts.findings_open} open` : null,
    edition: standard(o.programme?.edition),
  };
}

/** The overview page has the counts already: pass its answer, and nothing is asked twice. */
export const tellShell = (overview) => shell?.remember(countsOf(overview));
/** Other counts, such as {clients: 43}. */
export const tellCounts = (counts) => shell?.remember(counts);
/** Ask for the counts again after a change that moves them. */
export const refreshCounts = () => shell?.ask();

class AppShell extends HTMLElement {
  connectedCallback() {
    shell = this;
    this.person = lastMe();
    this.counts = storage.read(this.key)?.counts ?? {};
    if (this.person) this.draw();
    me().then((person) => { this.person = person; this.draw(); this.askIfOld(); }).catch(() => this.draw());
    document.addEventListener('click', (e) => this.closeMenus(e.target));
    document.addEventListener('keydown', (e) => { if (e.key === 'Escape') this.closeMenus(null, true); });
    keys({});
    sayLeft();
  }

  get key() { return `certway-counts:${params.c ?? ''}:${params.o ?? ''}:${params.p ?? ''}`; }

  remember(counts) {
    this.counts = { ...this.counts, ...counts };
    storage.write(this.key, { counts: this.counts, at: Date.now() });
    this.draw();
  }

  askIfOld() {
    if (Date.now() - (storage.read(this.key)?.at ?? 0) > FRESH) setTimeout(() => { if (Date.now() - (storage.read(this.key)?.at ?? 0) > FRESH) this.ask(); }, 400);
  }

  ask() {
    if (params.o && params.p) get(`${programmeApi}/overview`, { anonymous: true }).then((o) => this.remember(countsOf(o)), () => {});
  }

  closeMenus(target, focus = false) {
    for (const menu of this.querySelectorAll('details[open]')) {
      if (target && menu.contains(target)) continue;
      menu.open = false;
      if (focus) menu.querySelector('summary').focus();
    }
  }

  get place() {
    const person = this.person ?? { practices: [], organisations: [] };
    const org = person.organisations.find((o) => o.id === params.o) ?? (params.c ? null : params.o ? { id: params.o, name: 'This organisation', programmes: [] } : null);
    const practice = org ? null : person.practices.find((p) => p.id === params.c) ?? person.practices[0] ?? null;
    return { org: org ?? (practice ? null : person.organisations[0] ?? null), practice };
  }

  draw() {
    const { org, practice } = this.place;
    const here = [(org ?? practice)?.name, org && this.counts.edition, `printed ${longDay(new Date())}`].filter(Boolean).join(', ');
    mount(this, html`<p class="print-only">${here}</p>${this.top(org, practice)}${this.side(org, practice)}`);
    const [bar, current] = [this.querySelector('.nav-inner'), this.querySelector('.nav [aria-current]')];
    if (current && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = current.offsetLeft - (bar.clientWidth - current.offsetWidth) / 2;
  }

  top(org, practice) {
    const person = this.person;
    return html`<header class="top">
      <a class="mark" href=${person ? home(person) : '/'} aria-label="Certway, first page">Cert<b>way</b></a>
      ${person && (org || practice) ? this.switcher(person, org, practice) : nothing}
      ${this.hasAttribute('panes') ? this.inTop(org, practice) : org && this.counts.edition ? html`<span class="faint wide-only">${this.counts.edition}</span>` : nothing}
      ${person ? html`<details class="menu menu-end push"><summary><span class="avatar">${initials(person.name)}</span><span class="sr">Account of ${person.name}</span></summary>
        <div class="menu-list"><p>${person.name}<br>${person.email}</p><hr><a href="/account.html">Account</a>
          <button type="button" class="wide-only" @click=${showKeys}>Keys on this page</button><button type="button" @click=${() => this.signOut()}>Sign out</button></div></details>` : nothing}
    </header>`;
  }

  switcher(person, org, practice) {
    const others = person.organisations.filter((o) => o.id !== org?.id).slice(0, 12);
    const mine = org?.programmes.length > 1 ? org.programmes : [];
    const link = (o) => (o.programmes.length ? `/overview.html?o=${o.id}&p=${o.programmes[0].id}` : `/programme-new.html?o=${o.id}`);
    return html`<details class="menu"><summary class="switch">${(org ?? practice).name}</summary><div class="menu-list">
      ${mine.map((p) => html`<a href=${`/overview.html?o=${org.id}&p=${p.id}`} aria-current=${p.id === params.p ? 'true' : nothing}>${p.name}</a>`)}
      ${org ? html`<a href=${`/programme-new.html?o=${org.id}`}>New programme</a><hr>` : nothing}
      ${person.practices.map((c) => html`<a href=${`/clients.html?c=${c.id}`}>${c.name}: all clients</a>`)}
      ${others.map((o) => html`<a href=${link(o)}>${o.name}</a>`)}</div></details>`;
  }

  /** Pages of three panes need the room at the side: their navigation is a menu in the top bar, with the keys beside it. */
  inTop(org, practice) {
    const { rows, link } = this.links(org, practice);
    const here = rows.find(([key]) => key === this.getAttribute('page'));
    const reads = org?.roles?.every((role) => role === 'viewer');
    const hints = this.getAttribute('panes').split(', ').filter((hint) => !reads || /^[JU?]/.test(hint)).map((hint) => hint.split(' ').map((w) => (/^[A-Z0-9?]$/.test(w) ? html`<kbd>${w}</kbd>` : w === '–' ? w : html` ${w} `)));
    return html`${here ? html`<nav class="wide-only" aria-label="Programme"><details class="menu"><summary class="switch soft">${here[2]}</summary><div class="menu-list nav">${rows.map((r) => (r.length === 1 ? html`<h2>${r[0]}</h2>` : link(r)))}</div></details></nav>` : nothing}
      <span class="push faint wide-only key-hints" aria-hidden="true">${hints.map((h) => html`<span>${h}</span>`)}</span>`;
  }

  side(org, practice) {
    const { rows, link } = this.links(org, practice);
    return html`<nav class="side nav" aria-label=${org ? 'Programme' : 'Practice'}><div class="nav-inner">${rows.map((r) => (r.length === 1 ? html`<h2>${r[0]}</h2>` : link(r)))}</div></nav>`;
  }

  links(org, practice) {
    const current = this.getAttribute('page');
    const mine = ([, , , , roles]) => !roles || !org.roles || org.roles.some((role) => roles.includes(role));
    const rows = org ? PROGRAMME.filter(mine) : practice ? PRACTICE : [];
    const base = org ? { o: org.id, p: params.p ?? org.programmes[0]?.id } : { c: practice?.id, o: null, p: null };
    const link = ([key, address, words, count]) => {
      const n = count?.(this.counts);
      return html`<a href=${to(address, base)} aria-current=${key === current ? 'page' : nothing}>${words}${n != null ? html` <span class="n ${key === 'work' && this.counts.late ? 'due' : ''}">${n}</span>` : nothing}</a>`;
    };
    return { rows, link };
  }

  async signOut() {
    await del('/api/session', { anonymous: true }).catch(() => {});
    forgetMe();
    location.assign('/signin.html');
  }
}

customElements.define('app-shell', AppShell);
