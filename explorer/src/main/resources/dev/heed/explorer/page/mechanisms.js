// Every mechanism of the catalogue: what it looks at in the text, what it costs; and masks, composed.
import {ask, follow, get} from './api.js';

const byId = id => document.getElementById(id);
const CELL = {least: 4, most: 16, side: 420};
const MASKS = {
  full: ['every pair', []],
  causal: ['causal', []],
  window: ['window', [['before', 16, 0], ['after', 16, 0]]],
  dilated: ['dilated window', [['before', 8, 0], ['after', 8, 0], ['gap', 4, 1]]],
  first: ['first keys', [['keys', 8, 0]]],
  chunks: ['chunks', [['size', 32, 1]]],
  global: ['global tokens', [['one of', 64, 1]]],
  documents: ['documents', [['count', 4, 1]]],
};
const JOINS = {and: 'and', or: 'or', 'and-not': 'and not'};
const WELL_KNOWN = [
  ['Causal', [['causal']]],
  ['Sliding window', [['window', 32, 0]]],
  ['Longformer', [['window', 16, 16], ['or', 'global', 64]]],
  ['Causal Longformer', [['window', 32, 0], ['or', 'global', 64], ['and', 'causal']]],
  ['Sinks and window', [['window', 32, 0], ['or', 'first', 4], ['and', 'causal']]],
  ['Packed documents', [['documents', 4], ['and', 'causal']]],
];
const EXACTNESS = {
  exact: 'softmax over all keys, exactly',
  some_keys: 'softmax over some of the keys',
  approximate: 'an approximation of the softmax',
  other_scores: 'a softmax over other scores',
  no_softmax: 'no softmax at all',
};
let catalogue = null;
let turn = 0;
let running = null;

function options(select, values, chosen) {
  d3.select(select).selectAll('option').data(values).join('option')
    .attr('value', d => d[0]).text(d => d[1]);
  select.value = chosen;
}

function number(id) {
  const input = byId(id);
  const value = Math.round(Number(input.value));
  return Math.min(Number(input.max), Math.max(Number(input.min), Number.isFinite(value) ? value : 1));
}

/** A matrix on a canvas; the largest cell is the darkest. */
function paint(canvas, cells, colour = weight => weight) {
  const size = cells.length;
  const scale = Math.max(CELL.least, Math.min(CELL.most, Math.floor(CELL.side / size)));
  canvas.width = size * scale;
  canvas.height = size * scale;
  const context = canvas.getContext('2d');
  const most = d3.max(cells, row => d3.max(row)) || 1;
  context.fillStyle = getComputedStyle(canvas).color;
  cells.forEach((row, i) => row.forEach((weight, j) => {
    context.globalAlpha = Math.sqrt(Math.max(0, colour(weight)) / most);
    context.fillRect(j * scale, i * scale, scale > 6 ? scale - 1 : scale, scale > 6 ? scale - 1 : scale);
  }));
  return scale;
}

function drawMaps(answer) {
  const figures = d3.select('#mechanism-maps').selectAll('figure').data(answer.maps).join(enter => {
    const figure = enter.append('figure');
    figure.append('figcaption');
    figure.append('canvas').attr('role', 'img');
    figure.append('p').attr('class', 'hint cell').attr('aria-live', 'polite');
    figure.append('p').attr('class', 'hint about');
    return figure;
  });
  const entry = d => catalogue.find(one => one.name === d.name);
  figures.select('figcaption').text(d => entry(d).title);
  figures.select('.about').text(d => {
    const {growth, exactness} = entry(d);
    const kind = d.kind === 'weights'
      ? 'Shown: the mean of its heads’ weights.'
      : 'Shown: influence, how far each output (row) moves as a token (column) is scaled.';
    const own = d.taken.length ? `${d.taken.length} parameters are the layer’s own.` : 'None of the layer’s parameters fits; all are drawn, seed 1.';
    return `${growth}; ${EXACTNESS[exactness]}; ${d.causal ? 'sees what is before' : 'looks both ways'}. ${kind} ${own}`;
  });
  figures.select('canvas').each(function (d) {
    const scale = paint(this, d.cells);
    this.setAttribute('aria-label', `map of ${entry(d).title} over ${answer.length} tokens`);
    const cell = this.parentNode.querySelector('.cell');
    cell.textContent = 'Point at a cell for its number.';
    this.onmousemove = event => {
      const column = Math.floor(event.offsetX * this.width / this.clientWidth / scale);
      const row = Math.floor(event.offsetY * this.height / this.clientHeight / scale);
      const value = d.cells[row]?.[column];
      if (value !== undefined) {
        cell.textContent = `${row} “${answer.labels[row]}” ← ${column} “${answer.labels[column]}”: ${value.toPrecision(3)}`;
      }
    };
  });
  byId('mechanism-likeness').textContent = answer.likeness === null ? ''
    : `Outputs of both for the same tokens: mean cosine ${answer.likeness.toFixed(3)}.`;
}

