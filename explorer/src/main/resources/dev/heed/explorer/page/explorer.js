// The page: a text, a model, and a view of the reading. What is seen stands in the address.
import {drawAlignment} from './alignment.js';
import {ask, fresh, isRecorded, keptPlace, models} from './api.js';
import {drawEdit} from './edit.js';
import {drawEvidence, METHODS} from './evidence.js';
import {drawHeads} from './heads.js';
import {drawImage} from './image.js';
import {listenToKeep} from './keep.js';
import {drawLong, leaveLong} from './long.js';
import {drawMeaning} from './meaning.js';
import {drawMechanisms, masks} from './mechanisms.js';
import {drawSentence} from './sentence.js';
import {drawSteps} from './steps.js';
import {drawTraining} from './training.js';
import {drawWriting} from './writing.js';

const reads = senses => senses.reads;

/** Each view, which models have it, and whether it reads the text itself. */
const VIEWS = {
  sentence: {draw: drawSentence, of: reads},
  heads: {draw: drawHeads, of: reads},
  steps: {draw: drawSteps, of: reads},
  edit: {draw: drawEdit, of: reads},
  meaning: {draw: drawMeaning, of: reads, textless: true},
  long: {draw: drawLong, of: reads, textless: true},
  alignment: {draw: drawAlignment, of: senses => senses.translates, textless: true},
  image: {draw: drawImage, of: senses => senses.sees, textless: true},
  writing: {draw: drawWriting, of: senses => senses.writes},
  evidence: {draw: drawEvidence, of: reads},
  mechanisms: {draw: drawMechanisms, of: reads},
  training: {draw: drawTraining, of: () => trains},
};

const PRESETS = [
  "The animal didn't cross the street because it was too tired.",
  'She sat on the bank of the river and watched the boats.',
  'Sarah found the treasure because she followed the map.',
  'The film was not bad at all.',
  'Apple is looking at buying a U.K. startup for $1 billion.',
];
const BEGINNING = 'Once upon a time, there was a little girl named Lily.';
let all = [];
let trains = false;
const byId = id => document.getElementById(id);

const state = {view: 'sentence', model: '', text: PRESETS[0], pieces: false, hide: false,
  selective: true, word: null, layer: 0, head: 0, method: 'raw', reading: null, more: {}};

/** What single views keep in the address besides. */
const MORE = ['off', 'out', 'seer', 'other', 'target', 'al', 'ah', 'sense', 'texts', 'depth', 'pool', 'zoom', 'pick'];

const senses = () => all.find(model => model.name === state.model).senses;

/** Whether the model that is shown has a view. */
const has = view => VIEWS[view].of(senses());

/** What a request says of the text. */
const request = () => ({model: state.model, text: state.reading?.text ?? state.text, pieces: state.pieces});

function tell(text, wrong = false) {
  const status = byId('status');
  status.textContent = text;
  status.classList.toggle('wrong', wrong);
}

function options(select, values, chosen) {
  d3.select(select).selectAll('option').data(values).join('option')
    .attr('value', value => value).text(value => value);
  select.value = chosen;
}

function drawPresets() {
  const texts = has('writing') ? [BEGINNING, ...PRESETS] : PRESETS;
  d3.select('#presets').selectAll('button').data(texts).join('button')
    .attr('type', 'button').text(text => text)
    .on('click', (event, text) => readAnew({text}));
}

function keepAddress() {
  const kept = {text: state.text, model: state.model, view: state.view, ...state.more};
  if (state.word !== null) kept.word = state.word;
  if (state.pieces) kept.pieces = 1;
  if (state.hide) kept.hide = 1;
  if (state.view === 'evidence') kept.method = state.method;
  if (state.view === 'mechanisms') kept.mask = masks.toText();
  if (!state.selective) Object.assign(kept, {layer: state.layer, head: state.head});
  history.replaceState(null, '', `#${new URLSearchParams(kept)}`);
}

function restore() {
  const kept = new URLSearchParams(location.hash.slice(1) || keptPlace);
  const number = name => (/^\d{1,6}$/.test(kept.get(name) ?? '') ? Number(kept.get(name)) : null);
  if (kept.get('text')) state.text = kept.get('text');
  state.model = kept.get('model') ?? '';
  if (Object.keys(VIEWS).includes(kept.get('view'))) state.view = kept.get('view');
  for (const name of MORE) if (kept.get(name)) state.more[name] = kept.get(name);
  state.word = number('word');
  state.pieces = kept.has('pieces') || state.view === 'steps';
  state.hide = kept.has('hide');
  if (kept.get('mask')) masks.fromText(kept.get('mask'));
  if (METHODS.includes(kept.get('method'))) state.method = kept.get('method');
  if (number('layer') !== null && number('head') !== null) {
    Object.assign(state, {selective: false, layer: number('layer'), head: number('head')});
  }
}

