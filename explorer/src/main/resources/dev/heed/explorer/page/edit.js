// Attention changed by hand, and what the model says then.
import {ask} from './api.js';
import {noBadge} from './evidence.js';
import {named, percent, visible} from './tokens.js';

const ALL = 'all';
let turn = 0;
const field = id => document.getElementById(id);
const list = text => (text ? text.split(',') : []);

/** The same list with one thing more, or without it. */
const toggled = (all, one) => (all.includes(one) ? all.filter(other => other !== one) : [...all, one]);

function drawHeads(heads, state, change) {
  const off = list(state.more.off);
  const set = all => change({more: {...state.more, off: all.join(',')}});
  const widest = d3.max(heads);
  const lines = d3.select('#edit-heads').style('--heads', widest)
    .selectAll('div').data(heads.map((count, layer) => d3.range(count).map(head => `${layer}.${head}`)))
    .join(enter => {
      const line = enter.append('div').attr('class', 'layer');
      line.append('button').attr('type', 'button').attr('class', 'whole');
      return line;
    });
  lines.select('.whole').text((d, layer) => `layer ${layer}`).on('click', (event, own) =>
    set(own.every(one => off.includes(one)) ? off.filter(one => !own.includes(one))
      : [...new Set([...off, ...own])]));
  lines.selectAll('.head').data(own => own)
    .join('button').attr('type', 'button').attr('class', 'head')
    .attr('aria-pressed', d => String(off.includes(d)))
    .attr('aria-label', d => `head ${d} off`)
    .text(d => d.split('.')[1])
    .on('click', (event, d) => set(toggled(off, d)));
}

function drawTokens(edited, state, change) {
  const out = list(state.more.out);
  const most = d3.max(edited.changes) || 1;
  const buttons = d3.select('#edit-tokens').selectAll('button').data(edited.tokens).join('button')
    .attr('type', 'button')
    .attr('aria-pressed', (d, i) => String(out.includes(String(i))))
    .attr('aria-label', (d, i) => `${named(d)} knocked out; its vector changed by ${edited.changes[i].toFixed(3)}`)
    .attr('title', (d, i) => `1 − cosine: ${edited.changes[i].toFixed(4)}`)
    .text(visible)
    .on('click', (event, d) => {
      const i = buttons.nodes().indexOf(event.currentTarget);
      change({more: {...state.more, out: toggled(out, String(i)).join(',')}});
    });
  buttons.style('--share', (d, i) =>
    `${(70 * Math.sqrt(Math.max(0, edited.changes[i]) / Math.max(most, 0.05))).toFixed(1)}%`);
  const seers = d3.select('#edit-query').selectAll('option').data([ALL, ...d3.range(edited.tokens.length)])
    .join('option');
  seers.attr('value', d => d).text(d => (d === ALL ? 'all tokens' : `${d}: ${named(edited.tokens[d])}`));
  field('edit-query').value = state.more.seer ?? ALL;
  field('edit-query').onchange = event => change({
    more: {...state.more, seer: event.target.value === ALL ? '' : event.target.value}});
}

function drawOutcomes(edited, changed) {
  const lines = d3.select('#edit-outcomes tbody').selectAll('tr').data(edited.outcomes).join(enter => {
    const line = enter.append('tr');
    for (const name of ['name', 'before', 'after']) line.append('td').attr('class', name);
    const bars = line.append('td');
    bars.append('div').attr('class', 'bar was');
    bars.append('div').attr('class', 'bar');
    return line;
  });
  lines.select('.name').text(d => named(d.text));
  lines.select('.before').text(d => percent(d.before));
  lines.select('.after').text(d => percent(d.after));
  lines.select('.bar.was').style('width', d => `${100 * d.before}%`);
  lines.select('.bar:not(.was)').style('width', d => `${100 * d.after}%`);
  field('edit-outcomes').hidden = edited.kind === 'vectors';
  const says = {next: 'the next token', classes: 'the class', vectors: 'vectors'}[edited.kind];
  field('edit-similarity').textContent =
    (edited.kind === 'vectors' ? 'This model gives vectors. ' : `This model says ${says}. `)
    + `The mean of the tokens' last vectors has a cosine of ${edited.similarity.toFixed(3)} with what it was.`;
  const best = by => d3.greatest(edited.outcomes, d => d[by])?.text ?? '';
  field('edit-heading').textContent = changed === 0 ? 'Nothing is changed yet: switch off a head, or knock out a token'
    : edited.kind === 'vectors' ? `The text's vector keeps a cosine of ${edited.similarity.toFixed(3)}`
      : best('before') === best('after') ? `Still “${named(best('after'))}”`
        : `“${named(best('before'))}” becomes “${named(best('after'))}”`;
}

