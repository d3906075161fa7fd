// A training run while it goes on: its curves, and one head's map from checkpoint to checkpoint.
import {ask, fresh, isRecorded} from './api.js';

const byId = id => document.getElementById(id);
const WAIT = 2000;
const MOST_POINTS = 1500;
const SIZE = {width: 640, height: 200, left: 56, right: 16, top: 12, bottom: 28};
const CELL = 16;
const logs = new Map();
let timer = null;
let turn = 0;
let at = null;

const log = name => {
  if (!logs.has(name)) logs.set(name, {from: 0, updates: [], scores: [], checkpoints: []});
  return logs.get(name);
};

/** Reads on where the log was read to. */
async function readOn(name) {
  const known = log(name);
  for (;;) {
    const part = await fresh('run', {run: name, from: known.from});
    if (part.again) Object.assign(known, {updates: [], scores: []});
    for (const line of part.lines) {
      if (Number.isFinite(line.loss)) known.updates.push(line);
      else if (line.metric !== undefined) known.scores.push(line);
    }
    Object.assign(known, {from: part.from, checkpoints: part.checkpoints});
    if (!part.more) return known;
  }
}

/** At most so many points: of each stretch the mean. */
function thinned(points) {
  if (points.length <= MOST_POINTS) return points;
  const step = points.length / MOST_POINTS;
  return d3.range(MOST_POINTS).map(i => {
    const some = points.slice(Math.floor(i * step), Math.max(Math.floor(i * step) + 1, Math.floor((i + 1) * step)));
    return [some.at(-1)[0], d3.mean(some, d => d[1])];
  });
}

function drawCurve(id, label, points, marks = []) {
  const {width, height, left, right, top, bottom} = SIZE;
  const svg = d3.select(`#${id}`).attr('viewBox', `0 0 ${width} ${height}`);
  if (points.length === 0) return;
  const x = d3.scaleLinear().domain([points[0][0], Math.max(points[0][0] + 1, points.at(-1)[0])]).range([left, width - right]);
  const all = [...points, ...marks].map(d => d[1]).filter(Number.isFinite);
  const [least, most] = d3.extent(all);
  const y = d3.scaleLinear().domain(least === most ? [least - 1, most + 1] : [least, most]).nice().range([height - bottom, top]);
  svg.selectAll('g.x').data([0]).join('g').attr('class', 'x axis')
    .attr('transform', `translate(0,${height - bottom})`).call(d3.axisBottom(x).ticks(6, 'd'));
  svg.selectAll('g.y').data([0]).join('g').attr('class', 'y axis')
    .attr('transform', `translate(${left},0)`).call(d3.axisLeft(y).ticks(4));
  svg.selectAll('path.curve').data([thinned(points)]).join('path').attr('class', 'curve c0')
    .attr('d', d3.line().defined(d => Number.isFinite(d[1])).x(d => x(d[0])).y(d => y(d[1])));
  svg.selectAll('circle').data(marks).join('circle').attr('class', 'c1').attr('r', 4)
    .attr('cx', d => x(d[0])).attr('cy', d => y(d[1]));
  const last = points.at(-1);
  svg.attr('aria-label', `${label}: from ${points[0][1].toPrecision(3)} at update ${points[0][0]} to ${last[1].toPrecision(3)} at update ${last[0]}`);
}

function drawCurves(known) {
  const {updates, scores} = known;
  drawCurve('training-loss', 'loss', updates.map(u => [u.update, u.loss]));
  drawCurve('training-norm', 'gradient norm', updates.map(u => [u.update, u.gradient_norm]));
  drawCurve('training-score', 'score', scores.map(s => [s.update, s.score]), scores.map(s => [s.update, s.score]));
  byId('training-scores').hidden = scores.length < 2;
  const last = updates.at(-1);
  byId('training-heading').textContent = last
    ? `Update ${last.update}: loss ${last.loss.toPrecision(4)}, gradient norm ${last.gradient_norm.toPrecision(3)}`
    : 'Nothing is logged yet';
  byId('training-note').textContent = last
    ? `Epoch ${last.epoch}, ${last.tokens} tokens in the last update, learning rate ${last.rate.toPrecision(3)}`
      + (scores.length ? `; ${scores.at(-1).metric} ${scores.at(-1).score.toPrecision(4)} at update ${scores.at(-1).update}` : '') + '.'
    : 'The log appears as the run writes it.';
}

