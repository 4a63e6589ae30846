/** The certificate: what it says, until when, and what keeps it. */
import { html, nothing } from '/js/lib/page.js';
import { longDay } from '/js/lib/format.js';
import { dueBy, when } from '/js/lib/parts.js';

const visit = (v) => html`<li><span class="sign round ${v.done_on ? 'met' : 'open'}"></span><span>${v.label}<span class="sr">, ${v.done_on ? 'held' : 'to come'}</span></span>
  <span class="when">${v.done_on ? html`held ${when(v.done_on)}` : dueBy(v.due)}</span></li>`;

/** Facts on the left, the visits of the three-year cycle on the right. */
export const certificate = (c) => html`<section class="certificate" aria-labelledby="cert">
  <div><h2 id="cert">Certificate ${c.number}</h2>
    <dl class="facts mt-s"><dt>Valid</dt><dd>${when(c.valid_from, longDay)} to <b>${when(c.valid_until, longDay)}</b></dd>
      <dt>Decided</dt><dd>${when(c.decided_on, longDay)} by ${c.decided_by}</dd>
      ${c.scope_wording ? html`<dt>Scope</dt><dd class="pre">${c.scope_wording}</dd>` : nothing}</dl></div>
  <div><h3>What keeps it</h3>
    <ul class="list mt-s">${(c.surveillance ?? []).map(visit)}
      ${c.recertification_due ? visit({ label: 'Recertification decided', due: c.recertification_due, done_on: c.recertified_on }) : nothing}</ul></div></section>`;