export function drawHeat(id, rows, columns, names) {
  const table = d3.select(id);
  table.selectAll('tr').remove();
  const head = table.append('tr');
  head.append('td');
  head.selectAll('th').data(columns).join('th').attr('scope', 'col').append('span').text(d => d);
  rows.forEach((values, row) => {
    const line = table.append('tr');
    line.append('th').attr('scope', 'row').text(names(row));
    line.selectAll('td').data(values).join('td')
      .style('--share', d => `${(85 * Math.min(1, Math.max(0, d))).toFixed(1)}%`)
      .attr('title', (d, i) => `${names(row)}, ${columns[i]}: ${d.toFixed(3)}`)
      .text(d => d.toFixed(2).replace('-0.00', '0.00'));
  });
}

async function patch(state, request) {
  const note = field('edit-patch-note');
  note.classList.remove('wrong');
  field('edit-patched').hidden = true;
  if (!state.more.other) {
    note.textContent = '';
    return;
  }
  note.textContent = 'Patching…';
  try {
    const found = await ask('patch', {model: request.model, text: request.text, other: state.more.other});
    note.textContent = found.kind === 'vectors'
      ? `The mean vectors of both have a cosine of ${found.similarity.toFixed(3)}. `
      + 'Shown: how far the other text\'s comes back, 0 not at all, 1 wholly.'
      : `Of this text the model says “${named(found.clean)}”, of the other “${named(found.corrupted)}”. `
      + 'Shown: how far it comes back, 0 not at all, 1 wholly.';
    const columns = found.tokens.map((token, i) => (token === found.others[i] ? named(token) : `${named(found.others[i])} → ${named(token)}`));
    drawHeat('#edit-positions', found.positions, columns, layer => `before layer ${layer}`);
    drawHeat('#edit-patched-heads', found.heads, d3.range(d3.max(found.heads, d => d.length)).map(d => `head ${d}`),
      layer => `layer ${layer}`);
    field('edit-patched').hidden = false;
  } catch (e) {
    note.textContent = e.message;
    note.classList.add('wrong');
  }
}

export async function drawEdit(state, request, change) {
  const own = ++turn;
  const off = list(state.more.off).map(one => {
    const [layer, head] = one.split('.').map(Number);
    return {layer, head};
  });
  const knockouts = list(state.more.out).map(key => ({
    key: Number(key), ...(state.more.seer ? {query: Number(state.more.seer)} : {})}));
  const edited = await ask('edit', {model: request.model, text: request.text, off, knockouts});
  if (own !== turn) return;
  drawHeads(edited.heads, state, change);
  drawTokens(edited, state, change);
  drawOutcomes(edited, off.length + knockouts.length);
  noBadge('edit-evidence', 'this is no map to be believed but a result: the model was run again with the change, and both runs are shown');
  field('edit-reset').disabled = off.length === 0;
  field('edit-reset').onclick = () => change({more: {...state.more, off: ''}});
  if (document.activeElement !== field('edit-other')) field('edit-other').value = state.more.other ?? '';
  const go = () => change({more: {...state.more, other: field('edit-other').value.trim()}});
  field('edit-patch').onclick = go;
  field('edit-other').onkeydown = event => { if (event.key === 'Enter') go(); };
  await patch(state, request);
}
