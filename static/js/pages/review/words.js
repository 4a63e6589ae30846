/** The review room in words. */
import { html } from '/js/lib/page.js';
import { clock, day } from '/js/lib/format.js';

export const STAGES = { stage1: 'Stage 1', stage2: 'Stage 2' };
export const RAISE = { stage1: 'Raise area of concern', stage2: 'Raise finding' };
export const RECOMMENDATIONS = {
  stage1: [['proceed', 'Stage 2 can go ahead', 'Areas of concern can be resolved until then.'], ['not_ready', 'Not ready for Stage 2', 'Stage 1 has to be repeated, in whole or in part.']],
  stage2: [['certify', 'Certification is recommended', 'Once majors are verified and the plans for minors accepted.'], ['not_yet', 'Certification is not recommended yet', 'Say what has to be true first.']],
};
export const recommended = (stage, key) => RECOMMENDATIONS[stage]?.find(([k]) => k === key)?.[1] ?? key;

/** "ISO/IEC 20000-1:2018", with the edition's longer title behind it where there is one. */
export function editionName({ id, title }) {
  const name = (id ?? '').replace(/^iso(\d+)-(\d)-(\d{4})$/, 'ISO/IEC $1-$2:$3');
  return title?.startsWith(name) ? title : [name, title].filter(Boolean).join(', ');
}

/** Mark of a clause: shape, and the word for those who cannot see it. */
export function mark(clause) {
  if (clause.noted) return html`<span class="sign round half partly"><span class="sr">${clause.seen ? 'seen, ' : ''}noted</span></span>`;
  return clause.seen ? html`<span class="sign round met"><span class="sr">seen</span></span>` : html`<span class="sign round open"><span class="sr">not seen</span></span>`;
}

/** "Saved 14:32", with the day when it was another. */
export function savedAt(instant) {
  const at = new Date(instant);
  return `Saved ${at.toDateString() === new Date().toDateString() ? '' : `${day(at)}, `}${clock(at)}`;
}
