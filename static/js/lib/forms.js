/** Forms: read values, check them, send once, put each error beside its field, keep what was typed. */
import { longDay } from '/js/lib/format.js';

function place(target, name, value) {
  const path = name.split('.');
  const last = path.pop();
  let spot = target;
  path.forEach((part, i) => { spot = spot[part] ??= /^\d+$/.test(path[i + 1] ?? last) ? [] : {}; });
  spot[last] = value;
}

function valueOf(control, list) {
  if (control.type === 'checkbox') return list ? undefined : control.checked;
  if (control.type === 'number') return control.value === '' ? null : Number(control.value);
  return control.type === 'password' ? control.value : control.value.trim();
}

/**
 * Read a form into an object: "owner.email" nests, "sites.0.name" makes lists, numbers are numbers, single
 * checkboxes are booleans, those inside [data-list] are lists. Empty optional values are left out, or null with `blank: null`.
 */
export function values(form, { blank = undefined } = {}) {
  const out = {};
  for (const box of form.querySelectorAll('[data-list]')) {
    place(out, box.dataset.list, [...box.querySelectorAll('input:checked')].map((i) => i.value));
  }
  for (const control of form.elements) {
    if (!control.name || control.disabled || control.closest('[data-list]') || (control.type === 'radio' && !control.checked)) continue;
    const value = valueOf(control);
    if (value !== '' && value !== null) place(out, control.name, value);
    else if (blank !== undefined) place(out, control.name, blank);
  }
  return out;
}

const holder = (control) => control.closest('[data-list]') ?? control.closest('.field, .check') ?? control.parentElement;

/** Show a message beside one control. */
export function setError(control, message) {
  const spot = holder(control);
  const id = `${control.id || control.name}-error`;
  let line = spot.querySelector(':scope > .error');
  if (!line) { line = document.createElement('p'); line.className = 'error'; line.id = id; spot.append(line); }
  line.textContent = message;
  control.setAttribute('aria-invalid', 'true');
  const about = new Set((control.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)).add(line.id);
  control.setAttribute('aria-describedby', [...about].join(' '));
}

/** Take away every message of the form. */
export function clearErrors(form) {
  form.querySelectorAll('.error, .form-problem').forEach((line) => line.remove());
  form.querySelectorAll('[aria-invalid]').forEach((control) => {
    control.removeAttribute('aria-invalid');
    const rest = (control.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && !id.endsWith('-error'));
    if (rest.length) control.setAttribute('aria-describedby', rest.join(' ')); else control.removeAttribute('aria-describedby');
  });
}

function controlFor(form, field) {
  const exact = form.elements.namedItem(field) ?? form.elements.namedItem(field.replace(/\.\d+$/, ''));
  const control = exact instanceof RadioNodeList ? exact[0] : exact;
  return control ?? form.querySelector(`[data-list="${CSS.escape(field)}"] input`);
}

/** Show a Problem: field errors beside their fields, the rest at the head of the form; focus goes to the first. */
export function showProblem(form, problem) {
  const placed = [];
  const rest = [];
  for (const { field, message } of problem.errors ?? []) {
    const control = controlFor(form, field ?? '');
    if (control) { setError(control, message); placed.push(control); } else rest.push(message);
  }
  if (!placed.length || rest.length) {
    const box = document.createElement('div');
    box.className = 'problem form-problem';
    box.setAttribute('role', 'alert');
    box.tabIndex = -1;
    box.append(Object.assign(document.createElement('p'), { textContent: rest.join(' ') || problem.detail || 'This could not be sent. Try again.' }));
    form.prepend(box);
    if (!placed.length) { box.focus(); return; }
  }
  placed[0].focus();
}

function complaint(control) {
  const { validity: v, dataset, min, max, minLength, maxLength, type } = control;
  if (v.valueMissing) return dataset.missing ?? 'Fill this in';
  if (v.typeMismatch && type === 'email') return 'Enter an address like name@company.example';
  if (v.tooShort) return `Use at least ${minLength} characters`;
  if (v.tooLong) return `Use at most ${maxLength} characters`;
  if (v.badInput) return type === 'number' ? 'Enter a number' : 'Enter a whole date';
  if (v.rangeUnderflow) return type === 'date' ? `Choose ${longDay(min)} or later` : `Enter ${min} or more`;
  if (v.rangeOverflow) return type === 'date' ? `Choose ${longDay(max)} or earlier` : `Enter ${max} or less`;
  return control.validationMessage;
}

/** Native validity, in our words: data-missing for an empty required field. */
export function check(form) {
  const wrong = [...form.elements].filter((c) => c.willValidate && !c.validity.valid);
  wrong.forEach((c) => setError(c, complaint(c)));
  wrong[0]?.focus();
  return wrong.length === 0;
}

/**
 * Make a submit handler for a <form novalidate>: html`<form novalidate @submit=${submit(async (data, form) => …)}>`.
 * While `run` works the buttons are off; a Problem it throws is shown in place and the input stays.
 */
export function submit(run, options) {
  return async (event) => {
    event.preventDefault();
    const form = event.currentTarget ?? event.target;
    if (form._sending) return;
    clearErrors(form);
    if (!check(form)) return;
    form._sending = true;
    const buttons = [...form.querySelectorAll('button:not([type="button"])')].filter((b) => !b.disabled);
    buttons.forEach((b) => { b.disabled = true; b.setAttribute('aria-busy', 'true'); });
    let problem = null;
    try {
      await run(values(form, options), form, event.submitter);
    } catch (error) {
      problem = error;
      if (!('slug' in error)) console.error(error);
    }
    form._sending = false;
    buttons.forEach((b) => { b.disabled = false; b.removeAttribute('aria-busy'); });
    if (problem) showProblem(form, problem);
    else if (document.activeElement === document.body) event.submitter?.focus({ preventScroll: true }); // a button that is off loses it
  };
}

/** The same for a form that stands in the HTML document. */
export const bind = (form, run, options) => { form.noValidate = true; form.addEventListener('submit', submit(run, options)); return form; };
