// A decoder writes; any of its tokens is looked into.
import {ask} from './api.js';
import {badge, noBadge} from './evidence.js';
import {named, percent, visible} from './tokens.js';

const LEAST_SHADE = 0.005;
const PACE = 900;
const field = id => document.getElementById(id);

// What was written, for which model and text, and which token is looked at.
const shown = {key: '', text: null, at: 0, playing: 0, turn: 0};

function stop() {
  clearInterval(shown.playing);
  shown.playing = 0;
  field('writing-play').setAttribute('aria-pressed', 'false');
}

function drawText(looks, state, go) {
  const {tokens, prompt} = shown.text;
  const weights = looks[Math.min(state.layer, looks.length - 1)]?.[state.head] ?? [];
  const buttons = d3.select('#writing-text').selectAll('button').data(tokens).join('button')
    .attr('type', 'button')
    .attr('data-token', (d, i) => i)
    .attr('tabindex', (d, i) => (i === shown.at ? 0 : -1))
    .attr('aria-pressed', (d, i) => String(i === shown.at))
    .attr('aria-label', (d, i) => `token ${i}: ${visible(d.text)}`
      + (i < weights.length ? `, looked at with ${weights[i].toFixed(2)}` : ''))
    .attr('title', d => (d.probability === null ? 'given' : `written with ${percent(d.probability)}`))
    .classed('written', (d, i) => i >= prompt)
    .classed('later', (d, i) => i > shown.at)
    .text(d => visible(d.text))
    .on('click', (event, d) => { stop(); go(tokens.indexOf(d)); })
    .on('keydown', (event, d) => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      const next = tokens.indexOf(d) + (step ?? 0);
      if (step && next > 0 && next < tokens.length) {
        event.preventDefault();
        stop();
        go(next, true);
      }
    });
  buttons.style('--share', (d, i) =>
    (weights[i] >= LEAST_SHADE ? `${(80 * Math.sqrt(weights[i])).toFixed(1)}%` : '0%'));
  buttons.style('--sure', d => `${Math.round(30 + 70 * (d.probability ?? 0))}%`);
}

function drawCandidates(next, choose) {
  const own = shown.text.tokens[shown.at];
  const lines = d3.select('#writing-candidates').selectAll('li').data(next.candidates).join(enter => {
    const line = enter.append('li');
    const button = line.append('button').attr('type', 'button');
    for (const name of ['token', 'bar', 'share']) button.append('span').attr('class', name);
    return line;
  });
  lines.select('button').attr('aria-pressed', d => String(d.id === own.id))
    .on('click', (event, d) => choose(d));
  lines.select('.token').text(d => named(d.text));
  lines.select('.bar').style('--long', d => `${(100 * d.probability).toFixed(1)}%`);
  lines.select('.share').text(d => percent(d.probability));
}

function drawLens(lens) {
  const final = lens.at(-1)?.top[0]?.text ?? '';
  const lines = d3.select('#writing-lens tbody').selectAll('tr')
    .data(lens.map((layer, i) => ({...layer, i})).reverse()).join(enter => {
      const line = enter.append('tr');
      for (const name of ['depth', 'top', 'final']) line.append('td').attr('class', name);
      return line;
    });
  lines.select('.depth').text(d => (d.i === 0 ? 'embedding' : `layer ${d.i - 1}`));
  lines.select('.top').selectAll('span').data(d => d.top.slice(0, 3)).join('span')
    .classed('same', d => d.text === final)
    .style('--share', d => `${(70 * d.probability).toFixed(1)}%`)
    .attr('title', d => percent(d.probability))
    .text(d => named(d.text));
  lines.select('.final').text(d => `${percent(d.probability)}, place ${d.rank + 1}`);
}

/** How many tokens back a head looks on average. */
const reach = weights => d3.sum(weights, (w, i) => w * (weights.length - 1 - i)) / (d3.sum(weights) || 1);

function paint(canvas, weights) {
  canvas.width = weights.length;
  canvas.height = 1;
  const context = canvas.getContext('2d');
  const {r, g, b} = d3.rgb(getComputedStyle(canvas).color);
  const image = context.createImageData(weights.length, 1);
  weights.forEach((weight, i) => image.data.set([r, g, b, Math.round(255 * Math.sqrt(weight))], 4 * i));
  context.putImageData(image, 0, 0);
}

