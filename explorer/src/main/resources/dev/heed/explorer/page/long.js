// A text of thousands of tokens: its map from afar, and every weight of it from near.
import {ask, floats, follow, forget} from './api.js';
import {badge, noBadge} from './evidence.js';
import {TileMap, shade} from './canvas.js';
import {visible} from './tokens.js';

const AROUND = 36;
const NEAR = 14;
const EXAMPLE_WORDS = 6000;
const field = id => document.getElementById(id);
let map = null;
let turn = 0;
let running = null;
let tokens = [];

/** A long story that is made of a few parts, with names that come back. */
function example() {
  const names = ['Sarah', 'Tom', 'Mary', 'Jack', 'Anna', 'Peter'];
  const places = ['bank of the river', 'old station', 'garden behind the house', 'street', 'harbour', 'school'];
  const things = ['a letter', 'a small key', 'the map', 'an apple', 'a lamp', 'the red book'];
  const parts = [
    (a, b, p, t) => `${a} met ${b} at the ${p} and gave away ${t}, because it was too heavy to carry.`,
    (a, b, p, t) => `When ${b} came back to the ${p}, ${t} was gone, and nobody but ${a} knew why.`,
    (a, b, p, t) => `“Did you see ${t}?” asked ${a}. “Not since we left the ${p},” said ${b}.`,
    (a, b, p, t) => `It rained all night at the ${p}; in the morning ${a} found ${t} where ${b} had hidden it.`,
  ];
  const random = d3.randomLcg(0.42);
  const any = of => of[Math.floor(random() * of.length)];
  const sentences = [];
  for (let words = 0; words < EXAMPLE_WORDS; words += sentences.at(-1).split(' ').length) {
    sentences.push(any(parts)(any(names), any(names), any(places), any(things)));
  }
  return sentences.join(' ');
}

/** What stands around a token. */
function around(read, i) {
  const {starts, ends, text, special} = read;
  if (special[i] !== undefined) return {before: '', word: special[i], after: ''};
  const clean = part => visible(part);
  return {
    before: clean((starts[i] > AROUND ? '…' : '') + text.slice(Math.max(0, starts[i] - AROUND), starts[i])),
    word: clean(text.slice(starts[i], ends[i])) || '␣',
    after: clean(text.slice(ends[i], ends[i] + AROUND)) + (ends[i] + AROUND < text.length ? '…' : ''),
  };
}

function drawModels(models) {
  field('long-models').textContent = models.filter(model => model.senses.reads)
    .map(model => (model.far.tokens > 0
      ? `${model.name} reads ${model.far.tokens.toLocaleString('en')} tokens`
      : `${model.name} reads none: ${model.far.why}`)).join(' · ');
}

function drawScale(pool, size) {
  const ends = pool === 'max' ? ['0.0001', '0.01', '1'] : ['1/100 of even', 'even', '100 times'];
  d3.select('#long-scale').selectAll('span').data(ends).join('span').text(d => d);
  const weights = pool === 'max' ? [1e-4, 1e-2, 1] : [0.01 / size, 1 / size, 100 / size];
  field('long-shade').style.setProperty('--middle', `${100 * shade(weights[1], pool, size)}%`);
}

function drawCell(read, pool, at) {
  const cell = field('long-cell');
  if (at === null) {
    cell.textContent = '';
    return;
  }
  const {row, column, block, weight} = at;
  const last = first => Math.min(tokens.length, first + block) - 1;
  const name = first => (block === 1 ? `“${tokens[first]}” (${first})` : `${first}–${last(first)}`);
  const what = block === 1 ? '' : pool === 'max' ? 'at most ' : 'on average ';
  cell.textContent = `${name(row)} → ${name(column)}: `
    + (weight === null ? '…' : `${what}${weight === 0 ? '0' : weight >= 0.001 ? weight.toFixed(4) : weight.toExponential(1)}`);
}

async function drawRow(read, state, model, layer, head) {
  const query = state.more.pick === undefined ? null : Number(state.more.pick);
  const valid = query !== null && query < tokens.length;
  map.picked = valid ? query : null;
  map.drawSoon();
  field('long-row').hidden = !valid;
  drawBadge(state, model, layer, head, valid ? query : null);
  if (!valid) return;
  const mine = turn;
  const row = await ask('long-row', {id: read.id, layer, head, query});
  if (mine !== turn) return;
  const part = around(read, query);
  d3.select('#long-query').selectAll('span').data(['before', 'word', 'after']).join('span')
    .attr('class', d => d).text(d => part[d]);
  field('long-row-heading').textContent = `Token ${query.toLocaleString('en')} attends to`;
  const lines = d3.select('#long-keys').selectAll('li').data(row.keys).join(enter => {
    const button = enter.append('li').append('button').attr('type', 'button');
    for (const name of ['weight', 'bar', 'context']) button.append('span').attr('class', name);
    for (const name of ['before', 'word', 'after']) button.select('.context').append('span').attr('class', name);
    return button.select(function () { return this.parentNode; });
  });
  const most = row.keys[0]?.weight || 1;
  lines.select('button')
    .attr('aria-label', d => `${tokens[d.key]}, token ${d.key}, ${d.weight.toFixed(4)}: look at it`)
    .on('click', (event, d) => map.go({row: query, column: d.key, scale: NEAR}));
  lines.select('.weight').text(d => d.weight.toFixed(4));
  lines.select('.bar').style('--long', d => `${100 * d.weight / most}%`);
  for (const name of ['before', 'word', 'after']) {
    lines.select(`.context .${name}`).text(d => around(read, d.key)[name]);
  }
  field('long-rest').textContent =
    `${row.rest.toFixed(4)} goes to the other ${(tokens.length - row.keys.length).toLocaleString('en')} tokens.`;
}

