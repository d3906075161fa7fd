// One token through one head, with the numbers that the model computed.
import {ask} from './api.js';
import {badge, question} from './evidence.js';

const SHOWN = 6;
let drawn = 0;

const vector = numbers => `[${numbers.slice(0, SHOWN).map(x => x.toFixed(2)).join(', ')}`
  + `${numbers.length > SHOWN ? ', …' : ''}]`;
const dot = (a, b) => d3.sum(a, (x, i) => x * b[i]);

function softmax(scores) {
  const top = d3.max(scores);
  const powers = scores.map(score => Math.exp(score - top));
  const sum = d3.sum(powers);
  return powers.map(power => power / sum);
}

export async function drawSteps(state, request, change) {
  const turn = ++drawn;
  const {word, layer, head, reading} = state;
  const steps = await ask('steps', {...request, layer, head, query: word});
  if (turn !== drawn) return;
  const field = id => document.getElementById(id);
  const units = d3.select('#step-word').selectAll('option').data(reading.units).join('option');
  units.attr('value', (d, i) => i).text(d => d.label);
  field('step-word').value = word;
  field('step-word').onchange = event => change({word: Number(event.target.value)});
  for (const id of ['temperature', 'unscaled']) field(id).oninput = () => change({});

  const temperature = Number(field('temperature').value);
  field('temperature-shown').textContent = temperature.toFixed(1);
  const root = field('unscaled').checked ? Math.sqrt(steps.query.length) : 1;
  const changed = temperature !== 1 || root !== 1;
  // What a mask hides from the token has no weight, and stays hidden.
  const scores = steps.scores.map((score, i) => (steps.weights[i] > 0 ? score * root : -Infinity));
  const weights = changed ? softmax(scores.map(score => score / temperature)) : steps.weights;
  const output = changed
    ? steps.query.map((x, i) => d3.sum(weights, (w, j) => w * steps.values[j][i])) : steps.output;
  field('step-query').textContent = `${vector(steps.query)} (d = ${steps.query.length})`;
  field('step-output').textContent = vector(output);
  field('step-note').textContent = `Layer ${layer}, head ${head}. `
    + (changed ? 'Changed by you: the model itself computes at temperature 1, with ÷√d. ' : 'As the model computed it. ')
    + `Largest weight ${d3.max(weights).toFixed(3)}.`;
  badge('step-evidence', question(state, request, 'raw'), () => change({view: 'evidence', method: 'raw'}));
  const lines = d3.select('#step-table tbody').selectAll('tr').data(reading.units).join(enter => {
    const line = enter.append('tr');
    for (const name of ['token', 'key', 'product', 'score', 'weight', 'value']) {
      line.append('td').attr('class', name);
    }
    return line;
  });
  const fill = (name, text) => lines.each(function (d, i) {
    this.querySelector(`.${name}`).textContent = text(i);
  });
  fill('token', i => reading.units[i].label);
  fill('key', i => vector(steps.keys[i]));
  fill('product', i => dot(steps.query, steps.keys[i]).toFixed(2));
  fill('score', i => (Number.isFinite(scores[i]) ? scores[i].toFixed(2) : 'hidden'));
  fill('weight', i => weights[i].toFixed(3));
  fill('value', i => vector(steps.values[i]));
  lines.select('.weight').style('--share', (d, i) => `${(75 * weights[i]).toFixed(1)}%`);
}
