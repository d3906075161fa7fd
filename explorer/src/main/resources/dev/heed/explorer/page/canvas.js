// A square map far larger than the screen: tiles are asked for as they come into sight, coarse ones first.
const SIDE = 256;
const FINEST = 28;
const LETTERS = 11;
const AT_ONCE = 2;
const MOST_TILES = 160;
const DECADES = 4;

/** How dark a weight is: four decades, up to 1, or, of means, around looking at all alike. */
export const shade = (weight, pool, size) => Math.min(1, Math.max(0,
  pool === 'max' ? 1 + Math.log10(weight) / DECADES : 0.5 + Math.log10(weight * size) / DECADES));

export class TileMap {
  /**
   * @param canvas where it is drawn
   * @param told is called with what the pointer or the arrow keys are at, what was chosen, where the
   *   view is, and what went wrong
   */
  constructor(canvas, told) {
    this.canvas = canvas;
    this.told = told;
    this.tiles = new Map();
    this.running = new Map();
    this.size = 0;
    this.cursor = null;
    this.picked = null;
    this.zoom = d3.zoom().on('zoom', event => {
      this.at = event.transform;
      this.drawSoon();
    }).on('end', () => this.told.moved(this.place()))
      .filter(event => !event.button && !(event.type === 'touchstart' && event.touches.length < 2 && this.isWhole()));
    d3.select(canvas).call(this.zoom).on('dblclick.zoom', null)
      .on('pointermove', event => this.point(event))
      .on('pointerleave', () => this.look(null))
      .on('click', event => { this.point(event); this.pick(); })
      .on('keydown', event => this.key(event));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.colours = null;
      for (const tile of this.tiles.values()) tile.image = null;
      this.drawSoon();
    });
  }

  /**
   * Shows a map.
   *
   * @param size tokens on a side
   * @param source {key, pool, tile(level, row, column, signal)}; tiles of another key are dropped
   * @param names of the tokens
   * @param place {row, column, scale} to look at, or null for the whole
   */
  show(size, source, names, place) {
    const fresh = this.source?.key !== source.key;
    const other = this.size !== size || fresh && this.source?.of !== source.of;
    if (fresh) {
      this.stop();
      this.tiles.clear();
    }
    Object.assign(this, {size, source, names});
    this.fit();
    if (other || this.at === undefined) {
      this.cursor = null;
      this.go(place);
    } else {
      this.drawSoon();
    }
  }

  /** Takes the room that there is. */
  fit() {
    const wide = this.canvas.parentElement.clientWidth;
    const high = Math.round(Math.min(wide, 620));
    const dots = window.devicePixelRatio || 1;
    this.ruler = wide < 500 ? 48 : 84;
    this.wide = wide - this.ruler;
    this.high = high - this.ruler;
    if (this.canvas.width !== Math.round(wide * dots) || this.canvas.height !== Math.round(high * dots)) {
      this.canvas.width = Math.round(wide * dots);
      this.canvas.height = Math.round(high * dots);
      this.canvas.style.height = `${high}px`;
    }
    this.dots = dots;
    this.least = Math.min(this.wide, this.high) / this.size;
    this.zoom.scaleExtent([this.least, Math.max(FINEST, this.least)])
      .extent([[this.ruler, this.ruler], [this.ruler + this.wide, this.ruler + this.high]])
      .translateExtent([[0, 0], [Math.max(this.size, this.wide / this.least), this.size]]);
  }

  isWhole() {
    return this.at === undefined || this.at.k <= this.least * 1.001;
  }

  /** The token in the middle, and how many pixels one takes. */
  place() {
    if (this.isWhole()) return null;
    const [x, y] = this.at.invert([this.ruler + this.wide / 2, this.ruler + this.high / 2]);
    return {row: Math.round(y), column: Math.round(x), scale: Number(this.at.k.toPrecision(3))};
  }

  /** Looks at a place, or at the whole. */
  go(place) {
    const k = place === null ? this.least : place.scale;
    const to = place === null
      ? d3.zoomIdentity.translate(this.ruler, this.ruler).scale(k)
      : d3.zoomIdentity.translate(this.ruler + this.wide / 2 - place.column * k, this.ruler + this.high / 2 - place.row * k).scale(k);
    d3.select(this.canvas).call(this.zoom.transform, to);
  }

  /** Nearer or farther around the middle. */
  scale(by) {
    d3.select(this.canvas).call(this.zoom.scaleBy, by);
  }

  get top() {
    return Math.max(0, Math.ceil(Math.log2(this.size / SIDE)));
  }

  /** The level of which a number takes a pixel or more. */
  get level() {
    return Math.min(this.top, Math.max(0, Math.ceil(-Math.log2(this.at.k))));
  }

  drawSoon() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      this.draw();
    });
  }

  draw() {
    const c = this.canvas.getContext('2d');
    this.colours ??= colours(this.canvas);
    c.setTransform(this.dots, 0, 0, this.dots, 0, 0);
    c.clearRect(0, 0, this.wide + this.ruler, this.high + this.ruler);
    c.save();
    c.beginPath();
    c.rect(this.ruler, this.ruler, this.wide, this.high);
    c.clip();
    const [x, y] = this.at.apply([0, 0]);
    c.fillStyle = this.colours.panel;
    c.fillRect(x, y, this.size * this.at.k, this.size * this.at.k);
    c.imageSmoothingEnabled = false;
    const wanted = this.wanted();
    for (const tile of wanted) this.drawTile(c, tile);
    this.drawCross(c);
    c.restore();
    this.drawRulers(c);
    this.askFor([{level: this.top, row: 0, column: 0}, ...wanted]);
  }

  /** The tiles in sight, those in the middle first. */
  wanted() {
    const {level} = this;
    const tokens = SIDE * 2 ** level;
    const [left, above] = this.at.invert([this.ruler, this.ruler]);
    const [right, below] = this.at.invert([this.ruler + this.wide, this.ruler + this.high]);
    const range = (from, to) => d3.range(Math.max(0, Math.floor(from / tokens)),
      Math.min(Math.ceil(this.size / tokens), Math.ceil(to / tokens)));
    const middle = [(above + below) / 2 / tokens - 0.5, (left + right) / 2 / tokens - 0.5];
    return d3.cross(range(above, below), range(left, right))
      .sort((a, b) => Math.hypot(a[0] - middle[0], a[1] - middle[1]) - Math.hypot(b[0] - middle[0], b[1] - middle[1]))
      .map(([row, column]) => ({level, row, column}));
  }

  /** Draws a tile, or what a coarser one has of it. */
  drawTile(c, {level, row, column}) {
    for (let up = level; up <= this.top; up++) {
      const of = {level: up, row: row >> (up - level), column: column >> (up - level)};
      const tile = this.tiles.get(name(of));
      if (!tile) continue;
      tile.used = performance.now();
      tile.image ??= this.paint(tile);
      const tokens = SIDE * 2 ** level;
      const part = SIDE / 2 ** (up - level);
      const sx = column * part - of.column * SIDE;
      const sy = row * part - of.row * SIDE;
      const sw = Math.min(part, tile.columns - sx);
      const sh = Math.min(part, tile.rows - sy);
      if (sw <= 0 || sh <= 0) return;
      const [x, y] = this.at.apply([column * tokens, row * tokens]);
      const cell = this.at.k * 2 ** up;
      c.drawImage(tile.image, sx, sy, sw, sh, x, y, sw * cell, sh * cell);
      return;
    }
  }

  paint(tile) {
    const canvas = document.createElement('canvas');
    canvas.width = tile.columns;
    canvas.height = tile.rows;
    const context = canvas.getContext('2d');
    const {r, g, b} = d3.rgb(this.colours.heat);
    const image = context.createImageData(tile.columns, tile.rows);
    tile.cells.forEach((weight, i) => {
      image.data[4 * i] = r;
      image.data[4 * i + 1] = g;
      image.data[4 * i + 2] = b;
      image.data[4 * i + 3] = 255 * shade(weight, this.source.pool, this.size);
    });
    context.putImageData(image, 0, 0);
    return canvas;
  }

  drawCross(c) {
    const {k} = this.at;
    if (this.picked !== null) {
      c.strokeStyle = this.colours.second;
      c.lineWidth = 2;
      c.strokeRect(this.ruler - 4, this.at.applyY(this.picked), this.wide + 8, Math.max(1, k));
    }
    if (this.cursor === null) return;
    const block = 2 ** this.level;
    const side = Math.max(2, k * block);
    c.strokeStyle = this.colours.ink;
    c.lineWidth = 1.5;
    c.strokeRect(this.at.applyX(this.cursor.column), this.at.applyY(this.cursor.row), side, side);
  }

  drawRulers(c) {
    const {k} = this.at;
    c.fillStyle = this.colours.quiet;
    c.font = '11px system-ui, sans-serif';
    c.textBaseline = 'middle';
    const lettered = k >= LETTERS;
    const step = lettered ? 1 : d3.tickStep(0, this.wide / k, this.wide / 75) || 1;
    const label = i => (lettered ? short(this.names[i], this.ruler) : i.toLocaleString('en'));
    const [left, above] = this.at.invert([this.ruler, this.ruler]);
    const [right, below] = this.at.invert([this.ruler + this.wide, this.ruler + this.high]);
    const shown = (from, to) => d3.range(Math.max(0, Math.ceil(from / step) * step), Math.min(this.size, to), Math.max(1, step));
    c.textAlign = 'right';
    for (const i of shown(above, below)) {
      const y = this.at.applyY(i) + (lettered ? k / 2 : 0);
      if (y >= this.ruler) c.fillText(label(i), this.ruler - 6, y);
    }
    c.textAlign = 'left';
    for (const i of shown(left, right)) {
      const x = this.at.applyX(i) + (lettered ? k / 2 : 0);
      if (x < this.ruler) continue;
      c.save();
      c.translate(x, this.ruler - 6);
      c.rotate(-Math.PI / (lettered ? 2 : 4));
      c.fillText(label(i), 0, 0);
      c.restore();
    }
  }

  askFor(all) {
    const missing = all.filter(one => !this.tiles.has(name(one)));
    const names = new Set(missing.map(name));
    for (const [of, stop] of this.running) if (!names.has(of)) stop.abort();
    this.told.waiting(missing.length);
    for (const one of missing) {
      if (this.running.size >= AT_ONCE) return;
      if (!this.running.has(name(one))) this.load(one);
    }
  }

  async load(one) {
    const stop = new AbortController();
    const {source} = this;
    this.running.set(name(one), stop);
    try {
      const cells = await source.tile(one.level, one.row, one.column, stop.signal);
      if (source.key !== this.source.key) return;
      const numbers = at => Math.min(SIDE, Math.ceil((this.size - at * SIDE * 2 ** one.level) / 2 ** one.level));
      this.tiles.set(name(one), {cells, rows: numbers(one.row), columns: numbers(one.column), image: null, used: performance.now()});
      if (this.tiles.size > MOST_TILES) {
        this.tiles.delete(d3.least(this.tiles, ([, tile]) => tile.used)[0]);
      }
    } catch (e) {
      if (e.name !== 'AbortError') {
        this.stop();
        this.told.wrong(e);
        return;
      }
    } finally {
      if (this.running.get(name(one)) === stop) this.running.delete(name(one));
    }
    this.drawSoon();
  }

  /** Nothing is waited for any more. */
  stop() {
    for (const stop of this.running.values()) stop.abort();
    this.running.clear();
  }

  point(event) {
    const [x, y] = d3.pointer(event, this.canvas);
    const [column, row] = this.at.invert([x, y]).map(Math.floor);
    const inside = x >= this.ruler && y >= this.ruler && row >= 0 && column >= 0 && row < this.size && column < this.size;
    this.look(inside ? {row, column} : null);
  }

  /** Puts the cursor on the block of a row and a column. */
  look(at) {
    const block = 2 ** (this.at === undefined ? 0 : this.level);
    this.cursor = at && {row: Math.floor(at.row / block) * block, column: Math.floor(at.column / block) * block};
    this.told.at(this.cursor && {...this.cursor, block, weight: this.weight(this.cursor)});
    this.drawSoon();
  }

  /** The number of a block that is shown, or null while it is not there. */
  weight({row, column}) {
    const {level} = this;
    const at = token => Math.floor(token / 2 ** level);
    const of = {level, row: Math.floor(at(row) / SIDE), column: Math.floor(at(column) / SIDE)};
    const tile = this.tiles.get(name(of));
    return tile ? tile.cells[(at(row) % SIDE) * tile.columns + at(column) % SIDE] : null;
  }

  pick() {
    if (this.cursor !== null) this.told.picked(this.cursor.row);
  }

  key(event) {
    const way = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[event.key];
    const middle = this.place() ?? {row: Math.floor(this.size / 2), column: Math.floor(this.size / 2)};
    if (way) {
      const step = 2 ** this.level * (event.shiftKey ? 16 : 1);
      const from = this.cursor ?? middle;
      const kept = token => Math.min(this.size - 1, Math.max(0, token));
      this.look({row: kept(from.row + way[0] * step), column: kept(from.column + way[1] * step)});
      const x = this.at.applyX(this.cursor.column);
      const y = this.at.applyY(this.cursor.row);
      if (x < this.ruler || y < this.ruler || x > this.ruler + this.wide || y > this.ruler + this.high) {
        this.go({...this.cursor, scale: this.at.k});
      }
    } else if (event.key === '+' || event.key === '-') {
      const scale = Math.min(Math.max(FINEST, this.least), Math.max(this.least, this.at.k * (event.key === '+' ? 2 : 0.5)));
      this.go(scale <= this.least ? null : {...(this.cursor ?? middle), scale});
    } else if (event.key === '0' || event.key === 'Home') {
      this.go(null);
    } else if (event.key === 'Enter') {
      this.pick();
    } else {
      return;
    }
    event.preventDefault();
  }
}

/** The page's colours as the canvas understands them. */
function colours(canvas) {
  const probe = canvas.parentElement.appendChild(document.createElement('i'));
  const found = Object.fromEntries(['panel', 'ink', 'quiet', 'heat', 'second'].map(colour => {
    probe.style.color = `var(--${colour})`;
    return [colour, getComputedStyle(probe).color];
  }));
  probe.remove();
  return found;
}

const name = ({level, row, column}) => `${level}/${row}/${column}`;

const short = (text, ruler) => {
  const most = Math.floor(ruler / 7);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};
