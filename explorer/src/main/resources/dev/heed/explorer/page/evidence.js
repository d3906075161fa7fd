// Whether a map is to be believed: what was measured, beside the map.
import {follow, get} from './api.js';

export const METHODS = ['raw', 'rollout', 'flow', 'gradient'];
const DWELL = 600;
const OUTCOMES = {
  word_vector: 'the vector that the model ends up with for this word; changes are 1 − cosine',
  next_token: 'the probabilities of the token after this one; changes are total variation, 0 to 1',
  classes: 'the probabilities of the classes; changes are total variation, 0 to 1',
};
const LEAST_AGREEMENT = 0.3;

/** Each measure: whether it speaks for the map (null where it cannot be taken), and in words. */
function measures(check) {
  const {agreement, removal, uniform, alternative} = check;
  return [
    {
      name: 'Agreement with gradients',
      speaks: agreement === null ? null : agreement >= LEAST_AGREEMENT,
      figure: agreement === null ? '—' : `τ ${agreement.toFixed(2)}`,
      text: agreement === null
        ? 'This map is made of gradients, or there are too few words to rank.'
        : `Kendall’s rank agreement with gradient × attention, from −1 to 1; ${LEAST_AGREEMENT} or more speaks for the map.`,
    },
    {
      name: 'Top words removed',
      speaks: removal === null ? null : removal.weaker >= 0.9 * removal.sets,
      figure: removal === null ? '—' : removal.change.toFixed(3),
      bars: removal === null ? [] : [['top', removal.change], ['random', removal.random]],
      text: removal === null
        ? 'There are too few words to take some away.'
        : `Change without the ${removal.units.length} most marked (${removal.masked ? 'masked' : 'cut out'}): more than ${removal.weaker} of ${removal.sets} random sets of as many. Nine in ten speak for the map.`,
    },
    {
      name: 'Uniform baseline',
      speaks: uniform > 0.01,
      figure: uniform.toFixed(3),
      text: `Change if ${check.method === 'raw' ? 'this head' : 'every head'} looks everywhere alike. Up to 0.01, the map does not matter here.`,
    },
    {
      name: 'Other map, same result',
      speaks: alternative === null ? null : alternative.alike * 10 <= alternative.shuffles,
      figure: alternative === null ? '—' : `${alternative.alike} of ${alternative.shuffles}`,
      text: alternative === null
        ? 'Only a head’s own weights can be exchanged for others.'
        : `Shuffles of this row that move the result by at most ${alternative.limit}. More than one in ten speak against the map.`,
    },
  ];
}

const glyph = speaks => (speaks === null ? '·' : speaks ? '✓' : '✗');

function verdict(all) {
  const taken = all.filter(one => one.speaks !== null);
  return `${taken.filter(one => one.speaks).length} of ${taken.length} measures speak for this map`;
}

export const question = (state, request, method) =>
  ({...request, method, layer: state.layer, head: state.head, word: state.word});

let running = null;

/** Measures one map after another; a newer question ends the one before. */
async function measure(page, asked, onProgress) {
  running?.abort();
  running = new AbortController();
  return follow(page, asked, {signal: running.signal, onProgress});
}

const waiting = new Map();

/** Says something in a badge's place; with `details`, it opens to them. */
function say(box, text, details = [], busy = false) {
  box.setAttribute('aria-busy', String(busy));
  if (box.tagName === 'BUTTON') {
    box.textContent = text;
    box.title = details.join('\n');
    return;
  }
  const whole = d3.select(box).text(null).append(details.length ? 'details' : 'span');
  whole.append(details.length ? 'summary' : 'span').text(text);
  if (details.length) whole.append('ul').selectAll('li').data(details).join('li').text(d => d);
}

/** Where there is nothing to measure, the badge says why. */
export function noBadge(id, why) {
  const box = document.getElementById(id);
  clearTimeout(waiting.get(id));
  delete box.dataset.of;
  say(box, `Evidence: ${why}.`);
}

/**
 * A badge beside a picture, measured once the reader stays with it.
 * @param asked what is asked of `page`
 * @param open what a click on it does, if it is a button
 */
export function badge(id, asked, open = null, page = 'evidence') {
  const box = document.getElementById(id);
  const key = JSON.stringify([page, asked]);
  box.onclick = open;
  if (box.dataset.of === key) return;
  box.dataset.of = key;
  clearTimeout(waiting.get(id));
  say(box, 'Evidence: …', ['Measured when you stay with a word.'], true);
  waiting.set(id, setTimeout(async () => {
    try {
      const check = await measure(page, asked, (done, of) => {
        if (box.dataset.of === key) say(box, `Evidence: measuring, ${done} of ${of} runs`, [], true);
      });
      if (box.dataset.of !== key) return;
      const all = measures(check);
      say(box, `Evidence: ${all.map(one => glyph(one.speaks)).join(' ')} — ${verdict(all)}`,
        [...all.map(one => `${glyph(one.speaks)} ${one.name}: ${one.figure}. ${one.text}`), `Explained is ${OUTCOMES[check.outcome]}.`]);
    } catch (e) {
      if (box.dataset.of !== key) return;
      delete box.dataset.of;
      if (e.name !== 'AbortError') say(box, `Evidence: ${e.message}`);
    }
  }, DWELL));
}

const byId = id => document.getElementById(id);
let methods = null;
let turn = 0;

function drawMethods(state, change) {
  const buttons = d3.select('#evidence-methods').selectAll('button').data(methods).join('button');
  buttons.attr('type', 'button').attr('aria-pressed', d => String(d.name === state.method))
    .text(d => ({raw: 'One head', rollout: 'Rollout', flow: 'Flow', gradient: 'Gradient relevance'})[d.name])
    .on('click', (event, d) => change({method: d.name}));
  const shown = methods.find(d => d.name === state.method);
  byId('evidence-method').textContent = shown.sentence;
  byId('evidence-source').textContent = shown.source;
}

