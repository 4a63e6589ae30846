/** Changes that show at once, say so in words, and can be taken back. */
import { clock } from '/js/lib/format.js';

let line = null;
let timer = 0;

function ground() {
  if (!line) {
    line = document.createElement('div');
    line.className = 'said';
    line.setAttribute('role', 'status');
    document.body.append(line);
    line.addEventListener('mouseenter', () => clearTimeout(timer));
    line.addEventListener('mouseleave', () => fade());
  }
  return line;
}

function fade(after = 9000) {
  clearTimeout(timer);
  timer = setTimeout(() => { if (!line.contains(document.activeElement)) line.replaceChildren(); else fade(); }, after);
}

/** Say something at the foot of the page, with at most one action: said('Saved 14:32', 'Undo', run). */
export function said(text, action, run, bad = false) {
  const here = ground();
  here.classList.toggle('bad', bad);
  here.setAttribute('role', bad ? 'alert' : 'status');
  const before = here.contains(document.activeElement) ? null : document.activeElement;
  const nodes = [Object.assign(document.createElement('span'), { textContent: text })];
  if (action) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'link', textContent: action });
    button.addEventListener('click', () => { here.replaceChildren(); before?.focus({ preventScroll: true }); run(); });
    nodes.push(button);
  }
  here.replaceChildren(...nodes);
  fade(bad ? 30_000 : 9000);
}

/** Say that something failed; stays longer. */
export const saidProblem = (problem, action, run) => said(problem.detail ?? 'This could not be saved. Try again.', action, run, true);

/**
 * Change now, send, offer undo. `apply` shows the new state, `send` returns a promise, `revert` shows the old one again,
 * `undo` (left out: no undo offered) sends the old one. On a Problem the old state is shown and the reason said.
 */
export async function optimistic({ text, apply, send, revert, undo }) {
  apply();
  try {
    const answer = await send();
    said(`${text}. Saved ${clock()}`, undo && 'Undo', async () => {
      revert();
      try { await undo(answer); said(`Taken back. Saved ${clock()}`); } catch (problem) { apply(); saidProblem(problem); }
    });
    return answer;
  } catch (problem) {
    revert();
    saidProblem(problem, problem.slug === 'stale' ? 'Reload' : undefined, () => location.reload());
    return null;
  }
}

const FLASH = 'certway-said';
/** Say something on the next page, after a form has led there. */
export const sayNext = (text) => { try { sessionStorage.setItem(FLASH, text); } catch { /* storage may be off */ } };
/** Say what the page before left to say; the shell calls this. */
export function sayLeft() {
  try {
    const text = sessionStorage.getItem(FLASH);
    if (text) { sessionStorage.removeItem(FLASH); said(text); }
  } catch { /* storage may be off */ }
}
