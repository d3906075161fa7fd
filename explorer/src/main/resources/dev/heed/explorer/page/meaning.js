// One word in several texts: its vector, layer by layer.
import {ask} from './api.js';
import {drawHeat} from './edit.js';
import {noBadge} from './evidence.js';

const TEXTS = [
  'She sat on the bank of the river and watched the boats.',
  'The children fished from the grassy bank of the stream.',
  'The bank raised its interest rates again this year.',
  'He paid the money into his bank account.',
  'The bank of the river was muddy after the rain.',
  'The bank approved the loan for the new house.',
];
const WIDTH = 560;
const HEIGHT = 460;
const MARGIN = 48;
const PACE = 800;
const field = id => document.getElementById(id);
let turn = 0;
let playing = 0;

function stop() {
  clearInterval(playing);
  playing = 0;
  field('meaning-play').setAttribute('aria-pressed', 'false');
}

/** What stands around an occurrence. */
function around(text, place) {
  const before = text.slice(Math.max(0, place.start - 30), place.start);
  const after = text.slice(place.end, place.end + 34);
  return {before: (place.start > 30 ? '…' : '') + before, word: text.slice(place.start, place.end),
    after: after + (place.end + 34 < text.length ? '…' : '')};
}

function drawPlane(found, depth) {
  const here = found.plane[depth];
  const reach = Math.max(1e-12, d3.max(here.flat(), Math.abs));
  const x = d3.scaleLinear([-reach, reach], [MARGIN, WIDTH - MARGIN]);
  const y = d3.scaleLinear([-reach, reach], [HEIGHT - MARGIN, MARGIN]);
  const svg = d3.select('#meaning-plane');
  svg.selectAll('line').data([[x(0), MARGIN / 2, x(0), HEIGHT - MARGIN / 2],
    [MARGIN / 2, y(0), WIDTH - MARGIN / 2, y(0)]]).join('line')
    .attr('x1', d => d[0]).attr('y1', d => d[1]).attr('x2', d => d[2]).attr('y2', d => d[3]);
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const places = svg.selectAll('g').data(found.places).join(enter => {
    const place = enter.append('g');
    place.append('circle').attr('r', 13);
    place.append('text').attr('dy', '.35em');
    return place;
  });
  places.style('transition', still ? 'none' : 'transform .5s ease')
    .style('transform', (d, i) => `translate(${x(here[i][0])}px, ${y(here[i][1])}px)`);
  places.select('text').text((d, i) => i + 1);
}

function drawDepth(found, depth) {
  const last = found.cosines.length - 1;
  field('meaning-depth').max = last;
  field('meaning-depth').value = depth;
  const name = depth === 0 ? 'the embedding' : `layer ${depth - 1}`;
  field('meaning-depth-shown').textContent = `after ${name}`;
  drawPlane(found, depth);
  const numbers = found.places.map((d, i) => String(i + 1));
  drawHeat('#meaning-cosines', found.cosines[depth], numbers, row => numbers[row]);
  const share = found.shares[depth];
  field('meaning-shares').textContent =
    `The first two principal components at this depth hold ${Math.round(100 * (share[0] + share[1]))} % `
    + 'of how the vectors differ. Each depth has its own scale.';
  const pairs = d3.cross(d3.range(found.places.length), d3.range(found.places.length)).filter(([i, j]) => i < j);
  const ends = d3.extent(pairs, ([i, j]) => found.cosines[depth][i][j]);
  field('meaning-heading').textContent = pairs.length === 0
    ? 'The word stands in one place: give another text with it'
    : `After ${name}, the cosines of the places lie between ${ends[0].toFixed(2)} and ${ends[1].toFixed(2)}`;
}

export async function drawMeaning(state, request, change) {
  const own = ++turn;
  const kept = state.more.texts?.split('\n') ?? ['bank', ...TEXTS];
  const [word, ...texts] = kept;
  if (document.activeElement !== field('meaning-texts')) field('meaning-texts').value = texts.join('\n');
  if (document.activeElement !== field('meaning-word')) field('meaning-word').value = word;
  const compare = () => {
    stop();
    const lines = field('meaning-texts').value.split('\n').map(line => line.trim()).filter(line => line);
    change({more: {...state.more, texts: [field('meaning-word').value.trim(), ...lines].join('\n')}});
  };
  field('meaning-read').onclick = compare;
  field('meaning-word').onkeydown = event => { if (event.key === 'Enter') compare(); };
  const found = await ask('meaning', {model: state.model, word, texts});
  if (own !== turn) return;
  const last = found.cosines.length - 1;
  let depth = Math.min(last, Number(state.more.depth ?? last));
  const show = to => {
    depth = to;
    state.more.depth = String(to);
    drawDepth(found, to);
  };
  field('meaning-depth').oninput = event => { stop(); show(Number(event.target.value)); };
  field('meaning-depth').onchange = () => change({});
  field('meaning-play').onclick = () => {
    if (playing) return stop();
    field('meaning-play').setAttribute('aria-pressed', 'true');
    show(0);
    playing = setInterval(() => (depth < last ? show(depth + 1) : stop()), PACE);
    return undefined;
  };
  const lines = d3.select('#meaning-list').selectAll('li').data(found.places).join(enter => {
    const line = enter.append('li');
    for (const part of ['before', 'word', 'after']) line.append('span').attr('class', part);
    return line;
  });
  for (const part of ['before', 'word', 'after']) {
    lines.select(`.${part}`).text(d => around(texts[d.text], d)[part]);
  }
  drawDepth(found, depth);
  noBadge('meaning-evidence', 'not measured: these are distances between vectors, and there is no measure of which of them the model’s result stands on');
}
