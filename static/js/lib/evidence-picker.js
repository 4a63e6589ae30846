/** Choose evidence in a form: html`<evidence-picker name="evidence" .chosen=${[{id, title}]} .suggested=${[…]}></evidence-picker>`. */
import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { live } from '/vendor/lit-html/directives/live.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { get } from '/js/lib/api.js';
import { programmeApi, withQuery } from '/js/lib/address.js';
import { mount } from '/js/lib/page.js';
import { sentence } from '/js/lib/format.js';

const STATES = { submitted: 'waiting for review' };
const about = (e) => [e.state && sentence(STATES[e.state] ?? e.state), e.version > 1 && `version ${e.version}`, e.label].filter(Boolean).join(', ');
let serial = 0;

class EvidencePicker extends HTMLElement {
  chosen = [];
  suggested = [];
  rows = []; // what is chosen stays among them, so that a search loses nothing; order changes only with a search
  found = 0;
  problem = '';
  id_ = `pick-${serial += 1}`;

  connectedCallback() {
    this.picked = new Map(this.chosen.map((e) => [e.id, e]));
    this.rows = [...this.chosen];
    this.draw();
    this.search('');
  }

  typed(event) {
    clearTimeout(this.timer);
    const words = event.target.value.trim();
    this.timer = setTimeout(() => this.search(words), 200);
  }

  async search(q) {
    const mine = this.asked = (this.asked ?? 0) + 1;
    try {
      const answer = await get(withQuery(`${programmeApi}/evidence`, { q, limit: 20 }));
      if (mine !== this.asked) return;
      const first = q ? [] : this.suggested;
      const found = [...first, ...answer.items.filter((e) => !first.some((s) => s.id === e.id))];
      this.found = found.length;
      this.rows = [...this.picked.values(), ...found.filter((e) => !this.picked.has(e.id))];
      this.problem = '';
    } catch (problem) { this.problem = problem.detail ?? 'The evidence could not be read. Try again.'; }
    this.q = q;
    this.draw();
  }

  pick(e, on) {
    if (on) this.picked.set(e.id, e); else this.picked.delete(e.id);
    this.draw();
  }

  get words() {
    if (this.problem) return this.problem;
    if (!this.found) return this.q ? `Nothing is called “${this.q}”.` : 'There is no evidence in this programme yet.';
    return this.picked.size ? `${this.picked.size} chosen` : 'None chosen';
  }

  draw() {
    mount(this, html`<fieldset class="field" data-list=${this.getAttribute('name') ?? 'evidence'}><legend>${this.getAttribute('label') ?? 'Evidence'}</legend>
      <div class="field"><label class="sr" for=${this.id_}>Find evidence</label><input type="search" id=${this.id_} placeholder="Title or file name" autocomplete="off"
        @input=${(e) => this.typed(e)} @keydown=${(e) => { if (e.key === 'Enter') e.preventDefault(); }}></div>
      <div class="picker">${repeat(this.rows, (e) => e.id, (e) => this.row(e))}</div>
      <small role="status">${this.words}</small></fieldset>`);
  }

  row(e) {
    return html`<label class="check"><input type="checkbox" value=${e.id} .checked=${live(this.picked.has(e.id))} @change=${(event) => this.pick(e, event.target.checked)}><span>${e.title}${about(e) ? html`<small>${about(e)}</small>` : nothing}</span></label>`;
  }
}

customElements.define('evidence-picker', EvidencePicker);