async function drawPair(state, request) {
  const mine = ++turn;
  const names = [byId('mechanism-one').value, byId('mechanism-two').value].filter(name => name);
  const note = byId('mechanism-note');
  try {
    const answer = await ask('mechanism', {
      model: request.model, text: request.text, names, layer: state.layer,
      length: number('mechanism-length'), causal: byId('mechanism-causal').checked,
      window: number('mechanism-window'), block: number('mechanism-block'),
    });
    if (mine !== turn) return;
    note.textContent = `On what enters layer ${answer.layer} as ${request.model} reads the text above, `
      + `${answer.length} tokens (a shorter text is read again and again).`;
    drawMaps(answer);
  } catch (e) {
    if (mine === turn) note.textContent = e.message;
  }
}

/** Curves of seconds over lengths, both by powers. */
function drawCost(costs) {
  const width = 520;
  const height = 260;
  const margin = {left: 64, right: 150, top: 12, bottom: 36};
  const svg = d3.select('#mechanism-curves').attr('viewBox', `0 0 ${width} ${height}`);
  const all = costs.costs.flatMap(cost => cost.seconds);
  const x = d3.scaleLog().base(2).domain(d3.extent(costs.lengths)).range([margin.left, width - margin.right]);
  const y = d3.scaleLog().domain(d3.extent(all)).nice().range([height - margin.bottom, margin.top]);
  svg.selectAll('g.x').data([0]).join('g').attr('class', 'x axis')
    .attr('transform', `translate(0,${height - margin.bottom})`)
    .call(d3.axisBottom(x).tickValues(costs.lengths).tickFormat(d3.format('d')));
  svg.selectAll('g.y').data([0]).join('g').attr('class', 'y axis')
    .attr('transform', `translate(${margin.left},0)`)
    .call(d3.axisLeft(y).tickValues(y.ticks().filter(s => /^[125]/.test(s.toExponential()))).tickFormat(s => (s < 1 ? `${+(1000 * s).toPrecision(2)} ms` : `${+s.toPrecision(2)} s`)));
  const line = d3.line().x((s, i) => x(costs.lengths[i])).y(s => y(s));
  svg.selectAll('path.curve').data(costs.costs).join('path')
    .attr('class', (d, i) => `curve c${i}`).attr('d', d => line(d.seconds));
  const dots = costs.costs.flatMap((cost, c) => cost.seconds.map((s, i) => ({c, s, length: costs.lengths[i]})));
  svg.selectAll('circle').data(dots).join('circle').attr('class', d => `c${d.c}`)
    .attr('r', 3.5).attr('cx', d => x(d.length)).attr('cy', d => y(d.s));
  const last = costs.costs.map(cost => y(cost.seconds.at(-1)));
  const apart = last.length > 1 && Math.abs(last[0] - last[1]) < 16 ? (last[0] <= last[1] ? -8 : 8) : 0;
  svg.selectAll('text.name').data(costs.costs).join('text').attr('class', (d, i) => `name c${i}`)
    .attr('x', d => x(costs.lengths[d.seconds.length - 1]) + 8)
    .attr('y', (d, i) => last[i] + 4 + (i === 0 ? apart : -apart))
    .text(d => `${d.name} ${d.growth}`);
  byId('mechanism-cost-note').textContent =
    `Measured now on this machine: vectors of ${costs.size} in ${costs.heads} heads, one text, medians of ${costs.rounds} rounds in turn. `
    + costs.costs.map(cost => `${cost.name}: ${(1000 * cost.seconds.at(-1)).toPrecision(3)} ms at ${costs.lengths[cost.seconds.length - 1]}`).join('; ') + '.';
}

