// What is written, and what it looked at: the words of a source, or the moments of a sound.
import {ask, send} from './api.js';
import {drawHeat} from './edit.js';
import {badge, noBadge} from './evidence.js';

const MEAN = 'mean';
const LEAST_LINE = 0.03;
const LEAST_SHARE = 0.4;
const ROW = 34;
const GAP = 190;
const LETTER = 8.6;
const PAD = 18;
const TABLE = 60;
const field = id => document.getElementById(id);
let turn = 0;
let hovered = null;

// Whose evidence is shown: a word of one target, whichever head is looked at.
let measured = {target: null, word: null};

/** Words side by side, in lines of their own width; far more moments than words shrink. */
function places(units, width) {
  const widths = units.map(unit => Math.max(2, unit.text.length) * LETTER + PAD);
  const all = d3.sum(widths);
  const scale = Math.min(1, width / all);
  const from = (width - all * scale) / 2;
  const ends = d3.cumsum(widths);
  return units.map((unit, i) => from + (ends[i] - widths[i] / 2) * scale);
}

function drawLines(found, keys, queries, sound) {
  const box = field('alignment-lines');
  const width = Math.max(box.clientWidth || 600, 300);
  const height = GAP + 2 * ROW;
  const svg = d3.select(box).attr('viewBox', `0 0 ${width} ${height}`).attr('height', height);
  const crowded = (units, x) => d3.sum(units, u => Math.max(2, u.text.length) * LETTER + PAD) > width;
  const above = sound ? keys.map((k, i) => (i + 0.5) * width / keys.length) : places(keys, width);
  const below = places(queries, width);
  // Of many moments each gets little: lines are relative to the strongest of their token.
  const most = queries.map(q => d3.max(keys, k => found.weights[q.at][k.at]) || 1);
  const strength = d => (sound ? 0.5 * d.weight / most[d.query] : d.weight);
  const lines = d3.cross(d3.range(queries.length), d3.range(keys.length))
    .map(([query, key]) => ({query, key, weight: found.weights[queries[query].at][keys[key].at]}))
    .filter(d => d.weight >= (sound ? LEAST_SHARE * most[d.query] : LEAST_LINE));
  const middle = ROW + GAP / 2;
  svg.selectAll('path').data(lines).join('path')
    .attr('d', d => `M${below[d.query]},${ROW + GAP}C${below[d.query]},${middle} ${above[d.key]},${middle} ${above[d.key]},${ROW + (sound ? 12 : 0)}`)
    .attr('stroke-width', d => 0.8 + 9 * strength(d))
    .attr('opacity', d => {
      const lit = hovered === null || (hovered.side === 'query' ? d.query : d.key) === hovered.at;
      return lit ? 0.2 + 0.8 * strength(d) : 0.03;
    });
  const side = (name, units, x, y) => {
    const tilt = crowded(units, x) && !(sound && name === 'key');
    const texts = svg.selectAll(`text.${name}`).data(units).join('text').attr('class', name)
      .attr('tabindex', 0)
      .attr('text-anchor', tilt ? (name === 'key' ? 'end' : 'start') : 'middle')
      .attr('transform', (d, i) => `translate(${x[i]},${y})${tilt ? 'rotate(60)' : ''}`)
      .text(d => (sound && name === 'key' && d.at % Math.ceil(keys.length / 12) ? '' : d.text));
    texts.on('mouseenter focus', (event, d) => {
      hovered = {side: name, at: units.indexOf(d)};
      drawLines(found, keys, queries, sound);
      if (name === 'query') found.measure(d.at);
    }).on('mouseleave blur', () => {
      hovered = null;
      drawLines(found, keys, queries, sound);
    });
  };
  side('key', keys, above, ROW - (sound ? 20 : 12));
  side('query', queries, below, ROW + GAP + 20);
  drawEnvelope(svg, found.envelope, width);
}

