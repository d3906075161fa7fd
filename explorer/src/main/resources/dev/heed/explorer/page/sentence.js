// One word, and arcs to what it attends to.
import {ask} from './api.js';
import {badge, question} from './evidence.js';

const MOST_BARS = 10;
const LEAST_ARC = 0.02;
const TOP = 6;

/** Of longer texts not the whole map is asked for, but the word's row. */
const WHOLE = 96;
let drawn = 0;

/** The places of the words in the box, as the browser has laid them out. */
function places(box) {
  return new Map(d3.select(box).selectAll('button').nodes().map(button =>
    [Number(button.dataset.unit), {
      x: button.offsetLeft + button.offsetWidth / 2, top: button.offsetTop}]));
}

function arc(from, to) {
  if (from === to) return `M${from.x - 8},${from.top}c-14,-26 30,-26 16,0`;
  const far = Math.abs(from.x - to.x);
  const height = from.top === to.top ? Math.min(70, TOP + 16 + far * 0.16) : 34;
  return `M${from.x},${from.top}C${from.x},${from.top - height} ${to.x},${to.top - height} ${to.x},${to.top}`;
}

function drawWords(state, units, row, change) {
  const box = document.getElementById('words');
  const preview = unit => { if (unit !== state.word) change({word: unit}); };
  const buttons = d3.select(box).selectAll('button').data(units, d => d.unit).join('button')
    .attr('type', 'button').attr('data-unit', d => d.unit)
    .attr('tabindex', d => (d.unit === state.word ? 0 : -1))
    .classed('special', d => d.special)
    .attr('aria-pressed', d => String(d.unit === state.word))
    .attr('aria-label', d => `${d.label}, gets ${row[d.unit].toFixed(2)}`)
    .text(d => d.text)
    .order()
    .on('mouseenter focus', (event, d) => preview(d.unit))
    .on('keydown', (event, d) => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      const next = step && units[units.indexOf(d) + step];
      if (next) {
        event.preventDefault();
        box.querySelector(`button[data-unit="${next.unit}"]`).focus();
      }
    });
  buttons.style('--share', d => `${(75 * row[d.unit]).toFixed(1)}%`);
  return box;
}

function drawArcs(box, state, units, row) {
  const at = places(box);
  const from = at.get(state.word);
  const shown = from ? units.filter(d => row[d.unit] >= LEAST_ARC) : [];
  const svg = d3.select(box).selectAll('svg').data([0]).join('svg').attr('aria-hidden', 'true');
  svg.selectAll('path').data(shown).join('path')
    .attr('d', d => arc(from, at.get(d.unit)))
    .attr('stroke-width', d => 1 + 7 * row[d.unit])
    .attr('opacity', d => 0.25 + 0.75 * row[d.unit]);
}

function drawBars(units, row, mean) {
  const top = [...units].sort((a, b) => row[b.unit] - row[a.unit]).slice(0, MOST_BARS);
  const lines = d3.select('#bars tbody').selectAll('tr').data(top).join(enter => {
    const line = enter.append('tr');
    line.append('td').attr('class', 'name');
    line.append('td').attr('class', 'weight');
    line.append('td').append('div').attr('class', 'bar');
    line.append('td').attr('class', 'mean');
    return line;
  });
  lines.select('.name').text(d => d.label);
  lines.select('.weight').text(d => row[d.unit].toFixed(2));
  lines.select('.bar').style('width', d => `${100 * row[d.unit]}%`);
  lines.select('.mean').text(d => mean[d.unit].toFixed(2));
}

export async function drawSentence(state, request, change) {
  const turn = ++drawn;
  const {word, layer, head, reading} = state;
  const part = reading.units.length > WHOLE ? {from: word, rows: 1} : {};
  const [map, means] = await Promise.all([
    ask('attention', {...request, layer, head, ...part}), ask('attention', {...request, ...part})]);
  if (turn !== drawn) return;
  const row = map.weights[word - map.from];
  const units = reading.units.map((unit, i) => ({...unit, unit: i}))
    .filter(d => !state.hide || !d.special);
  const box = drawWords(state, units, row, change);
  drawArcs(box, state, units, row);
  drawBars(units, row, means.weights[word - means.from]);
  badge('sentence-evidence', question(state, request, 'raw'), () => change({view: 'evidence', method: 'raw'}));
  const best = reading.best[word];
  const key = state.selective ? best.key
    : d3.greatest(units, d => row[d.unit])?.unit ?? word;
  document.getElementById('heading').textContent =
    `“${reading.units[word].label}” → “${reading.units[key].label}” `
    + `${row[key].toFixed(2)} in layer ${layer}, head ${head}`;
  const hidden = d3.sum(reading.units, (d, i) => (state.hide && d.special ? row[i] : 0));
  document.getElementById('note').textContent =
    (state.selective
      ? `The most selective of all ${reading.layers * reading.heads} heads for this word: `
        + `${best.selectivity.toFixed(2)} more than place and target explain. The best case, not the rule. `
      : '')
    + (state.hide ? `Hidden special tokens get ${hidden.toFixed(2)}; nothing is renormalised.` : '');
}
