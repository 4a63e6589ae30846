/** SHA-256 of a file, 4 MiB at a time, off the page's own thread. */
import { sha256 } from '/vendor/noble-hashes/sha2.js';

const SLICE = 4 * 1024 * 1024;

self.addEventListener('message', async ({ data: { file } }) => {
  try {
    const hash = sha256.create();
    for (let at = 0; at < file.size; at += SLICE) {
      hash.update(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
      self.postMessage({ done: Math.min(at + SLICE, file.size) });
    }
    self.postMessage({ sha256: Array.from(hash.digest(), (b) => b.toString(16).padStart(2, '0')).join('') });
  } catch {
    self.postMessage({ error: 'This file could not be read. Was it moved or changed? Choose it again.' });
  }
});
