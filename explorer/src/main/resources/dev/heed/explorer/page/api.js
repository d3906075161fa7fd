// Asks the server; what was asked before is not asked again. A page that was kept has its answers within.
const kept = JSON.parse(document.getElementById('recorded')?.textContent ?? 'null');
const known = new Map((kept?.answers ?? []).map(([key, answer]) => [key, Promise.resolve(answer)]));

/** Whether this is a page that was kept, which has no server. */
export const isRecorded = kept !== null;

/** What stood behind # in the address when it was kept. */
export const keptPlace = kept?.place ?? '';

function requireServer() {
  if (isRecorded) throw new Error('This page holds only what was seen when it was kept.');
}

/** Every answer that there is as yet, by its question; floats as base64 of their bytes. */
export async function answered() {
  const all = await Promise.allSettled([...known].map(async ([key, answer]) => [key, packed(await answer)]));
  return all.filter(one => one.status === 'fulfilled').map(one => one.value);
}

function packed(answer) {
  if (!(answer instanceof Float32Array)) return answer;
  const bytes = new Uint8Array(answer.buffer);
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return {float32: btoa(binary)};
}

const unpacked = answer => (answer instanceof Float32Array ? answer
  : new Float32Array(Uint8Array.from(atob(answer.float32), c => c.charCodeAt(0)).buffer));

const MOST_FLOATS = 64;

/** Asks for 32-bit floats; the last few of these answers are known. */
export async function floats(page, body, signal) {
  const sent = JSON.stringify(body);
  const key = `${page} ${sent}`;
  if (known.has(key)) return unpacked(await known.get(key));
  requireServer();
  const headers = {'Content-Type': 'application/json'};
  const response = await fetch(`api/${page}`, {method: 'POST', headers, body: sent, signal});
  if (!response.ok) return answer(response);
  const found = new Float32Array(await response.arrayBuffer());
  const kept = [...known.keys()].filter(other => other.startsWith(`${page} `));
  if (kept.length >= MOST_FLOATS) known.delete(kept[0]);
  known.set(key, found);
  return found;
}

/** Has something asked again the next time. */
export const forget = (page, body) => known.delete(`${page} ${JSON.stringify(body)}`);

const MOST_KNOWN = 400;

async function answer(response) {
  const json = await response.json();
  if (!response.ok) throw Object.assign(new Error(json.detail ?? response.statusText), {code: json.code});
  return json;
}

export async function models() {
  return (await get('models')).models;
}

/** What does not depend on a text. */
export function get(page) {
  if (!known.has(page)) {
    requireServer();
    const asked = fetch(`api/${page}`).then(answer);
    asked.catch(() => known.delete(page));
    known.set(page, asked);
  }
  return known.get(page);
}

/** Asks for what takes a while: tells how far it is, and ends when the signal says so. */
export async function follow(page, body, {signal, onProgress}) {
  const sent = JSON.stringify(body);
  const key = `${page} ${sent}`;
  if (known.has(key)) return known.get(key);
  requireServer();
  const headers = {'Content-Type': 'application/json'};
  const response = await fetch(`api/${page}`, {method: 'POST', headers, body: sent, signal});
  if (!response.ok) return answer(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {value, done} = await reader.read();
    if (done) throw new Error('The server ended before it was done.');
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const name = /^event: (.*)$/m.exec(event)?.[1];
      const data = JSON.parse(/^data: (.*)$/m.exec(event)[1]);
      if (name === 'progress') onProgress(data.done, data.of);
      if (name === 'problem') throw new Error(data.detail);
      if (name === 'result') {
        known.set(key, Promise.resolve(data));
        return data;
      }
    }
  }
}

export function ask(page, body) {
  const sent = JSON.stringify(body);
  const key = `${page} ${sent}`;
  if (!known.has(key)) {
    if (isRecorded) return Promise.reject(new Error('This page holds only what was seen when it was kept.'));
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value);
    const headers = {'Content-Type': 'application/json'};
    const asked = fetch(`api/${page}`, {method: 'POST', headers, body: sent}).then(answer);
    asked.catch(() => known.delete(key));
    known.set(key, asked);
  }
  return known.get(key);
}

/** Asks for what changes by itself: the answer now, remembered as the last. */
export async function fresh(page, body) {
  const key = `${page} ${JSON.stringify(body?.run ?? '')} now`;
  if (isRecorded) return known.get(key) ?? requireServer();
  const headers = {'Content-Type': 'application/json'};
  const options = body === undefined ? {} : {method: 'POST', headers, body: JSON.stringify(body)};
  const found = await answer(await fetch(`api/${page}`, options));
  known.set(key, Promise.resolve(found));
  return found;
}

/** Sends a file with values beside it; undefined ones are left out. */
export async function send(page, file, values) {
  if (isRecorded) return requireServer();
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) form.append(name, value);
  form.append('file', file);
  return answer(await fetch(`api/${page}`, {method: 'POST', body: form}));
}