function drawWords(state, marks, change) {
  const units = state.reading.units.map((unit, i) => ({...unit, unit: i}));
  const most = d3.max(marks) || 1;
  d3.select('#evidence-words').selectAll('button').data(units).join('button')
    .attr('type', 'button').attr('data-unit', d => d.unit)
    .attr('tabindex', d => (d.unit === state.word ? 0 : -1))
    .classed('special', d => d.special)
    .attr('aria-pressed', d => String(d.unit === state.word))
    .attr('aria-label', d => `${d.label}, gets ${marks[d.unit].toFixed(3)}`)
    .attr('title', d => marks[d.unit].toFixed(3))
    .style('--share', d => `${(75 * Math.max(0, marks[d.unit]) / most).toFixed(1)}%`)
    .text(d => d.text)
    .on('click', (event, d) => change({word: d.unit}))
    .on('keydown', (event, d) => {
      const next = units[d.unit + ({ArrowRight: 1, ArrowLeft: -1}[event.key] ?? NaN)];
      if (next) {
        event.preventDefault();
        change({word: next.unit}).then(() =>
          byId('evidence-words').querySelector(`[data-unit="${next.unit}"]`)?.focus());
      }
    });
}

function drawCards(all) {
  const cards = d3.select('#evidence-cards').selectAll('article').data(all).join(enter => {
    const card = enter.append('article');
    card.append('h3');
    card.append('p').attr('class', 'figure');
    card.append('div').attr('class', 'pair');
    card.append('p').attr('class', 'hint');
    return card;
  });
  cards.attr('class', d => (d.speaks === null ? 'silent' : d.speaks ? 'for' : 'against'));
  cards.select('h3').text(d => d.name);
  cards.select('.figure').text(d => `${glyph(d.speaks)} ${d.figure}`)
    .attr('aria-label', d => `${d.figure}, ${d.speaks === null ? 'not taken' : d.speaks ? 'speaks for the map' : 'speaks against it'}`);
  cards.select('.hint').text(d => d.text);
  cards.select('.pair').each(function (d) {
    const bars = d.bars ?? [];
    const most = d3.max(bars, bar => bar[1]) || 1;
    const lines = d3.select(this).selectAll('div.line').data(bars).join(enter => {
      const line = enter.append('div').attr('class', 'line');
      line.append('span');
      line.append('div').attr('class', 'bar');
      line.append('b');
      return line;
    });
    lines.select('span').text(bar => bar[0]);
    lines.select('.bar').style('width', bar => `${60 * Math.max(0, bar[1]) / most}%`);
    lines.select('b').text(bar => bar[1].toFixed(3));
  });
}

function drawAlternative(state, check) {
  const found = check.alternative?.weights ?? null;
  byId('evidence-other').hidden = found === null;
  if (found === null) return;
  const {change, divergence} = check.alternative;
  byId('evidence-other-note').textContent =
    `With the weights below instead of its own, this head gives the same result within ${change.toFixed(4)}: `
    + `of the shuffles that do, the farthest from its own (Jensen–Shannon ${divergence.toFixed(2)} of at most ${Math.LN2.toFixed(2)}).`;
  const most = Math.max(d3.max(check.marks), d3.max(found)) || 1;
  const head = d3.select('#evidence-strips thead tr').selectAll('th').data(['', ...state.reading.units]);
  head.join('th').attr('scope', 'col').text(d => d.label ?? '');
  const rows = d3.select('#evidence-strips tbody').selectAll('tr')
    .data([['its own', check.marks], ['another', found]]).join(enter => {
      const line = enter.append('tr');
      line.append('th').attr('scope', 'row');
      return line;
    });
  rows.select('th').text(d => d[0]);
  rows.selectAll('td').data(d => d[1]).join('td')
    .style('--share', weight => `${(75 * weight / most).toFixed(1)}%`)
    .text(weight => weight.toFixed(2));
}

export async function drawEvidence(state, request, change) {
  const mine = ++turn;
  for (const [id, timer] of waiting) {
    clearTimeout(timer);
    delete byId(id).dataset.of;
  }
  methods ??= (await get('methods')).methods;
  if (mine !== turn) return;
  const {reading, word, layer, head, method} = state;
  drawMethods(state, change);
  const place = method === 'raw' ? `in layer ${layer}, head ${head}` : `by ${method}, through all layers`;
  byId('evidence-heading').textContent = `“${reading.units[word].label}” ${place}`;
  const busy = byId('evidence-progress');
  const asked = question(state, request, method);
  busy.hidden = false;
  busy.value = 0;
  byId('evidence-verdict').textContent = 'Measuring…';
  byId('evidence-result').setAttribute('aria-busy', 'true');
  try {
    const check = await measure('evidence', asked, (done, of) => {
      if (mine === turn) Object.assign(busy, {max: of, value: done});
    });
    if (mine !== turn) return;
    const all = measures(check);
    byId('evidence-verdict').textContent = `${verdict(all)}.`;
    byId('evidence-outcome').textContent = `Explained is ${OUTCOMES[check.outcome]}.`;
    drawWords(state, check.marks, change);
    drawCards(all);
    drawAlternative(state, check);
  } catch (e) {
    if (mine !== turn || e.name === 'AbortError') return;
    byId('evidence-verdict').textContent = e.message;
    drawCards([]);
    byId('evidence-other').hidden = true;
  } finally {
    if (mine === turn) {
      busy.hidden = true;
      byId('evidence-result').setAttribute('aria-busy', 'false');
    }
  }
}