/** Draws what the state says. */
async function draw() {
  try {
    if (!has(state.view)) state.view = Object.keys(VIEWS).find(has);
    const {textless} = VIEWS[state.view];
    if (state.reading === null && !textless) return;
    byId('text-section').hidden = !senses().reads || state.view === 'meaning';
    for (const view of Object.keys(VIEWS)) {
      byId(view).hidden = state.view !== view;
      byId(`show-${view}`).hidden = !has(view);
      byId(`show-${view}`).setAttribute('aria-pressed', String(state.view === view));
    }
    for (const label of document.querySelectorAll('[data-views]')) {
      label.hidden = !label.dataset.views.split(' ').includes(state.view);
    }
    byId('controls').hidden = [...byId('controls').querySelectorAll('label')].every(label => label.hidden);
    byId('selective').checked = state.selective;
    byId('hide').checked = state.hide;
    byId('pieces').checked = state.pieces;
    if (state.selective && state.reading !== null) {
      const best = state.reading.best[state.word];
      Object.assign(state, {layer: best.layer, head: best.head});
    }
    if (state.reading !== null) {
      options(byId('layer'), d3.range(state.reading.layers), state.layer);
      options(byId('head'), d3.range(state.reading.heads), state.head);
    }
    drawPresets();
    keepAddress();
    if (state.view !== 'long') leaveLong();
    await VIEWS[state.view].draw(state, request(), change, senses(), {models: all, keepAddress});
  } catch (e) {
    tell(e.message, true);
  }
}

/** Draws anew; what is undefined in `more` leaves the address. */
function change(what) {
  if (what.text !== undefined) return readAnew(what);
  for (const name of MORE) if (what.more && !what.more[name]) delete what.more[name];
  Object.assign(state, what);
  return draw();
}

async function read() {
  if (!senses().reads || state.view === 'long') {
    state.reading = null;
    tell('');
    return draw();
  }
  tell('Reading…');
  const asked = {model: state.model, text: state.text, pieces: state.pieces};
  try {
    const reading = await ask('read', asked);
    if (asked.text !== state.text || asked.pieces !== state.pieces || asked.model !== state.model) return;
    state.reading = reading;
    if (state.word === null || state.word >= reading.units.length) state.word = reading.focus;
    state.layer = Math.min(state.layer, reading.layers - 1);
    state.head = Math.min(state.head, reading.heads - 1);
    tell(reading.cut ? `The model reads only the beginning: ${reading.units.length} units.` : '');
    await draw();
  } catch (e) {
    tell(e.message, true);
  }
  return undefined;
}

function readAnew(what) {
  Object.assign(state, {word: null, more: {}, ...what});
  byId('text').value = state.text;
  return read();
}

/** Shows a view; a text that only a view of its own has read is read first. */
function show(view) {
  if (view === 'steps' && !state.pieces) return readAnew({view, pieces: true});
  if (state.reading !== null || VIEWS[view].textless) return change({view});
  return readAnew({view});
}

function listen() {
  byId('read').addEventListener('click', () => readAnew({text: byId('text').value}));
  byId('text').addEventListener('keydown', event => {
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      readAnew({text: byId('text').value});
    }
  });
  byId('model').addEventListener('change', event => readAnew({model: event.target.value}));
  byId('pieces').addEventListener('change', event => readAnew({
    pieces: event.target.checked,
    view: state.view === 'steps' ? 'sentence' : state.view,
  }));
  byId('hide').addEventListener('change', event => change({hide: event.target.checked}));
  byId('selective').addEventListener('change', event => change({selective: event.target.checked}));
  for (const part of ['layer', 'head']) {
    byId(part).addEventListener('change', event =>
      change({selective: false, [part]: Number(event.target.value)}));
  }
  for (const view of Object.keys(VIEWS)) {
    byId(`show-${view}`).addEventListener('click', () => show(view));
  }
  listenToKeep(state, request, tell);
  addEventListener('resize', draw);
}

restore();
try {
  all = await models();
  trains = !isRecorded && (await fresh('runs')).runs.length > 0;
  const names = all.map(model => model.name);
  if (!names.includes(state.model)) state.model = names[0];
  options(byId('model'), names, state.model);
  byId('text').value = state.text;
  listen();
  await read();
} catch (e) {
  tell(e.message, true);
}
