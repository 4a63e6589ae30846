/** The API: which addresses are there, who may use them, what do they take? */
import { html, nothing, page } from '/js/lib/page.js';
import { get } from '/js/lib/api.js';
import { count, sentence } from '/js/lib/format.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function grouped(spec) {
  const groups = new Map();
  for (const [path, operations] of Object.entries(spec.paths)) {
    for (const method of METHODS.filter((m) => operations[m])) {
      const one = { path, method: method.toUpperCase(), ...operations[method] };
      groups.set(one.tags[0], [...(groups.get(one.tags[0]) ?? []), one]);
    }
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

const named = (spec, reference) => spec.components.schemas[reference?.split('/').pop()] ?? {};
const kind = (field) => (field.enum ? field.enum.map((v) => `“${v}”`).join(', ') : [field.type ?? 'object'].flat().filter((t) => t !== 'null').join(' or ') + (field.format ? `, ${field.format}` : ''));

function fields(spec, schema) {
  const shape = schema?.$ref ? named(spec, schema.$ref) : schema;
  const all = Object.entries(shape?.properties ?? {});
  if (!all.length) return nothing;
  return html`<table class="grid-table stacks"><thead><tr><th scope="col">Field</th><th scope="col">What it takes</th></tr></thead>
    <tbody>${all.map(([name, field]) => html`<tr><th scope="row"><code class="break">${name}</code></th><td data-label="Takes">${kind(field)}${(shape.required ?? []).includes(name) ? ', required' : ''}</td></tr>`)}</tbody></table>`;
}

const one = (spec, o) => html`<details class="fold"><summary class="break"><code>${o.method} ${o.path}</code></summary><div class="stack">
  <p>${o.summary}</p><p class="soft small">Permission: ${o['x-permission']}.${(o.parameters ?? []).filter((p) => p.in !== 'path').map((p) => ` ${sentence(p.in)} ${p.name}${p.required ? ', required' : ''}.`)}</p>
  ${fields(spec, o.requestBody?.content['application/json'].schema)}</div></details>`;

page('view-api-docs', {
  load: () => get('/api/openapi.json', { anonymous: true }),
  title: () => ['API'],
  draw(spec) {
    const groups = grouped(spec);
    const total = groups.reduce((n, [, list]) => n + list.length, 0);
    return html`<h1>The API has ${count(total, 'address', 'addresses')}</h1>
      <p class="lede">JSON both ways, errors as problem+json (RFC 9457). Unsafe methods need <code>X-Requested-By: certway</code>, changes <code>If-Match</code> with the ETag last read. The whole description is <a href="/api/openapi.json">openapi.json</a>.</p>
      ${groups.map(([name, list]) => html`<section class="mt" aria-labelledby=${`g-${name}`}><h2 id=${`g-${name}`}>${sentence(name)}</h2>${list.map((o) => one(spec, o))}</section>`)}`;
  },
});