function paint(canvas, weights) {
  canvas.width = weights.length;
  canvas.height = weights.length;
  const context = canvas.getContext('2d');
  context.fillStyle = getComputedStyle(canvas).color;
  weights.forEach((row, i) => row.forEach((weight, j) => {
    context.globalAlpha = Math.sqrt(weight);
    context.fillRect(j, i, 1, 1);
  }));
}

function drawMap(answer) {
  const {labels, weights} = answer;
  const margin = 90;
  const side = margin + labels.length * CELL;
  const svg = d3.select('#training-map').attr('width', side + 2).attr('height', side + 2);
  svg.selectAll('rect').data(d3.cross(d3.range(labels.length), d3.range(labels.length)))
    .join('rect').attr('class', 'cell')
    .attr('x', d => margin + d[1] * CELL).attr('y', d => margin + d[0] * CELL)
    .attr('width', CELL - 1).attr('height', CELL - 1).attr('opacity', d => Math.sqrt(weights[d[0]][d[1]]));
  const short = text => (text.length > 12 ? `${text.slice(0, 11)}…` : text);
  svg.selectAll('text.query').data(labels).join('text').attr('class', 'query').attr('text-anchor', 'end')
    .attr('x', margin - 6).attr('y', (d, i) => margin + (i + 0.75) * CELL).text(short);
  svg.selectAll('text.key').data(labels).join('text').attr('class', 'key')
    .attr('transform', (d, i) => `translate(${margin + (i + 0.75) * CELL},${margin - 6})rotate(-90)`).text(short);
}

/** How far a map is from another: the mean over the rows of the total variation distance. */
const apart = (one, two) => d3.mean(one, (row, i) => d3.sum(row, (w, j) => Math.abs(w - two[i][j])) / 2);

async function drawMaps(state, request, known, change) {
  const mine = ++turn;
  const {checkpoints} = known;
  byId('training-maps').hidden = checkpoints.length === 0;
  if (checkpoints.length === 0) return;
  at = checkpoints.includes(at) ? at : checkpoints.at(-1);
  const some = checkpoints.length <= 12 ? checkpoints
    : d3.range(12).map(i => checkpoints[Math.round(i * (checkpoints.length - 1) / 11)]);
  const head = {...request, run: byId('training-run').value, layer: state.layer, head: state.head};
  const drawn = [];
  byId('training-map-note').textContent = 'Reading the checkpoints…';
  for (const update of d3.union(some, [at])) {
    drawn.push(await ask('run-map', {...head, update}));
    if (mine !== turn) return;
  }
  const shown = drawn.find(one => one.update === at);
  drawn.sort((a, b) => a.update - b.update);
  const steps = d3.select('#training-steps').selectAll('button').data(drawn).join(enter => {
    const button = enter.append('button').attr('type', 'button');
    button.append('canvas');
    button.append('span');
    return button;
  });
  steps.attr('aria-pressed', d => String(d.update === at)).on('click', (event, d) => { at = d.update; change({}); });
  steps.select('canvas').each(function (d) { paint(this, d.weights); });
  steps.select('span').text(d => d.update);
  drawMap(shown);
  byId('training-map-heading').textContent = `Layer ${shown.layer}, head ${shown.head} after ${at} updates`;
  byId('training-map-note').textContent = drawn.length < 2 ? 'One checkpoint is kept as yet.'
    : `From the first checkpoint that is kept to this one each word has moved ${(100 * apart(drawn[0].weights, shown.weights)).toFixed(1)} % of its attention on average.`;
}

export async function drawTraining(state, request, change) {
  clearTimeout(timer);
  const runs = (await (isRecorded ? ask('runs', {}) : fresh('runs'))).runs;
  const select = byId('training-run');
  d3.select(select).selectAll('option').data(runs).join('option').attr('value', d => d.name).text(d => d.name);
  if (!select.value) select.value = runs[0].name;
  select.onchange = () => { at = null; change({}); };
  const known = await readOn(select.value);
  drawCurves(known);
  await drawMaps(state, request, known, change);
  const again = async () => {
    if (state.view !== 'training' || isRecorded) return;
    try {
      const before = known.checkpoints.length;
      await readOn(select.value);
      drawCurves(known);
      if (known.checkpoints.length !== before) await drawMaps(state, request, known, change);
      timer = setTimeout(again, WAIT);
    } catch (e) {
      byId('training-note').textContent = e.message;
    }
  };
  timer = setTimeout(again, WAIT);
}
