// An image as a model saw it, and what one patch attends to.
import {send} from './api.js';
import {noBadge} from './evidence.js';

const MEAN = 'mean';
const SIDE = 512;
const STRONGEST = 6;
const field = id => document.getElementById(id);
let turn = 0;
let chosen = null;
let query = null;

/** A picture that is drawn here: a sun over a hill, a house beside a tree. */
function example() {
  const canvas = document.createElement('canvas');
  canvas.width = 320;
  canvas.height = 320;
  const c = canvas.getContext('2d');
  const part = (colour, draw) => { c.fillStyle = colour; c.beginPath(); draw(); c.fill(); };
  part('#9fd0f0', () => c.rect(0, 0, 320, 320));
  part('#f7c948', () => c.arc(70, 70, 34, 0, 7));
  part('#5f9e4b', () => c.ellipse(160, 330, 260, 120, 0, 0, 7));
  part('#b5482f', () => c.rect(170, 150, 90, 80));
  part('#5b2d1e', () => { c.moveTo(160, 152); c.lineTo(215, 105); c.lineTo(270, 152); });
  part('#fff3c4', () => c.rect(190, 172, 22, 22));
  part('#4a3020', () => c.rect(92, 170, 14, 66));
  part('#2f6b35', () => c.arc(99, 152, 36, 0, 7));
  return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
}

function pixels(seen) {
  const bytes = atob(seen.pixels);
  const image = new ImageData(seen.width, seen.height);
  for (let i = 0; i < seen.width * seen.height; i++) {
    for (let part = 0; part < 3; part++) image.data[4 * i + part] = bytes.charCodeAt(3 * i + part);
    image.data[4 * i + 3] = 255;
  }
  return createImageBitmap(image);
}

function drawMap(seen, bitmap) {
  const canvas = field('image-map');
  const scale = SIDE / Math.max(seen.width, seen.height);
  canvas.width = Math.round(seen.width * scale);
  canvas.height = Math.round(seen.height * scale);
  const c = canvas.getContext('2d');
  c.imageSmoothingEnabled = seen.width > 64;
  c.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const row = seen.weights[query];
  const {rows, columns, before} = seen.keys;
  const places = row.slice(before, before + rows * columns);
  const most = d3.max(places) || 1;
  const wide = canvas.width / columns;
  const high = canvas.height / rows;
  places.forEach((weight, i) => {
    const x = (i % columns) * wide;
    const y = Math.floor(i / columns) * high;
    c.fillStyle = `rgba(8, 8, 12, ${0.78 * (1 - Math.sqrt(weight / most))})`;
    c.fillRect(x, y, wide + 0.5, high + 0.5);
  });
  const at = query - seen.queries.before;
  if (at >= 0 && at < seen.queries.rows * seen.queries.columns) {
    const w = canvas.width / seen.queries.columns;
    const h = canvas.height / seen.queries.rows;
    c.lineWidth = 3;
    c.strokeStyle = '#ff9d66';
    c.strokeRect((at % seen.queries.columns) * w + 1.5, Math.floor(at / seen.queries.columns) * h + 1.5, w - 3, h - 3);
  }
  const name = at >= 0 ? `patch ${Math.floor(at / seen.queries.columns)}, ${at % seen.queries.columns}` : 'the class token';
  const share = d3.sum(places);
  field('image-heading').textContent = `From ${name}: ${share.toFixed(2)} to the patches, ${Math.max(0, 1 - share).toFixed(2)} elsewhere`;
  const order = d3.range(places.length).sort((a, b) => places[b] - places[a]).slice(0, STRONGEST);
  d3.select('#image-strongest').selectAll('li').data(order).join('li')
    .text(i => `patch ${Math.floor(i / columns)}, ${i % columns}: ${places[i].toFixed(3)}`);
  field('image-note').textContent = seen.note ?? '';
}

function options(select, names, value) {
  d3.select(select).selectAll('option').data(names).join('option')
    .attr('value', d => d.value).text(d => d.text);
  select.value = value;
}

export async function drawImage(state, request, change) {
  const own = ++turn;
  field('image-file').onchange = event => { [chosen] = event.target.files; query = null; change({}); };
  field('image-example').onclick = async () => { chosen = await example(); query = null; change({}); };
  const choice = name => event => change({
    more: {...state.more, [name]: event.target.value === MEAN ? '' : event.target.value}});
  field('image-layer').onchange = choice('al');
  field('image-head').onchange = choice('ah');
  field('image-map').hidden = !chosen;
  if (!chosen) {
    field('image-heading').textContent = 'Choose an image: it stays on this machine';
    return;
  }
  const number = name => (state.more[name] === undefined ? undefined : Number(state.more[name]));
  const seen = await send('see', chosen, {model: state.model, layer: number('al'), head: number('ah')});
  const bitmap = await pixels(seen);
  if (own !== turn) return;
  options(field('image-layer'), seen.layers.map((name, i) => ({value: i, text: `${i}: ${name}`})), seen.layer);
  options(field('image-head'), [{value: MEAN, text: 'mean of all'},
    ...d3.range(seen.heads).map(i => ({value: i, text: `head ${i}`}))], state.more.ah ?? MEAN);
  const {rows, columns, before} = seen.queries;
  if (query === null || query >= seen.weights.length) query = before > 0 ? 0 : before;
  const look = to => { query = to; drawMap(seen, bitmap); };
  field('image-first').disabled = before === 0;
  field('image-first').onclick = () => look(0);
  const canvas = field('image-map');
  canvas.onpointermove = event => {
    const box = canvas.getBoundingClientRect();
    const column = Math.min(columns - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * columns)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * rows)));
    const to = before + row * columns + column;
    if (to !== query) look(to);
  };
  canvas.onkeydown = event => {
    const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns}[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = (query < before ? before : query + step);
    if (to >= before && to < before + rows * columns) look(to);
  };
  drawMap(seen, bitmap);
  noBadge('image-evidence', 'not measured: the measures take words away, and there is no agreed way to take a patch away');
}
