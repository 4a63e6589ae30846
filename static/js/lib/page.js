/** A page: one question, one custom element, one load, one draw. See docs/frontend.md. */
import { html, render, nothing } from '/vendor/lit-html/lit-html.js';
import { problemBox } from '/js/lib/parts.js';

export { html, nothing };

/** "Overview · Northwind · Certway" in the window's title. */
export const setTitle = (...parts) => { document.title = [...parts.filter(Boolean), 'Certway'].join(' · '); };

/** Put a template into an element; whatever static text stood there gives way on the first call. */
export function mount(element, template) {
  if (!element._mounted) { element.replaceChildren(); element._mounted = true; }
  render(template, element);
}

/**
 * Define the page's element and start its request at once, before anything is drawn.
 * Options: load() → promise of data; draw(data, view) → template; title(data) → [parts]; ready(data, view) once after the first draw.
 */
export function page(name, { load, draw, title, ready, state = {} }) {
  const first = Promise.resolve().then(load);
  first.catch(() => {}); // shown by the element, which may be defined a moment later
  customElements.define(name, class extends View {
    static options = { load, draw, title, ready };
    state = { ...state };
    first = first;
  });
}

class View extends HTMLElement {
  connectedCallback() {
    this.wait(this.first);
  }

  /** Ask the server again and draw; resolves when drawn. */
  reload() {
    return this.wait(Promise.resolve().then(this.constructor.options.load));
  }

  async wait(promise) {
    const slow = setTimeout(() => this.setAttribute('aria-busy', 'true'), 1000);
    try {
      this.data = await promise;
      this.redraw();
      if (!this.wasReady) { this.wasReady = true; this.constructor.options.ready?.(this.data, this); scrollToFragment(); }
    } catch (problem) {
      this.fail(problem);
    } finally {
      clearTimeout(slow);
      this.removeAttribute('aria-busy');
    }
  }

  /** Draw again with what is known: after a change of `view.state` or `view.data`. */
  redraw() {
    const { draw, title } = this.constructor.options;
    if (title) setTitle(...title(this.data));
    mount(this, draw(this.data, this));
  }

  /** Set parts of the state and draw. */
  set(changes) {
    Object.assign(this.state, changes);
    this.redraw();
  }

  fail(problem) {
    if (!('slug' in problem)) console.error(problem);
    mount(this, html`<h1>${problem.heading ?? (problem.slug === 'not-found' ? 'There is nothing here for you' : 'This could not be shown')}</h1>
      <div class="mt">${problemBox(problem, () => this.reload())}</div>`);
  }
}

function scrollToFragment() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id) document.getElementById(id)?.scrollIntoView({ block: 'start' });
}

/** Move the reading position to the headline after a change that replaced the content. */
export function focusHeading(root = document) {
  const h1 = root.querySelector('h1');
  if (!h1) return;
  h1.tabIndex = -1;
  h1.focus();
}
