/** Uploads: hash, announce, send, complete; three at a time, each tried three times more. */
import { create, post, Problem } from '/js/lib/api.js';

const PARALLEL = 3;
const TRIES = 4;
const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

const policy = globalThis.trustedTypes?.createPolicy('certway-worker', { createScriptURL: (url) => url });
const WORKER = '/js/lib/upload-worker.js';
const startWorker = () => new Worker(policy ? policy.createScriptURL(WORKER) : WORKER, { type: 'module' });

function hashOf(file, progress, signal) {
  return new Promise((resolve, reject) => {
    const worker = startWorker();
    const end = (settle, value) => { worker.terminate(); settle(value); };
    const fail = (detail) => end(reject, new Problem(0, { type: 'unreadable', detail }));
    signal.addEventListener('abort', () => end(reject, new DOMException('', 'AbortError')), { once: true });
    worker.onmessage = ({ data }) => { if (data.done != null) progress(data.done / (file.size || 1)); else if (data.sha256) end(resolve, data.sha256); else fail(data.error); };
    worker.onerror = () => fail('This file could not be read in this browser.');
    worker.postMessage({ file });
  });
}

function problemOf(xhr) {
  let body = {};
  try { body = JSON.parse(xhr.responseText); } catch { /* a proxy's page, not ours */ }
  return new Problem(xhr.status, body);
}

function send(file, { method = 'PUT', url, headers = {} }, progress, signal) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) if (!/^(content-length|host)$/i.test(name)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (e) => progress(e.loaded / (e.total || 1));
    xhr.onload = () => (xhr.status < 300 ? resolve() : reject(problemOf(xhr)));
    xhr.onerror = () => reject(new Problem(0, { type: 'offline' }));
    signal.addEventListener('abort', () => { xhr.abort(); reject(new DOMException('', 'AbortError')); }, { once: true });
    xhr.send(file);
  });
}

/** Only what may pass by itself is tried again: no answer, too busy, or the server's own fault (not a full disk). */
const passing = (error) => 'slug' in error && (error.status === 0 || error.status === 429 || error.status === 503 || error.status === 500 || error.status === 502 || error.status === 504) && error.slug !== 'unreadable';

async function again(work) {
  for (let attempt = 1; ; attempt += 1) {
    try { return await work(); } catch (error) {
      if (attempt === TRIES || !passing(error)) throw error;
      await wait((error.retryAfter ?? 0) * 1000 || 400 * 2 ** attempt * (0.75 + Math.random() / 2));
    }
  }
}

/**
 * A queue of uploads into one programme. `items` are {file, state, progress 0..1, problem, result, tag};
 * states: waiting, hashing, sending, checking, done, failed. `changed(item)` is called on every step.
 */
export class Uploads {
  items = [];

  constructor(programmeApi, changed = () => {}) {
    this.api = programmeApi;
    this.changed = changed;
  }

  /** Add files and start; returns their items. `accept(item)` may be awaited through item.finished. */
  add(files) {
    const added = [...files].map((file) => ({ file, state: 'waiting', progress: 0, problem: null, result: null, abort: new AbortController() }));
    for (const item of added) { this.items.push(item); this.ready(item); }
    this.next();
    return added;
  }

  retry(item) {
    Object.assign(item, { state: 'waiting', progress: 0, problem: null, abort: new AbortController() });
    this.ready(item);
    this.next();
  }

  remove(item) {
    item.abort.abort();
    this.items = this.items.filter((i) => i !== item);
    this.changed(item);
    this.next();
  }

  get busy() { return this.items.some((i) => !['done', 'failed'].includes(i.state)); }

  ready(item) {
    item.finished = new Promise((resolve) => { item.settle = resolve; });
    this.changed(item);
  }

  next() {
    const running = this.items.filter((i) => ['hashing', 'sending', 'checking'].includes(i.state)).length;
    this.items.filter((i) => i.state === 'waiting').slice(0, Math.max(0, PARALLEL - running)).forEach((i) => this.run(i));
  }

  step(item, state, progress) {
    Object.assign(item, { state, progress });
    this.changed(item);
  }

  async run(item) {
    try {
      item.result = await this.work(item);
      this.step(item, 'done', 1);
    } catch (error) {
      if (error.name !== 'AbortError') { item.problem = error; this.step(item, 'failed', item.progress); }
    }
    item.settle(item);
    this.next();
  }

  async work(item) {
    const { file, abort: { signal } } = item;
    this.step(item, 'hashing', 0);
    if (file.size === 0) throw new Problem(0, { type: 'unreadable', detail: 'This file is empty. Choose another.' });
    const sha256 = await hashOf(file, (p) => this.step(item, 'hashing', p * 0.2), signal);
    const body = { filename: file.name, length: file.size, sha256, ...(file.type && { media_type: file.type }) };
    return again(async () => {
      const begun = await create(`${this.api}/uploads`, body, { signal });
      await send(file, begun, (p) => this.step(item, 'sending', 0.2 + p * 0.75), signal);
      this.step(item, 'checking', 0.96);
      return post(`${this.api}/uploads/${begun.id}/complete`, {}, { signal });
    });
  }
}
