/** Single-key shortcuts: off while typing, listed under `?`, and to be switched off by whoever they disturb. */

const bound = new Map();
const STORE = 'certway-keys';
let listening = false;

const off = () => { try { return localStorage.getItem(STORE) === 'off'; } catch { return false; } };

function typing(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('textarea, select, dialog[open]')) return true;
  return target.tagName === 'INPUT' && !['radio', 'checkbox', 'button', 'submit'].includes(target.type);
}

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
  if (event.key === '?') { event.preventDefault(); showKeys(); return; }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const entry = off() ? null : bound.get(key);
  if (!entry) return;
  event.preventDefault();
  entry.run(event);
}

/** Bind keys: keys({ j: ['Next item', next], '/': ['Filter', focusFilter] }). Later calls add to or replace earlier ones. */
export function keys(entries) {
  for (const [key, [text, run]] of Object.entries(entries)) bound.set(key.length === 1 ? key.toLowerCase() : key, { text, run });
  if (!listening) { listening = true; document.addEventListener('keydown', pressed); }
}

const NAMES = { ArrowDown: '↓', ArrowUp: '↑', Enter: 'Enter', Escape: 'Esc' };

/** Open the list of this page's keys. */
export function showKeys() {
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-labelledby', 'keys-title');
  const make = (name, props, ...children) => { const e = Object.assign(document.createElement(name), props); e.append(...children); return e; };
  const rows = [...bound, ['?', { text: 'This list' }]].flatMap(([key, { text }]) => [
    make('dt', {}, make('kbd', { textContent: NAMES[key] ?? key.toUpperCase() })), make('dd', { textContent: text })]);
  const box = make('input', { type: 'checkbox', checked: !off() });
  box.addEventListener('change', () => { try { localStorage.setItem(STORE, box.checked ? 'on' : 'off'); } catch { /* storage may be off */ } });
  dialog.append(make('div', { className: 'form' },
    make('h2', { id: 'keys-title', textContent: 'Keys on this page' }),
    make('dl', { className: 'keys' }, ...rows),
    make('label', { className: 'check' }, box, make('span', { textContent: 'Single keys work in this browser' })),
    make('div', { className: 'dialog-foot' }, make('button', { className: 'btn', type: 'button', textContent: 'Close', onclick: () => dialog.close() }))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
