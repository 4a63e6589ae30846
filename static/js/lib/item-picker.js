/** Choose items of the standard in a form: html`<item-picker name="items" .chosen=${ids} @picked=${(e) => e.detail}></item-picker>`. */
import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { programmeCatalogue } from '/js/lib/catalogue.js';
import { count } from '/js/lib/format.js';
import { mount } from '/js/lib/page.js';

const MOST = 12;
let serial = 0;

class ItemPicker extends HTMLElement {
  wanted = [];
  q = '';
  id_ = `items-${serial += 1}`;

  set chosen(ids) {
    this.wanted = [...ids];
    if (this.isConnected) this.draw();
  }

  connectedCallback() {
    this.draw();
    programmeCatalogue().then((found) => { this.catalogue = found; this.draw(); }, (problem) => { this.problem = problem.detail ?? 'The items could not be read. Reload the page.'; this.draw(); });
  }

  pick(ids, on) {
    this.wanted = on ? [...new Set([...this.wanted, ...ids])] : this.wanted.filter((id) => !ids.includes(id));
    const moved = this.contains(document.activeElement) && document.activeElement.type === 'checkbox';
    this.draw();
    if (moved) this.querySelector('input[type="search"]').focus();
    this.dispatchEvent(new CustomEvent('picked', { bubbles: true, detail: [...this.wanted] }));
  }

  type(event) {
    this.q = event.target.value;
    this.draw();
  }

  get words() {
    if (this.problem) return this.problem;
    if (!this.q.trim()) return this.wanted.length ? `${count(this.wanted.length, 'item')} chosen` : 'None chosen';
    if (!this.hits.length) return `No item has “${this.q.trim()}”. Try a clause number or another word.`;
    return this.more ? `The first ${MOST} are shown. Type more to narrow them.` : `${count(this.hits.length, 'item')} found`;
  }

  draw() {
    const found = this.catalogue?.search(this.q, MOST + this.wanted.length + 1).filter((i) => !this.wanted.includes(i.id)) ?? [];
    this.hits = found.slice(0, MOST);
    this.more = found.length > MOST;
    const clause = this.catalogue?.clauses.get(this.q.trim());
    const whole = (clause?.items ?? []).map((i) => i.id).filter((id) => !this.wanted.includes(id));
    mount(this, html`<fieldset class="field" data-list=${this.getAttribute('name') ?? 'items'}><legend>${this.getAttribute('label') ?? 'Items it shows'} <span class="optional">(optional)</span></legend>
      <ul class="picked">${repeat(this.wanted, (id) => id, (id) => this.row(id, true))}</ul>
      <label class="sr" for=${this.id_}>Find an item</label>
      <input type="search" id=${this.id_} placeholder="Clause number or words, such as 8.5.1 or emergency" autocomplete="off" .value=${this.q} aria-describedby=${`${this.id_}-said`}
        @input=${(e) => this.type(e)} @keydown=${(e) => { if (e.key === 'Enter') { e.preventDefault(); if (this.hits.length) this.pick([this.hits[0].id], true); } }}>
      ${whole.length > 1 ? html`<p class="mt-xs"><button class="link small" type="button" @click=${() => this.pick(whole, true)}>Choose all ${whole.length} items of ${clause.number} ${clause.title}</button></p>` : nothing}
      ${this.hits.length ? html`<ul class="picker">${repeat(this.hits, (i) => i.id, (i) => this.row(i.id, false))}</ul>` : nothing}
      <small role="status" id=${`${this.id_}-said`}>${this.words}</small></fieldset>`);
  }

  row(id, on) {
    return html`<li><label class="check"><input type="checkbox" value=${id} .checked=${on} @change=${(e) => this.pick([id], e.target.checked)}><span><b>${id}</b> ${this.catalogue?.items.get(id)?.text ?? ''}</span></label></li>`;
  }
}

customElements.define('item-picker', ItemPicker);
