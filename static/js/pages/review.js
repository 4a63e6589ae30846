/** Review room: what shows that this requirement is met, and what have I not seen yet? */
import { entry, link } from '/js/pages/review/entry.js';
import { del, get, hooks, post } from '/js/lib/api.js';
import { html, mount, setTitle } from '/js/lib/page.js';
import { keys } from '/js/lib/keys.js';
import { problemBox } from '/js/lib/parts.js';
import { said, saidProblem } from '/js/lib/undo.js';
import { bar, room as roomView } from '/js/pages/review/room.js';
import { openNext } from '/js/pages/review/clause.js';
import { Notes } from '/js/pages/review/notes.js';
import { STAGES } from '/js/pages/review/words.js';

const TICK = 30_000;
const OVER = /access has ended/;
const asked = () => new URLSearchParams(location.search).get('clause');

class ReviewRoom extends HTMLElement {
  state = { why: link ? 'new' : 'none', sent: null, raising: null, tree: false };
  room = null;
  at = null;
  clauses = new Map();

  connectedCallback() {
    hooks.signIn = (problem) => { this.out(OVER.test(problem.detail) ? 'over' : 'ended'); return new Promise(() => {}); };
    this.notes = new Notes((clause) => this.noted(clause));
    addEventListener('beforeunload', (event) => { if (this.state.raising?.typed?.statement) event.preventDefault(); });
    addEventListener('popstate', () => { if (this.room) this.show(asked()); });
    if (link) this.redraw(); else this.enterRoom();
  }

  /** Ask for the room; without a session the entry is shown. */
  async enterRoom() {
    try {
      this.room = await get('/api/review', { anonymous: true });
    } catch (problem) {
      if (problem.status === 401) this.state.why = OVER.test(problem.detail) ? 'over' : this.state.why; else this.problem = problem;
      this.redraw();
      return;
    }
    this.problem = null;
    Object.assign(this.state, { sent: null, note: null });
    this.bindKeys();
    this.ticking ??= setInterval(() => this.tick(), TICK);
    await this.show(asked());
    this.querySelector('h1')?.focus();
  }

  /** Ask anew for counts, findings and conclusion. */
  async refresh() { this.room = await get('/api/review'); this.redraw(); }

  out(why) {
    Object.assign(this, { room: null, at: null, problem: null });
    this.clauses.clear();
    this.notes.release();
    clearInterval(this.ticking);
    this.ticking = null;
    document.querySelectorAll('dialog[open]').forEach((d) => d.close());
    this.set({ why, sent: null, tree: false, raising: why === 'left' ? null : this.state.raising });
    this.querySelector('h1')?.setAttribute('tabindex', '-1');
    this.querySelector('h1')?.focus();
  }

  tick() { if (this.room && new Date(this.room.expires_at) <= Date.now()) this.out('over'); else this.redraw(); }

  set(changes) { Object.assign(this.state, changes); this.redraw(); }

  redraw() {
    const stage = this.room ? `${STAGES[this.room.stage]}, ${this.room.organisation.name}` : 'Review room';
    setTitle(this.at, stage);
    document.body.classList.toggle('plain', !this.room);
    mount(this, html`${bar(this)}${this.problem ? html`<main class="main" id="main"><h1>The room could not be opened</h1><div class="mt">${problemBox(this.problem, () => this.enterRoom())}</div></main>` : this.room ? roomView(this) : entry(this)}`);
  }

  /** Go to a clause, with a history entry; null is the scope. */
  async go(number) {
    if (number !== this.at) history.pushState(null, '', number ? `/review.html?clause=${number}` : '/review.html');
    await this.show(number);
    scrollTo(0, 0);
    this.querySelector('#main h1')?.focus();
  }

  async show(number) {
    this.notes.flush();
    this.at = this.room.clauses.some((c) => c.assessable && c.number === number) ? number : null;
    this.set({ tree: false });
    this.querySelector('.tree [aria-current]')?.scrollIntoView({ block: 'nearest' });
    if (!this.at) return;
    try {
      const clause = await get(`/api/review/clauses/${number}`);
      this.clauses.set(number, clause);
      this.notes.know(number, clause.note);
    } catch (problem) { this.clauses.set(number, { problem }); }
    this.redraw();
  }

  /** On a phone the clauses stand above the rest, and are asked for. */
  showTree() {
    this.set({ tree: !this.state.tree });
    if (!this.state.tree) return;
    const here = this.querySelector('.tree [aria-current]');
    here?.scrollIntoView({ block: 'center' });
    here?.focus();
  }

  get order() { return this.room.clauses.filter((c) => c.assessable); }

  step(by) {
    const at = this.order.findIndex((c) => c.number === this.at);
    const next = at + by;
    if (next < 0) this.go(null); else if (next < this.order.length) this.go(this.order[next].number);
  }

  nextUnseen() {
    const at = this.order.findIndex((c) => c.number === this.at);
    const next = [...this.order.slice(at + 1), ...this.order.slice(0, at + 1)].find((c) => !c.seen && c.number !== this.at);
    if (next) this.go(next.number); else said(this.order.every((c) => c.seen) ? 'You have seen every clause.' : 'Every other clause is seen.');
  }

  /** Mark a clause as seen, or take the mark back. */
  async mark(number, seen) {
    const line = this.room.clauses.find((c) => c.number === number);
    const move = (to) => { if (line.seen !== to) { line.seen = to; this.room.seen += to ? 1 : -1; } this.redraw(); };
    move(seen);
    try { await post(`/api/review/clauses/${number}/seen`, { seen }); } catch (problem) { move(!seen); saidProblem(problem); }
  }

  seenAndOn(number) {
    if (!this.room.clauses.find((c) => c.number === number).seen) this.mark(number, true);
    this.nextUnseen();
  }

  noted(clause) {
    const line = this.room?.clauses.find((c) => c.number === clause);
    if (!line) return;
    line.noted = this.notes.of(clause).text.trim() !== '';
    this.redraw();
  }

  raise() {
    this.set({ raising: this.state.raising ?? { clause: this.at ?? this.order[0].number }, tree: false });
    const box = this.querySelector('#raise-statement');
    box?.scrollIntoView({ block: 'center' });
    box?.focus();
  }

  async leave() {
    await this.notes.flush();
    await del('/api/review/session', { anonymous: true }).catch(() => {});
    this.out('left');
  }

  bindKeys() {
    const focus = (selector) => { const box = this.querySelector(selector); box?.focus(); box?.scrollIntoView({ block: 'nearest' }); };
    const inside = (run) => () => { if (this.room) run(); };
    keys({
      j: ['Next clause', inside(() => this.step(1))], k: ['Previous clause', inside(() => this.step(-1))],
      u: ['Next clause not seen', inside(() => this.nextUnseen())], s: ['Seen, or not', inside(() => { if (this.at) this.mark(this.at, !this.order.find((c) => c.number === this.at).seen); })],
      o: ['Open the next file', inside(() => openNext(this))], n: ['Write a note', inside(() => focus('#note'))],
    });
    if (this.room.capabilities.includes('raise_findings')) keys({ f: ['Raise a finding', inside(() => this.raise())] });
  }
}

customElements.define('view-review', ReviewRoom);
