/** The frame of the room: dark bar with clock, clauses on the left, a bar of buttons on a phone. */
import { html, nothing } from '/js/lib/page.js';
import { exact, left } from '/js/lib/format.js';
import { clausePane, scopePane, waiting } from '/js/pages/review/clause.js';
import { sheet } from '/js/pages/review/sheet.js';
import { mark, STAGES } from '/js/pages/review/words.js';

const DAY = 86_400_000;

/** The dark bar; on a phone the record note moves below it. */
export function bar(view) {
  const { room } = view;
  if (!room) return html`<header class="room"><span class="mark">Cert<b>way</b></span><b>Review room</b></header>`;
  const body = room.certification_body ? `, ${room.certification_body}` : '';
  const near = new Date(room.expires_at) - Date.now() < DAY;
  return html`<header class="room"><span class="mark">Cert<b>way</b></span><b>${STAGES[room.stage] ?? room.stage} · ${room.organisation.name}</b>
    <span class="who">${room.auditor.name}${body}</span><span class="push record">What you open is recorded under your name</span>
    <time class="clock ${near ? 'near' : ''}" datetime=${room.expires_at} title=${exact(room.expires_at)}>Access ends in ${left(room.expires_at)}</time>
    <button class="link leave" type="button" @click=${() => view.leave()}>Leave</button></header>`;
}

const address = (clause) => (clause ? `/review.html?clause=${clause}` : '/review.html');

function tree(view) {
  const { room, at } = view;
  const go = (clause) => (event) => { if (event.ctrlKey || event.metaKey || event.shiftKey) return; event.preventDefault(); view.go(clause); };
  return html`<nav class="pane pane-side pane-scroll tree ${view.state.tree ? 'shown' : ''}" id="clauses" aria-label="Clauses">
    <p class="row row-keep faint counted"><span role="status">Seen ${room.seen} of ${room.total}</span><button class="link push" type="button" @click=${() => view.nextUnseen()}>next unseen <kbd aria-hidden="true" class="wide-only">U</kbd></button></p>
    <a class="whole" href=${address(null)} aria-current=${at ? nothing : 'page'} @click=${go(null)}><span></span>Scope and steps<span></span></a>
    ${room.clauses.map((c) => (c.assessable ? html`<a href=${address(c.number)} aria-current=${c.number === at ? 'page' : nothing} @click=${go(c.number)}><span>${c.number}</span><span class="t" title=${c.title}>${c.title}</span>${mark(c)}</a>`
      : html`<p class="head"><span>${c.number}</span><span class="t" title=${c.title}>${c.title}</span></p>`))}
    <p class="key"><span><span class="sign round met"></span> seen</span><span><span class="sign round half partly"></span> noted</span><span><span class="sign round open"></span> not seen</span></p></nav>`;
}

function middle(view) {
  const { at } = view;
  if (!at) return scopePane(view.room, view);
  const clause = view.clauses.get(at);
  return clause && !clause.problem ? clausePane(clause, view) : waiting(at, clause?.problem, () => view.go(at));
}

/** On a phone: everything one thumb away. */
const thumbs = (view) => html`<nav class="thumbs only-phone no-print" aria-label="Review">
  <button type="button" aria-expanded=${view.state.tree ? 'true' : 'false'} aria-controls="clauses" @click=${() => view.showTree()}>Clauses</button>
  <button type="button" @click=${() => view.step(-1)}>Back</button><button type="button" @click=${() => view.step(1)}>Next</button>
  <button type="button" @click=${() => view.nextUnseen()}>Unseen</button><a href="#sheet">My sheet</a></nav>`;

export const room = (view) => html`<div class="panes ${view.state.tree ? 'tree-open' : ''}">${tree(view)}
  <main class="pane" id="main" tabindex="-1">${middle(view)}</main>
  <aside class="pane stack pane-scroll" id="sheet" aria-label="My sheet" tabindex="-1">${sheet(view)}</aside></div>${thumbs(view)}`;
