// Keeps what is seen: as a link, a page that works without a server, a picture, or its numbers.
import {ask, answered, isRecorded} from './api.js';
import {svgOf} from './picture.js';

const byId = id => document.getElementById(id);
const SCALE = 2;
const MOST_WEIGHTS = 600000;
const TEXT = 'text/javascript';
const POLICY = "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

function save(name, type, parts) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(parts, {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

const name = (state, end) => `heed-${state.view}.${end}`;

/** What is seen: the text's view without the controls that cannot work in a picture. */
const shown = state => byId(state.view);

export async function pngOf(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * SCALE;
  canvas.height = image.naturalHeight * SCALE;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('The picture is too large for this browser.'))), 'image/png'));
}

/** Asks for every head of a short text, so that the page works for all of them. */
async function askAll(state, request) {
  if (state.reading === null) return;
  const {layers, heads, units} = state.reading;
  if (layers * heads * units.length ** 2 > MOST_WEIGHTS) return;
  await ask('attention', request);
  await ask('heads', request);
  for (const [layer, head] of d3.cross(d3.range(layers), d3.range(heads))) {
    await ask('attention', {...request, layer, head});
  }
}

const encoded = text => {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return `data:${TEXT};base64,${btoa(binary)}`;
};
const load = async path => (await fetch(path)).text();

/** The page as it is, with its scripts, its style and the answers within. */
async function pageOf(state, request) {
  await askAll(state, request);
  const page = await load('./');
  const imports = {};
  const waiting = ['explorer.js'];
  while (waiting.length) {
    const file = waiting.pop();
    if (imports[`heed/${file}`]) continue;
    const source = await load(file);
    for (const [, other] of source.matchAll(/from '\.\/([\w-]+\.js)'/g)) waiting.push(other);
    imports[`heed/${file}`] = encoded(source.replaceAll("from './", "from 'heed/"));
  }
  const styles = await Promise.all([...page.matchAll(/<link rel="stylesheet" href="([\w-]+\.css)">/g)]
    .map(([, file]) => load(file)));
  const kept = {place: location.hash.slice(1), answers: await answered()};
  const parts = [
    [/<link rel="stylesheet" href="[\w-]+\.css">\n/g, ''],
    [/<script src="d3.js" defer><\/script>/, `<script src="${encoded(await load('d3.js'))}" defer></script>`],
    [/<script type="module" src="explorer.js"><\/script>/,
      `<script type="importmap">${JSON.stringify({imports})}</script>\n`
      + `<script type="module">import 'heed/explorer.js';</script>`],
    [/<meta charset="utf-8">/, `<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${POLICY}">`],
    [/<\/head>/, `<style>\n${styles.join('')}</style>\n</head>`],
    [/<\/body>/, `<script type="application/json" id="recorded">${JSON.stringify(kept).replaceAll('<', '\\u003c')}</script>\n</body>`],
  ];
  return parts.reduce((text, [from, to]) => text.replace(from, () => to), page);
}

const WAYS = {
  async link() {
    await navigator.clipboard.writeText(location.href);
    return 'The link is copied: it restores this view, text and all.';
  },
  async html(state, request) {
    save(name(state, 'html'), 'text/html', [await pageOf(state, request)]);
    return 'Kept as a page that needs no server.';
  },
  async png(state) {
    save(name(state, 'png'), 'image/png', [await pngOf(svgOf(shown(state)))]);
    return 'Kept as a picture.';
  },
  async svg(state) {
    save(name(state, 'svg'), 'image/svg+xml', [svgOf(shown(state))]);
    return 'Kept as a drawing.';
  },
  async json(state) {
    const {reading, ...seen} = state;
    const data = {view: state.view, state: seen, reading, answers: await answered()};
    save(name(state, 'json'), 'application/json', [JSON.stringify(data, null, 1)]);
    return 'Kept as numbers: every answer that this page has.';
  },
};

/** Makes the buttons work. */
export function listenToKeep(state, request, tell) {
  byId('keep-html').hidden = isRecorded;
  for (const way of Object.keys(WAYS)) {
    byId(`keep-${way}`).addEventListener('click', async () => {
      byId('keep').open = false;
      try {
        tell('Keeping…');
        tell(await WAYS[way](state, request()));
      } catch (e) {
        tell(e.message, true);
      }
    });
  }
}
