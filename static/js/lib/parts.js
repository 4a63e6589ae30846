/** Pieces that several pages show, as functions that return templates. */
import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { vars } from '/js/lib/vars.js';
import * as f from '/js/lib/format.js';

/** A date or instant: short words, the exact value on hover. `as` is a function of format.js. */
export const when = (value, as = f.day, className = '') => (value ? html`<time class=${className || nothing} datetime=${value} title=${f.exact(value)}>${as(value)}</time>` : '–');

/** "9 days late" in red, "due 31 Jul" quietly. */
export const dueBy = (value) => (value ? when(value, f.due, f.daysFromToday(value) < 0 ? 'late' : '') : nothing);

export const person = (who, nobody = 'nobody yet') => (who?.name ? who.name : html`<span class="faint">${nobody}</span>`);

const TAGS = {
  draft: ['', 'Draft'], submitted: ['tag-new', 'Waiting for review'], accepted: ['tag-ok', 'Accepted'], returned: ['tag-bad', 'Returned'],
  not_started: ['', 'Not started'], in_progress: ['tag-now', 'In progress'], done: ['tag-ok', 'Done'], overridden: ['tag-new', 'Passed with a reason'], reopened: ['tag-new', 'Reopened'],
  active: ['tag-ok', 'Active'], expired: ['', 'Expired'], revoked: ['tag-bad', 'Revoked'], not_yet: ['', 'Not yet valid'],
  major: ['tag-bad', 'Major'], minor: ['tag-new', 'Minor'], ofi: ['', 'Opportunity for improvement'], area_of_concern: ['tag-new', 'Area of concern'],
};

/** A state as a word on a quiet ground: tag('accepted'), tag('returned', 'Returned by Claire'). */
export function tag(state, text) {
  const [className, word] = TAGS[state] ?? ['', f.sentence(state)];
  return html`<span class="tag ${className}">${text ?? word}</span>`;
}

/** What went wrong, what to do next, and a way to try again. */
export function problemBox(problem, retry) {
  const words = 'slug' in problem ? problem.detail : 'This page met something it does not know how to show. Reload it; if it stays, tell whoever runs this installation.';
  return html`<div class="problem" role="alert"><p>${words}</p>
    ${problem.retryAfter ? html`<p>Try again in ${f.count(problem.retryAfter, 'second')}.</p>` : nothing}
    ${problem.blockers?.length ? html`<ul class="bullets">${problem.blockers.map((b) => html`<li>${b.href ? html`<a href=${b.href}>${b.text}</a>` : b.text}</li>`)}</ul>` : nothing}
    ${retry && problem.status !== 404 ? html`<p class="row mt-s"><button class="btn" type="button" @click=${retry}>Try again</button></p>` : nothing}</div>`;
}

/** An empty state that teaches: what belongs here, why an auditor asks for it, one button. */
export const empty = (title, text, action = nothing) => html`<div class="empty"><h2>${title}</h2><p>${text}</p>${action === nothing ? nothing : html`<p class="row">${action}</p>`}</div>`;

/** Two-tone bar: met, and met or partly, in percent. */
export const bar = (met, begun, className = '') => html`<span class="bar ${className}" ${vars({ '--a': `${met}%`, '--b': `${begun}%` })}></span>`;

export const progress = (value, label) => html`<progress max="1" .value=${value} class=${value >= 1 ? 'done' : ''} aria-label=${label}></progress>`;

const STRIP = { done: 'd', overridden: 'o', in_progress: 'c', reopened: 'c', not_started: '' };

/** The eleven steps in one line; the words are for those who cannot see it. */
export function stepStrip(states, current) {
  const overridden = states.flatMap((s, i) => (s === 'overridden' ? [i + 1] : []));
  const label = (current ? `Step ${current} of 11` : 'All eleven steps done') + (overridden.length ? `, gate ${f.list(overridden.map(String))} passed with a reason` : '');
  return html`<span class="steps11" role="img" aria-label=${label} title=${label}>${states.map((s) => html`<i class=${STRIP[s] ?? ''}></i>`)}</span>`;
}

/** History, newest first: rows of {at, who, text | what}. */
export const history = (rows) => html`<ol class="history">${rows.map((r) => html`<li><p>${r.who?.name ?? r.who ?? ''} ${r.text ?? f.words(r.what)}</p><small>${when(r.at, f.moment)}</small></li>`)}</ol>`;

/** "More" below a list that has another page. */
export const pager = (next, more, shown, total) => (next || total ? html`<p class="pager">${total ? html`<span>${f.number(shown)} of ${f.number(total)}</span>` : nothing}
  ${next ? html`<button class="btn" type="button" @click=${more}>Show more</button>` : nothing}</p>` : nothing);

/** Options of a select: optionsOf([['open','Open'], …], chosen). */
export const optionsOf = (pairs, chosen) => pairs.map(([value, text]) => html`<option value=${value} .selected=${String(chosen ?? '') === String(value)}>${text}</option>`);

/**
 * A form field with its label, hint and room for its error.
 * kind: text (any input type) | textarea | select (options: [[value, text]]). Nested names are written with dots: "owner.email".
 */
export function field({ name, label, value = '', kind = 'text', hint, required = false, options = [], rows = 4, missing, id = `f-${name.replaceAll('.', '-')}`, className = '', ...rest }) {
  const about = hint ? `${id}-hint` : nothing;
  const say = missing ?? nothing;
  const control = kind === 'textarea'
    ? html`<textarea id=${id} name=${name} rows=${rows} ?required=${required} maxlength=${rest.maxlength ?? nothing} aria-describedby=${about} data-missing=${say} .value=${value ?? ''}></textarea>`
    : kind === 'select'
      ? html`<select id=${id} name=${name} ?required=${required} aria-describedby=${about} data-missing=${say} @change=${rest.change}>${optionsOf(options, value)}</select>`
      : html`<input id=${id} name=${name} type=${kind} ?required=${required} aria-describedby=${about} data-missing=${say} .value=${value ?? ''}
          autocomplete=${rest.autocomplete ?? 'off'} min=${rest.min ?? nothing} max=${rest.max ?? nothing} step=${rest.step ?? nothing} maxlength=${rest.maxlength ?? nothing} minlength=${rest.minlength ?? nothing} inputmode=${rest.inputmode ?? nothing} placeholder=${rest.placeholder ?? nothing}>`;
  return html`<div class="field ${className}"><label for=${id}>${label}${required ? nothing : html` <span class="optional">(optional)</span>`}</label>${control}${hint ? html`<small id=${`${id}-hint`}>${hint}</small>` : nothing}</div>`;
}

export const checkbox = ({ name, label, checked = false, hint, value = 'true' }) => html`<label class="check"><input type="checkbox" name=${name} value=${value} .checked=${checked}><span>${label}${hint ? html`<small>${hint}</small>` : nothing}</span></label>`;

/** A set of checkboxes under one legend; several of the same name become a list in values(). */
export const choices = ({ name, label, options, chosen = [], hint }) => html`<fieldset class="field" data-list=${name}><legend>${label}</legend>
  ${options.map(([value, text, small]) => html`<label class="check"><input type="checkbox" name=${name} value=${value} .checked=${chosen.includes(value)}><span>${text}${small ? html`<small>${small}</small>` : nothing}</span></label>`)}
  ${hint ? html`<small>${hint}</small>` : nothing}</fieldset>`;