async function watch(progress, note, work) {
  running?.abort();
  running = new AbortController();
  const bar = byId(progress);
  bar.hidden = false;
  bar.value = 0;
  try {
    return await work({signal: running.signal, onProgress: (done, of) => Object.assign(bar, {max: of, value: done})});
  } catch (e) {
    if (e.name !== 'AbortError') byId(note).textContent = e.message;
    return null;
  } finally {
    bar.hidden = true;
  }
}

async function measureCost() {
  const names = [byId('mechanism-one').value, byId('mechanism-two').value].filter(name => name);
  const causal = byId('mechanism-causal').checked;
  const costs = await watch('mechanism-progress', 'mechanism-cost-note',
    told => follow('mechanism-cost', {names, causal}, told));
  if (costs !== null) drawCost(costs);
}

// The playground of masks. A term: {join, mask, numbers}.
const term = words => {
  const join = JOINS[words[0]] === undefined ? [] : [words[0]];
  const [mask, ...numbers] = words.slice(join.length);
  return {join: join[0] ?? 'and', mask, numbers};
};
let terms = WELL_KNOWN[3][1].map(term);
const maskRequest = () => ({
  length: number('mask-length'),
  terms: terms.map(({join, mask, numbers}, i) => (i === 0 ? {mask, numbers} : {join, mask, numbers})),
});

export const masks = {
  toText: () => terms.map(t => [t.join, t.mask, ...t.numbers].join('.')).join(' '),
  fromText(text) {
    const found = text.split(' ').slice(0, 8).map(part => part.split('.'))
      .filter(([join, mask, ...numbers]) => JOINS[join] && MASKS[mask]
        && numbers.length === MASKS[mask][1].length && numbers.every(n => /^\d{1,4}$/.test(n)))
      .map(([join, mask, ...numbers]) => ({join, mask, numbers: numbers.map(Number)}));
    if (found.length) terms = found;
  },
};

function drawTerms(changed) {
  const lines = d3.select('#mask-terms').selectAll('li').data(terms).join(enter => {
    const line = enter.append('li').attr('class', 'row');
    line.append('select').attr('class', 'join').attr('aria-label', 'joined by');
    line.append('select').attr('class', 'mask').attr('aria-label', 'mask');
    line.append('span').attr('class', 'numbers row');
    line.append('button').attr('type', 'button').attr('class', 'remove').attr('aria-label', 'remove').text('✕');
    return line;
  });
  lines.each(function (d, i) {
    const join = this.querySelector('.join');
    options(join, Object.entries(JOINS), d.join);
    join.hidden = i === 0;
    join.onchange = () => { d.join = join.value; changed(); };
    const mask = this.querySelector('.mask');
    options(mask, Object.entries(MASKS).map(([name, [title]]) => [name, title]), d.mask);
    mask.onchange = () => {
      Object.assign(d, {mask: mask.value, numbers: MASKS[mask.value][1].map(([, usual]) => usual)});
      changed();
    };
    const remove = this.querySelector('.remove');
    remove.hidden = terms.length === 1;
    remove.onclick = () => { terms.splice(i, 1); changed(); };
    const inputs = d3.select(this).select('.numbers').selectAll('label').data(MASKS[d.mask][1]).join(enter => {
      const label = enter.append('label');
      label.append('span');
      label.append('input').attr('type', 'number').attr('max', 4096);
      return label;
    });
    inputs.select('span').text(([name]) => `${name} `);
    inputs.select('input').attr('min', ([, , least]) => least).each(function (field, n) {
      this.value = d.numbers[n];
      this.onchange = () => {
        d.numbers[n] = Math.min(number('mask-length'), Math.max(field[2], Math.round(Number(this.value)) || 0));
        changed();
      };
    });
  });
}