function drawBadge(state, {longest, name}, layer, head, query) {
  if (tokens.length > longest) {
    noBadge('long-evidence', `not measured: gradients need every weight at once, which ${name} has for ${longest.toLocaleString('en')} tokens at most`);
  } else if (query === null) {
    noBadge('long-evidence', 'measured for the token that you choose');
  } else {
    badge('long-evidence', {model: state.model, text: state.text, pieces: true, method: 'raw', layer, head, word: query});
  }
}

/** Reads, and tells how far it is. */
async function readLong(state, signal) {
  const busy = field('long-progress');
  busy.hidden = false;
  busy.removeAttribute('value');
  try {
    return await follow('long', {model: state.model, text: state.text}, {signal,
      onProgress: (done, of) => Object.assign(busy, {max: of, value: done})});
  } finally {
    if (!signal.aborted) busy.hidden = true;
  }
}

function listen(state, change) {
  field('long-example').onclick = () => change({text: example(), more: {}});
  field('long-file').onchange = async event => {
    const [file] = event.target.files;
    if (file) change({text: await file.text(), more: {}});
  };
  const choice = name => event => change({more: {...state.more, [name]: event.target.value}});
  field('long-layer').onchange = choice('al');
  field('long-head').onchange = choice('ah');
  field('long-pool').onchange = choice('pool');
  field('long-in').onclick = () => map.scale(2);
  field('long-out').onclick = () => map.scale(0.5);
  field('long-whole').onclick = () => map.go(null);
}

function options(id, count, chosen) {
  d3.select(`#${id}`).selectAll('option').data(d3.range(count)).join('option').attr('value', d => d).text(d => d);
  field(id).value = chosen;
}

/** Ends what is still computed for this view. */
export function leaveLong() {
  running?.abort();
  map?.stop();
}

export async function drawLong(state, request, change, senses, {models, keepAddress}) {
  const mine = ++turn;
  running?.abort();
  running = new AbortController();
  const {signal} = running;
  const model = models.find(one => one.name === state.model);
  drawModels(models);
  listen(state, change);
  if (model.far.tokens === 0) throw new Error(`${model.name}: ${model.far.why}`);
  let read;
  try {
    read = await readLong(state, signal);
  } catch (e) {
    if (e.name === 'AbortError') return;
    throw e;
  }
  if (mine !== turn) return;
  tokens = read.starts.map((start, i) => read.special[i] ?? (visible(read.text.slice(start, read.ends[i])) || '␣'));
  const number = (name, most) => Math.min(most - 1, Number(state.more[name] ?? 0));
  const layer = number('al', read.layers);
  const head = number('ah', read.heads);
  const pool = state.more.pool === 'mean' ? 'mean' : 'max';
  options('long-layer', read.layers, layer);
  options('long-head', read.heads, head);
  field('long-pool').value = pool;
  field('long-heading').textContent = `${tokens.length.toLocaleString('en')} tokens, layer ${layer}, head ${head}`;
  field('long-cut').textContent = read.cut ? `${state.model} reads only the beginning of this text.` : '';
  drawScale(pool, tokens.length);
  const told = {
    at: at => drawCell(read, pool, at),
    picked: query => change({more: {...state.more, pick: String(query)}}),
    moved: place => {
      if (place === null) delete state.more.zoom;
      else state.more.zoom = `${place.row},${place.column},${place.scale}`;
      keepAddress();
    },
    waiting: count => field('long-map').setAttribute('aria-busy', String(count > 0)),
    wrong: e => {
      if (e.code === 'no_such_reading') {
        forget('long', {model: state.model, text: state.text});
        change({});
      } else {
        field('long-cell').textContent = e.message;
      }
    },
  };
  map ??= new TileMap(field('long-map'), told);
  map.told = told;
  const [row, column, scale] = (state.more.zoom ?? '').split(',').map(Number);
  const source = {
    of: read.id, pool, key: [read.id, layer, head, pool].join(),
    tile: (level, r, c, stop) => floats('long-tile', {id: read.id, layer, head, level, row: r, column: c, pool}, stop),
  };
  map.show(tokens.length, source, tokens, scale > 0 ? {row, column, scale} : null);
  await drawRow(read, state, model, layer, head);
}
