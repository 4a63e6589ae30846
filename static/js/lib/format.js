/** Dates, sizes and numbers as people write them. Plain strings; parts.js puts them into elements. */

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const DAY = 86_400_000;
const pad = (n) => String(n).padStart(2, '0');

/** Date of "2026-07-31" (local midnight) or of an instant; null stays null. */
export function parse(value) {
  if (!value) return null;
  if (value instanceof Date) return value;
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  return parts ? new Date(+parts[1], parts[2] - 1, +parts[3]) : new Date(value);
}

const midnight = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate());

/** Whole days from today; negative is the past. */
export const daysFromToday = (value) => Math.round((midnight(parse(value)) - midnight(new Date())) / DAY);

const short = (value) => { const d = parse(value); return `${d.getDate()} ${MONTHS[d.getMonth()].slice(0, 3)}`; };

/** "31 Jul", with the year where it would be unclear. */
export function day(value) {
  const d = parse(value);
  if (!d) return '–';
  return Math.abs(daysFromToday(d)) > 300 ? `${short(d)} ${d.getFullYear()}` : short(d);
}

/** "31 July 2026" */
export function longDay(value) {
  const d = parse(value);
  return d ? `${d.getDate()} ${MONTHS[d.getMonth()]} ${d.getFullYear()}` : '–';
}

/** "14:32" */
export const clock = (value = new Date()) => { const d = parse(value); return `${pad(d.getHours())}:${pad(d.getMinutes())}`; };

/** "22 Nov, 14:32" */
export const moment = (value) => (value ? `${day(value)}, ${clock(value)}` : '–');

/** "Sunday 22 November 2026, 14:32:09 (UTC+1)": what stands in a title attribute. */
export function exact(value) {
  const d = parse(value);
  if (!d) return '';
  const date = `${DAYS[d.getDay()]} ${longDay(d)}`;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return date;
  const offset = -d.getTimezoneOffset() / 60;
  return `${date}, ${clock(d)}:${pad(d.getSeconds())} (UTC${offset ? (offset > 0 ? '+' : '−') + Math.abs(offset) : ''})`;
}

/** "March 2026" of "2026-03" */
export const month = (value) => `${MONTHS[value.slice(5, 7) - 1]} ${value.slice(0, 4)}`;

/** "ISO/IEC 20000-1:2018" of {id, title}; editions we do not know keep their title. */
export function standard(edition) {
  const year = /^iso20000-1-(\d{4})$/.exec(edition?.id ?? '')?.[1];
  return year ? `ISO/IEC 20000-1:${year}` : edition?.title ?? null;
}

/** "2 hours ago", "yesterday", "24 days ago"; dates further back than two months as a date. */
export function ago(value) {
  const d = parse(value);
  if (!d) return '–';
  const minutes = Math.floor((Date.now() - d) / 60_000);
  const days = -daysFromToday(d);
  if (days > 60) return day(d);
  if (days > 1) return `${days} days ago`;
  if (days === 1) return 'yesterday';
  if (minutes >= 60) return `${count(Math.floor(minutes / 60), 'hour')} ago`;
  return minutes < 2 ? 'just now' : `${minutes} minutes ago`;
}

/** "9 days late", "due today", "due tomorrow", "due 31 Jul" */
export function due(value) {
  if (!value) return '';
  const days = daysFromToday(value);
  if (days < 0) return `${count(-days, 'day')} late`;
  return days === 0 ? 'due today' : days === 1 ? 'due tomorrow' : `due ${day(value)}`;
}

/** "3 days late", "yesterday", "today", "tomorrow", "Wed", "31 Jul": the date column of what is to do. */
export function soon(value) {
  if (!value) return '';
  const days = daysFromToday(value);
  if (days < -1) return `${-days} days late`;
  if (days < 2) return ['yesterday', 'today', 'tomorrow'][days + 1];
  return days < 7 ? DAYS[parse(value).getDay()].slice(0, 3) : day(value);
}

/** "1 Mar – 30 Jun" of {from, to} */
export function period(p) {
  if (!p || (!p.from && !p.to)) return '';
  if (!p.to || p.from === p.to) return day(p.from ?? p.to);
  if (!p.from) return `until ${day(p.to)}`;
  const years = [p.from, p.to].map((d) => parse(d).getFullYear());
  const named = [p.from, p.to].some((d) => / \d{4}$/.test(day(d)));
  const [from, to] = [p.from, p.to].map(short);
  if (!named) return `${from} – ${to}`; // no year where both are near; one for both where it is the same
  return years[0] === years[1] ? `${from} – ${to} ${years[1]}` : `${from} ${years[0]} – ${to} ${years[1]}`;
}

/** "in 24 days", "11 d 4 h" to an instant. */
export function left(value) {
  const minutes = Math.max(0, Math.floor((parse(value) - Date.now()) / 60_000));
  const [d, h] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  return d ? `${d} d ${h} h` : h ? `${h} h ${minutes % 60} min` : `${minutes} min`;
}

/** "3 items", "1 item" */
export const count = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;
export const number = (n) => (n == null ? '–' : n.toLocaleString('en-GB'));
export const percent = (n) => (n == null ? '–' : `${Math.round(n)} %`);

/** "212 MB" of bytes */
export function size(bytes) {
  if (bytes == null) return '–';
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let [n, u] = [bytes, 0];
  while (n >= 1000 && u < 3) { n /= 1000; u += 1; }
  return u === 0 ? count(bytes, 'byte') : `${n < 10 ? n.toFixed(1) : Math.round(n)} ${units[u]}`;
}

/** "6f1c 09ab … 77e2" of a SHA-256 */
export const shortHash = (hash) => (hash ? `${hash.slice(0, 4)} ${hash.slice(4, 8)} … ${hash.slice(-4)}` : '');
export const initials = (name) => (name ?? '?').split(/\s+/).filter(Boolean).map((w) => w[0]).filter((_, i, all) => i === 0 || i === all.length - 1).join('').toUpperCase();
/** "in_progress" → "in progress"; a first word in upper case with `sentence`. */
export const words = (name) => (name ?? '').replaceAll('_', ' ');
export const sentence = (name) => words(name).replace(/^./, (c) => c.toUpperCase());
export const list = (names) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);