function drawEnvelope(svg, envelope, width) {
  const data = envelope ? [envelope] : [];
  const most = d3.max(envelope ?? []) || 1;
  svg.selectAll('polygon').data(data).join('polygon').lower()
    .attr('points', d => d.map((v, i) => `${i * width / d.length},${ROW - 10 * v / most}`)
      .concat(d.map((v, i) => `${i * width / d.length},${ROW + 10 * v / most}`).reverse()).join(' '));
}

function options(select, count, chosen, label) {
  d3.select(select).selectAll('option').data([MEAN, ...d3.range(count)]).join('option')
    .attr('value', d => d).text(d => (d === MEAN ? 'mean of all' : `${label} ${d}`));
  select.value = chosen;
}

async function asked(state, request, sound, file) {
  const number = name => (state.more[name] === undefined ? undefined : Number(state.more[name]));
  const values = {model: state.model, target: state.more.target, layer: number('al'), head: number('ah')};
  if (sound) return send('hear', file, values);
  return ask('align', JSON.parse(JSON.stringify({...values, text: request.text})));
}

export async function drawAlignment(state, request, change, senses) {
  const own = ++turn;
  const sound = senses.hears;
  const file = field('alignment-file').files[0];
  field('alignment-sound').hidden = !sound;
  field('alignment-write').hidden = sound;
  if (document.activeElement !== field('alignment-target')) field('alignment-target').value = state.more.target ?? '';
  const align = text => change({more: {...state.more, target: text}});
  field('alignment-read').onclick = () => align(field('alignment-target').value.trim());
  field('alignment-target').onkeydown = event => {
    if (event.key === 'Enter') align(event.target.value.trim());
  };
  field('alignment-write').onclick = () => align('');
  field('alignment-file').onchange = () => change({});
  field('alignment-special').onchange = () => change({});
  const choice = name => event => change({
    more: {...state.more, [name]: event.target.value === MEAN ? '' : event.target.value}});
  field('alignment-layer').onchange = choice('al');
  field('alignment-head').onchange = choice('ah');
  field('alignment-lines').style.display = sound && !file ? 'none' : '';
  if (sound && !file) {
    field('alignment-heading').textContent = 'Choose a sound, and say what is spoken in it';
    d3.select('#alignment-table').selectAll('tr').remove();
    return;
  }
  const found = await asked(state, request, sound, file);
  if (own !== turn) return;
  options(field('alignment-layer'), found.layers, state.more.al ?? MEAN, 'layer');
  options(field('alignment-head'), found.heads, state.more.ah ?? MEAN, 'head');
  const shown = units => units.map((unit, at) => ({...unit, at}))
    .filter(unit => !field('alignment-special').checked || !unit.special);
  const queries = shown(found.queries);
  const keys = shown(found.keys);
  hovered = null;
  const [layer, head] = [state.more.al, state.more.ah];
  const whole = 'measured for one head: choose a layer and a head, and stay with a word of the target';
  const target = JSON.stringify([state.model, request.text, found.target]);
  found.measure = word => {
    measured = {target, word};
    if (sound) noBadge('alignment-evidence', 'not measured: the measures take words away, and a sound has none');
    else if (layer === undefined || head === undefined || word === null) noBadge('alignment-evidence', whole);
    else {
      badge('alignment-evidence', {model: state.model, text: request.text, target: found.target,
        layer: Number(layer), head: Number(head), word}, null, 'evidence-across');
    }
  };
  found.measure(measured.target === target ? measured.word : null);
  drawLines(found, keys, queries, sound);
  field('alignment-heading').textContent = sound
    ? `${found.seconds.toFixed(1)} seconds, ${found.across ? 'as the model is made to write the target' : 'as the encoder attends to itself'}`
    : `“${found.target}”${found.written ? ', as the model writes it' : ''}`;
  if (keys.length <= TABLE && queries.length <= TABLE) {
    drawHeat('#alignment-table', queries.map(q => keys.map(k => found.weights[q.at][k.at])),
      keys.map(k => k.text), row => queries[row].text);
  } else {
    d3.select('#alignment-table').selectAll('tr').remove();
  }
}
