// Every head as a small picture; one of them whole.
import {ask} from './api.js';
import {badge, question} from './evidence.js';

const CELL = 18;
const MOST_CELLS = 160;
const MARGIN = 110;
let drawn = 0;

function paint(canvas, cells) {
  const side = cells.length;
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  const {r, g, b} = d3.rgb(getComputedStyle(canvas).color);
  const image = context.createImageData(side, side);
  cells.flat().forEach((weight, i) =>
    image.data.set([r, g, b, Math.round(255 * Math.sqrt(weight))], 4 * i));
  context.putImageData(image, 0, 0);
}

function drawGrid(state, heads, change) {
  const grid = d3.select('#grid').style('grid-template-columns', `repeat(${state.reading.heads}, auto)`);
  const cells = grid.selectAll('button').data(heads).join(enter => {
    const button = enter.append('button').attr('type', 'button');
    button.append('canvas');
    button.append('span').attr('class', 'name');
    button.append('span').attr('class', 'kind');
    return button;
  });
  cells
    .attr('aria-pressed', d => String(d.layer === state.layer && d.head === state.head))
    .attr('aria-label', d => `layer ${d.layer}, head ${d.head}: ${d.kind}, ${d.score.toFixed(2)}`)
    .on('click', (event, d) => change({selective: false, layer: d.layer, head: d.head}));
  cells.select('canvas').each(function (d) { paint(this, d.thumbnail); });
  cells.select('.name').text(d => `${d.layer}.${d.head}`);
  cells.select('.kind').text(d => (d.kind === 'mixed' ? 'mixed' : `${d.kind} ${d.score.toFixed(2)}`));
}

function drawMap(state, weights) {
  const labels = state.reading.units.map(unit => unit.text);
  const size = Math.min(labels.length, MOST_CELLS);
  const side = MARGIN + size * CELL;
  const svg = d3.select('#map').attr('width', side + 2).attr('height', side + 2)
    .attr('aria-label', `attention of layer ${state.layer}, head ${state.head}`);
  svg.selectAll('rect.frame').data([0]).join('rect').attr('class', 'frame')
    .attr('x', MARGIN).attr('y', MARGIN).attr('width', size * CELL).attr('height', size * CELL);
  const cells = d3.cross(d3.range(size), d3.range(size)).filter(([i, j]) => weights[i][j] >= 0.004);
  svg.selectAll('rect.cell').data(cells).join('rect').attr('class', 'cell')
    .attr('x', d => MARGIN + d[1] * CELL).attr('y', d => MARGIN + d[0] * CELL)
    .attr('width', CELL - 1).attr('height', CELL - 1)
    .attr('opacity', d => Math.sqrt(weights[d[0]][d[1]]))
    .on('mouseenter', (event, [i, j]) => {
      document.getElementById('map-cell').textContent =
        `${state.reading.units[i].label} → ${state.reading.units[j].label}: ${weights[i][j].toFixed(3)}`;
    });
  const short = text => (text.length > 14 ? `${text.slice(0, 13)}…` : text);
  svg.selectAll('text.query').data(labels.slice(0, size)).join('text').attr('class', 'query')
    .attr('x', MARGIN - 6).attr('y', (d, i) => MARGIN + (i + 0.7) * CELL)
    .attr('text-anchor', 'end').text(short);
  svg.selectAll('text.key').data(labels.slice(0, size)).join('text').attr('class', 'key')
    .attr('transform', (d, i) => `translate(${MARGIN + (i + 0.7) * CELL},${MARGIN - 6})rotate(-90)`)
    .text(short);
  document.getElementById('map-cell').textContent =
    size < labels.length ? `The first ${size} of ${labels.length} units are drawn.` : '';
}

export async function drawHeads(state, request, change) {
  const turn = ++drawn;
  const {layer, head} = state;
  const [all, map] = await Promise.all([
    ask('heads', request), ask('attention', {...request, layer, head})]);
  if (turn !== drawn) return;
  drawGrid(state, all.heads, change);
  const shown = all.heads.find(d => d.layer === layer && d.head === head);
  document.getElementById('map-heading').textContent =
    `Layer ${layer}, head ${head}: ${shown.kind} ${shown.score.toFixed(2)}`;
  document.getElementById('map-scores').textContent = Object.entries(shown.scores)
    .map(([name, score]) => `${name} ${score.toFixed(2)}`).join(' · ');
  badge('map-evidence', question(state, request, 'raw'), () => change({view: 'evidence', method: 'raw'}));
  drawMap(state, map.weights);
}
