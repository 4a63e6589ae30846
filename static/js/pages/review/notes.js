/** Private notes, saved by themselves: one at a time, in order, each on the version before it. */
import { put } from '/js/lib/api.js';
import { savedAt } from '/js/pages/review/words.js';

const PAUSE = 800;

/** Notes of this session by clause: {text, etag, status, problem}; `changed(clause)` is called when one moved. */
export class Notes {
  kept = new Map();

  constructor(changed) {
    this.changed = changed;
    addEventListener('beforeunload', (event) => { if (this.unsaved) { this.flush(); event.preventDefault(); } });
    addEventListener('visibilitychange', () => { if (document.hidden) this.flush(); });
  }

  /** Take over what the server knows, unless something is still unsaved here. */
  know(clause, note) {
    const mine = this.kept.get(clause);
    if (mine && mine.text !== mine.saved) return;
    this.kept.set(clause, { text: note?.text ?? '', saved: note?.text ?? '', etag: note?.etag ?? null, status: note?.saved_at && note.text ? savedAt(note.saved_at) : '' });
  }

  of(clause) { return this.kept.get(clause) ?? { text: '', saved: '', etag: null, status: '' }; }

  get unsaved() { return [...this.kept.values()].some((n) => n.text !== n.saved); }

  /** Somebody typed: save after a pause. */
  write(clause, text) {
    const note = this.of(clause);
    this.kept.set(clause, note);
    Object.assign(note, { text, status: 'Not saved yet', problem: null });
    clearTimeout(note.timer);
    note.timer = setTimeout(() => this.save(clause), PAUSE);
    this.changed(clause);
  }

  /** Save what is not saved yet. */
  flush() {
    const open = [...this.kept].filter(([, note]) => note.text !== note.saved);
    return Promise.all(open.map(([clause, note]) => { clearTimeout(note.timer); return this.save(clause); }));
  }

  /** The session ended: what was on its way got no answer and is sent again in the next. */
  release() { for (const note of this.kept.values()) note.saving = false; }

  async save(clause) {
    const note = this.of(clause);
    if (note.saving || note.text === note.saved) return;
    note.saving = true;
    const text = note.text;
    try {
      const answer = await put(`/api/review/notes/${clause}`, { text }, note.etag ? { of: note } : {});
      Object.assign(note, { saved: text, etag: answer.etag, status: savedAt(answer.saved_at), problem: null });
    } catch (problem) {
      Object.assign(note, { status: 'Not saved', problem });
    }
    note.saving = false;
    this.changed(clause);
    if (note.text !== note.saved && !note.problem) this.save(clause);
  }
}
