/** Dialogs: ask, with fields if needed, and do the work while open so that problems show in place. */
import { html, render, nothing } from '/vendor/lit-html/lit-html.js';
import { submit } from '/js/lib/forms.js';
import { field } from '/js/lib/parts.js';

/**
 * Open a dialog and resolve with run's result (or the values), null when left.
 * title: a question or the act by name; body: string or template, what will happen; action: the button's words;
 * fields: field() options or templates; danger: true for what cannot be taken back; run(values) may throw a Problem.
 */
export function ask({ title, body = nothing, action, fields = [], danger = false, run, cancel = 'Cancel' }) {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    const opener = document.activeElement;
    dialog.setAttribute('aria-labelledby', 'ask-title');
    let result = null;
    const go = submit(async (values) => { result = (run ? await run(values) : values) ?? true; dialog.close(); });
    render(html`<form method="dialog" novalidate @submit=${go}>
      <h2 id="ask-title">${title}</h2>
      ${body === nothing ? nothing : html`<div class="soft stack">${typeof body === 'string' ? html`<p>${body}</p>` : body}</div>`}
      ${fields.map((f) => ('name' in f && !('strings' in f) ? field(f) : f))}
      <div class="dialog-foot">${cancel ? html`<button class="btn btn-quiet" type="button" @click=${() => dialog.close()}>${cancel}</button>` : nothing}
        <button class="btn ${danger ? 'btn-danger' : 'btn-main'}">${action}</button></div></form>`, dialog);
    dialog.addEventListener('close', () => { dialog.remove(); if (result) keepFocus(opener); resolve(result); });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('input:not([type="radio"], [hidden]), input:checked:not([hidden]), textarea, select')?.focus();
  });
}

/** What a dialog did may draw its opener away: the focus then goes to the first control that stands in that place. */
function keepFocus(opener) {
  const home = opener.closest('li, tr, section, main');
  const look = new MutationObserver(() => {
    if (opener.isConnected) return;
    look.disconnect();
    if (document.activeElement !== document.body) return;
    const place = home?.isConnected ? home : document.querySelector('main');
    (place.querySelector('button:not([disabled])') ?? place.querySelector('a[href]') ?? place).focus({ preventScroll: true });
  });
  look.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => look.disconnect(), 5000);
}

/** Ask before something that cannot be taken back: name it, say what will happen. */
export const confirmAct = ({ title, body, action, run }) => ask({ title, body, action, run, danger: true, cancel: 'Keep it' });

/** Show something once, such as a link, with a button that copies it. */
export function showOnce({ title, body = nothing, secret, label = 'Link' }) {
  const copy = async (event) => {
    const button = event.currentTarget;
    try { await navigator.clipboard.writeText(secret); button.textContent = 'Copied'; }
    catch { button.closest('form').querySelector('.secret').focus(); button.textContent = 'Select and copy it by hand'; }
  };
  return ask({ title, action: 'Done', cancel: '', body: html`${typeof body === 'string' ? html`<p>${body}</p>` : body}
    <p class="secret" tabindex="0" aria-label=${label} data-secret>${secret}</p><p><button class="btn" type="button" @click=${copy}>Copy</button></p>` });
}
