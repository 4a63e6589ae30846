/** Days as date fields want them. */

const pad = (n) => String(n).padStart(2, '0');

/** "2026-11-22" of today, or of so many days from now. */
export const isoDay = (days = 0) => { const d = new Date(); d.setDate(d.getDate() + days); return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`; };