function drawHeads(looks, state, change) {
  const cells = looks.flatMap((heads, layer) => heads.map((weights, head) => ({layer, head, weights})));
  const grid = d3.select('#writing-heads')
    .style('grid-template-columns', `repeat(${d3.max(looks, heads => heads.length) ?? 1}, minmax(6.5rem, 1fr))`);
  const buttons = grid.selectAll('button').data(cells).join(enter => {
    const button = enter.append('button').attr('type', 'button');
    button.append('span').attr('class', 'name');
    button.append('canvas');
    button.append('span').attr('class', 'first');
    button.append('span').attr('class', 'reach');
    return button;
  });
  buttons
    .attr('aria-pressed', d => String(d.layer === state.layer && d.head === state.head))
    .attr('aria-label', d => `layer ${d.layer}, head ${d.head}: first ${d.weights[0].toFixed(2)}, reach ${reach(d.weights).toFixed(1)}`)
    .on('click', (event, d) => change({selective: false, layer: d.layer, head: d.head}));
  buttons.select('.name').text(d => `${d.layer}.${d.head}`);
  buttons.select('canvas').each(function (d) { paint(this, d.weights); });
  buttons.select('.first').text(d => `first ${d.weights[0].toFixed(2)}`);
  buttons.select('.reach').text(d => `reach ${reach(d.weights).toFixed(1)}`);
}

function drawCache(cache) {
  const lines = d3.select('#writing-cache tbody').selectAll('tr').data(cache).join(enter => {
    const line = enter.append('tr');
    for (const name of ['name', 'kept', 'taken', 'bytes']) line.append('td').attr('class', name);
    return line;
  });
  const fixed = d => d.taken === 0;
  lines.select('.name').text(d => d.name);
  lines.select('.kept').text(d => (fixed(d) ? 'a state of fixed size' : d.kept));
  lines.select('.taken').text(d => (fixed(d) ? '' : d.taken));
  lines.select('.bytes').text(d => d.bytes.toLocaleString('en'));
  const all = d3.sum(cache, d => d.bytes);
  const grows = d3.sum(cache.filter(d => d.kept > 0 && d.kept === d.taken), d => d.bytes / d.kept);
  field('writing-cache-sum').textContent =
    `${all.toLocaleString('en')} bytes for ${shown.at} tokens; each further token takes `
    + `${grows.toLocaleString('en')} more`
    + (cache.some(d => d.kept < d.taken) ? ', but where a window is full.' : '.');
}

async function look(state, change) {
  const turn = ++shown.turn;
  const {tokens, prompt} = shown.text;
  const ids = tokens.slice(0, shown.at).map(token => token.id);
  const next = await ask('next', {model: state.model, ids});
  if (turn !== shown.turn) return;
  const go = (at, focus = false) => {
    shown.at = at;
    return look(state, change).then(() => {
      if (focus) field('writing-text').querySelector(`[data-token="${at}"]`)?.focus();
    });
  };
  const own = tokens[shown.at];
  const best = next.candidates[0];
  field('writing-heading').textContent =
    `Token ${shown.at}, “${named(own.text)}”, was ${shown.at < prompt ? 'given' : 'written'}: `
    + (own.id === best.id ? `the likeliest, ${percent(best.probability)}`
      : `“${named(best.text)}” was likeliest, ${percent(best.probability)}`);
  drawText(next.looks, state, go);
  const layer = Math.min(state.layer, next.looks.length - 1);
  if (ids.length < 2 || layer < 0) noBadge('writing-evidence', 'there is nothing to look back at yet');
  else badge('writing-evidence', {model: state.model, ids, method: 'raw', layer, head: state.head});
  drawCandidates(next, candidate => write(state, change, {ids: [...ids, candidate.id]}, shown.at));
  drawLens(next.lens);
  drawHeads(next.looks, state, change);
  drawCache(next.cache);
  field('writing-back').disabled = shown.at <= 1;
  field('writing-on').disabled = shown.at >= tokens.length - 1;
  field('writing-back').onclick = () => { stop(); go(shown.at - 1); };
  field('writing-on').onclick = () => { stop(); go(shown.at + 1); };
  field('writing-play').onclick = () => {
    if (shown.playing) return stop();
    field('writing-play').setAttribute('aria-pressed', 'true');
    if (shown.at >= tokens.length - 1) go(Math.max(1, prompt));
    shown.playing = setInterval(() => (shown.at < shown.text.tokens.length - 1 ? go(shown.at + 1) : stop()), PACE);
    return undefined;
  };
}

async function write(state, change, from, at = null) {
  stop();
  const tokens = Math.max(1, Math.min(256, Number(field('writing-count').value) || 40));
  const text = await ask('write', {model: state.model, ...from, tokens});
  if (text.tokens.length < 2) throw new Error('The model ended the text at once, after one token.');
  shown.text = text;
  shown.at = at ?? Math.min(Math.max(1, text.prompt), text.tokens.length - 1);
  return look(state, change);
}

export async function drawWriting(state, request, change) {
  field('writing-write').onclick = () => write(state, change, {text: state.text});
  const key = JSON.stringify([state.model, state.text]);
  if (key !== shown.key) {
    shown.key = key;
    await write(state, change, {text: state.text});
  } else {
    await look(state, change);
  }
}
