// Asks the server; what was asked before is not asked again.
const known = new Map();
const MOST_KNOWN = 400;

async function answer(response) {
  const json = await response.json();
  if (!response.ok) throw new Error(json.detail ?? response.statusText);
  return json;
}

export async function models() {
  return (await answer(await fetch('api/models'))).models;
}

export function ask(page, body) {
  const sent = JSON.stringify(body);
  const key = `${page} ${sent}`;
  if (!known.has(key)) {
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value);
    const headers = {'Content-Type': 'application/json'};
    const asked = fetch(`api/${page}`, {method: 'POST', headers, body: sent}).then(answer);
    asked.catch(() => known.delete(key));
    known.set(key, asked);
  }
  return known.get(key);
}