const SHADES = {'.': 0, '+': 0.35, '#': 1};
let maskTurn = 0;
let timed = '';

async function drawMask() {
  const mine = ++maskTurn;
  try {
    const mask = await ask('mask', maskRequest());
    if (mine !== maskTurn) return;
    const canvas = byId('mask-picture');
    paint(canvas, mask.rows.map(row => [...row].map(sign => SHADES[sign])));
    canvas.setAttribute('aria-label', `the mask over ${mask.length} tokens: ${(100 * mask.share).toFixed(1)} % of the pairs`);
    const {full, partial, empty, queries, keys} = mask.tiles;
    const all = full + partial + empty;
    byId('mask-share').textContent = `${(100 * mask.share).toFixed(1)} %`;
    byId('mask-skipped').textContent = `${empty} of ${all}`;
    byId('mask-note').textContent =
      `${mask.allowed.toLocaleString('en')} of ${(mask.length ** 2).toLocaleString('en')} pairs. The kernel cuts the plane into tiles of ${queries} queries × ${keys} keys: `
      + `${full} are full and need no test, ${partial} are tested pair by pair, ${empty} are skipped (${(100 * empty / all).toFixed(0)} %).`
      + (mask.length > mask.side ? ' Pale cells of the picture hold some pairs.' : '');
    const drawn = JSON.stringify(maskRequest());
    if (drawn !== timed) {
      byId('mask-speed').textContent = '—';
      byId('mask-speed-note').textContent = 'Not measured yet.';
    }
  } catch (e) {
    if (mine === maskTurn) byId('mask-note').textContent = e.message;
  }
}

async function measureMask() {
  const asked = maskRequest();
  const speed = await watch('mask-progress', 'mask-speed-note', told => follow('mask-speed', asked, told));
  if (speed === null) return;
  timed = JSON.stringify(asked);
  byId('mask-speed').textContent = `${speed.ratio.toFixed(1)} ×`;
  byId('mask-speed-note').textContent =
    `As fast as without a mask: ${(1000 * speed.masked).toPrecision(3)} ms against ${(1000 * speed.full).toPrecision(3)} ms, `
    + `${speed.heads} heads of ${speed.size}, medians of ${speed.rounds} rounds in turn, measured now.`;
}

function listen(state, request, change) {
  const again = () => drawPair(state, request);
  for (const id of ['one', 'two', 'length', 'causal', 'window', 'block']) byId(`mechanism-${id}`).onchange = again;
  byId('mechanism-measure').onclick = measureCost;
  const changed = () => { drawTerms(changed); drawMask(); change({}); };
  byId('mask-length').onchange = changed;
  byId('mask-add').onclick = () => {
    if (terms.length < 8) terms.push({join: 'and', mask: 'causal', numbers: []});
    changed();
  };
  byId('mask-measure').onclick = measureMask;
  d3.select('#mask-known').selectAll('button').data(WELL_KNOWN).join('button').attr('type', 'button')
    .text(d => d[0]).on('click', (event, d) => { terms = d[1].map(term); changed(); });
  drawTerms(changed);
}

let begun = false;

export async function drawMechanisms(state, request, change) {
  catalogue ??= (await get('mechanisms')).mechanisms;
  if (!begun) {
    const all = catalogue.map(entry => [entry.name, entry.title]);
    options(byId('mechanism-one'), all, 'full-attention');
    options(byId('mechanism-two'), [['', 'nothing'], ...all], 'sliding-window');
    begun = true;
  }
  listen(state, request, change);
  await Promise.all([drawPair(state, request), drawMask()]);
}
