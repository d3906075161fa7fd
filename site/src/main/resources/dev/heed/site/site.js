// Searches the index of all headings: every word of the query must occur; headings count more than text.
const MOST = 20;
const AROUND = 70;
const root = document.body.dataset.root;
const query = document.getElementById('query');
const found = document.getElementById('found');
const count = document.getElementById('count');
let index = null;

async function load() {
  index ??= fetch(`${root}search.json`).then((reply) => {
    if (!reply.ok) throw new Error(`search.json: ${reply.status}`);
    return reply.json();
  });
  return index;
}

function score(entry, words) {
  const heading = `${entry.page} ${entry.heading}`.toLowerCase();
  const text = entry.text.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const inHeading = heading.includes(word);
    const inText = text.includes(word);
    if (!inHeading && !inText) return 0;
    sum += (inHeading ? 10 : 0) + (inText ? 1 : 0);
  }
  return sum;
}

function excerpt(text, words) {
  const at = Math.max(0, ...words.map((word) => text.toLowerCase().indexOf(word)));
  const from = Math.max(0, at - AROUND);
  const piece = text.slice(from, at + AROUND);
  return `${from > 0 ? '…' : ''}${piece}${at + AROUND < text.length ? '…' : ''}`;
}

function item(entry, words) {
  const link = document.createElement('a');
  link.href = root + entry.address;
  link.append(entry.heading === entry.page ? entry.page : `${entry.page}: ${entry.heading}`);
  const small = document.createElement('small');
  small.textContent = excerpt(entry.text, words);
  link.append(small);
  const line = document.createElement('li');
  line.append(link);
  return line;
}

async function show() {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    found.hidden = true;
    count.textContent = '';
    return;
  }
  let entries;
  try {
    entries = await load();
  } catch {
    count.textContent = location.protocol === 'file:' ? 'needs a server' : 'no index';
    return;
  }
  const hits = entries
    .map((entry) => ({ entry, points: score(entry, words) }))
    .filter((hit) => hit.points > 0)
    .sort((a, b) => b.points - a.points);
  count.textContent = hits.length === 1 ? '1 place' : `${hits.length} places`;
  found.replaceChildren(...hits.slice(0, MOST).map((hit) => item(hit.entry, words)));
  found.hidden = hits.length === 0;
}

query.addEventListener('input', show);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    found.hidden = true;
  } else if (event.key === '/' && document.activeElement !== query) {
    event.preventDefault();
    query.focus();
  }
});
const given = new URLSearchParams(location.search).get('q');
if (given) {
  query.value = given;
  show();
}
for (const part of document.querySelectorAll('nav details')) {
  if (part.querySelector('[aria-current]')) part.open = true;
}
