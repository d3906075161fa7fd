// A part of the page as SVG: what the browser has laid out, in lines, boxes and texts.
const SPACE = 'http://www.w3.org/2000/svg';
const SVG_STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'opacity',
  'font-size', 'font-family', 'font-weight', 'text-anchor'];
const MARGIN = 16;
const colours = new Map();
const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});

/** Any CSS colour as #rrggbb and how opaque it is. */
function colour(css) {
  if (!colours.has(css)) {
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = css;
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
    colours.set(css, {hex: `#${[r, g, b].map(x => x.toString(16).padStart(2, '0')).join('')}`, opacity: a / 255});
  }
  return colours.get(css);
}

function add(parent, tag, attributes) {
  const element = document.createElementNS(SPACE, tag);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
  }
  parent.append(element);
  return element;
}

function box(parent, rect, style) {
  const fill = colour(style.backgroundColor);
  const sides = ['Top', 'Right', 'Bottom', 'Left'].map(side => parseFloat(style[`border${side}Width`]) || 0);
  const line = colour(style.borderTopColor);
  const even = sides.every(width => width === sides[0]);
  const framed = even && sides[0] > 0 && style.borderTopStyle !== 'none' && line.opacity > 0;
  if (fill.opacity > 0 || framed) {
    const half = framed ? sides[0] / 2 : 0;
    add(parent, 'rect', {
      x: rect.x + half, y: rect.y + half, width: Math.max(0, rect.width - 2 * half), height: Math.max(0, rect.height - 2 * half),
      rx: Math.min(parseFloat(style.borderTopLeftRadius) || 0, rect.height / 2),
      fill: fill.opacity > 0 ? fill.hex : 'none', 'fill-opacity': fill.opacity,
      stroke: framed ? line.hex : 'none', 'stroke-opacity': line.opacity, 'stroke-width': framed ? sides[0] : 0,
    });
  }
  if (!even) {
    const edges = [[rect.x, rect.y, rect.width, sides[0]], [rect.right - sides[1], rect.y, sides[1], rect.height],
      [rect.x, rect.bottom - sides[2], rect.width, sides[2]], [rect.x, rect.y, sides[3], rect.height]];
    edges.forEach(([x, y, width, height], i) => {
      const side = colour(style[`border${['Top', 'Right', 'Bottom', 'Left'][i]}Color`]);
      if (width > 0 && height > 0) add(parent, 'rect', {x, y, width, height, fill: side.hex, 'fill-opacity': side.opacity});
    });
  }
}

function line(parent, text, rect, style) {
  const size = parseFloat(style.fontSize);
  const written = add(parent, 'text', {
    x: rect.x, y: rect.y + rect.height / 2 + size * 0.35, 'font-size': size, 'font-family': style.fontFamily,
    'font-weight': style.fontWeight, 'font-style': style.fontStyle, fill: colour(style.color).hex,
    textLength: rect.width, lengthAdjust: 'spacingAndGlyphs',
  });
  written.textContent = text;
}

/** The words of a text node, those that a line's end cuts in their parts: [line, begin, text]. */
function pieces(node, range) {
  return [...node.data.matchAll(/\S+/g)].flatMap(word => {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    if (range.getClientRects().length < 2) return [[0, word.index, word[0]]];
    const parts = [];
    for (let i = 0; i < word[0].length; i++) {
      range.setStart(node, word.index + i);
      range.setEnd(node, word.index + i + 1);
      const {y} = range.getBoundingClientRect();
      if (parts.length && Math.abs(parts.at(-1)[0] - y) < 2) parts.at(-1)[2] += word[0][i];
      else parts.push([y, word.index + i, word[0][i]]);
    }
    return parts;
  });
}

/** A text node's lines, as the browser has broken them. */
function texts(parent, node, style) {
  const range = document.createRange();
  let open = null;
  for (const [, begin, part] of pieces(node, range)) {
    range.setStart(node, begin);
    range.setEnd(node, begin + part.length);
    const rect = range.getBoundingClientRect();
    if (rect.width === 0) continue;
    if (open && Math.abs(open.rect.y - rect.y) < 2) {
      open.text += ` ${part}`;
      open.rect = new DOMRect(open.rect.x, open.rect.y, rect.right - open.rect.x, rect.height);
    } else {
      if (open) line(parent, open.text, open.rect, style);
      open = {text: part, rect};
    }
  }
  if (open) line(parent, open.text, open.rect, style);
}

function drawing(parent, element, rect) {
  const copy = element.cloneNode(true);
  const from = [element, ...element.querySelectorAll('*')];
  const to = [copy, ...copy.querySelectorAll('*')];
  from.forEach((one, i) => {
    const style = getComputedStyle(one);
    for (const name of SVG_STYLES) {
      const value = style.getPropertyValue(name);
      if (value && value !== 'normal') to[i].setAttribute(name, /^(fill|stroke)$/.test(name) && value !== 'none' ? colour(value).hex : value);
    }
    to[i].removeAttribute('class');
    to[i].removeAttribute('style');
  });
  copy.removeAttribute('id');
  for (const [key, value] of Object.entries({x: rect.x, y: rect.y, width: rect.width, height: rect.height, overflow: 'visible'})) {
    copy.setAttribute(key, value);
  }
  parent.append(copy);
}

function control(parent, element, rect, style) {
  const value = {
    SELECT: () => element.selectedOptions[0]?.textContent,
    TEXTAREA: () => element.value,
    INPUT: () => (element.type === 'checkbox' ? (element.checked ? '✓' : '') : element.type === 'number' ? element.value : ''),
  }[element.tagName]();
  if (element.type === 'checkbox') {
    add(parent, 'rect', {x: rect.x, y: rect.y, width: rect.width, height: rect.height, rx: 2, fill: 'none', stroke: colour(style.color).hex});
  }
  if (element.type === 'range') {
    const at = (element.value - element.min) / (element.max - element.min);
    add(parent, 'rect', {x: rect.x, y: rect.y + rect.height / 2 - 2, width: rect.width, height: 4, rx: 2, fill: colour(style.color).hex, 'fill-opacity': 0.3});
    add(parent, 'circle', {cx: rect.x + at * rect.width, cy: rect.y + rect.height / 2, r: 6, fill: colour(style.color).hex});
  }
  if (value) {
    const size = parseFloat(style.fontSize);
    const left = parseFloat(style.paddingLeft) || 1;
    add(parent, 'text', {x: rect.x + left, y: rect.y + Math.min(rect.height, size * 2) / 2 + size * 0.35, 'font-size': size,
      'font-family': style.fontFamily, fill: colour(style.color).hex}).textContent = value;
  }
}

let clips = 0;

function clipped(parent, rect) {
  const id = `clip${++clips}`;
  const path = add(parent, 'clipPath', {id});
  add(path, 'rect', {x: rect.x, y: rect.y, width: rect.width, height: rect.height});
  return add(parent, 'g', {'clip-path': `url(#${id})`});
}

function walk(parent, element) {
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden' || element.classList.contains('unseen')) return;
  const rect = element.getBoundingClientRect();
  if (element.tagName === 'svg') {
    drawing(parent, element, rect);
    return;
  }
  box(parent, rect, style);
  if (element.tagName === 'CANVAS') {
    if (element.width > 0 && element.height > 0) {
      add(parent, 'image', {x: rect.x, y: rect.y, width: rect.width, height: rect.height, href: element.toDataURL(),
        'image-rendering': 'pixelated', preserveAspectRatio: 'none'});
    }
    return;
  }
  if (['SELECT', 'TEXTAREA', 'INPUT'].includes(element.tagName)) {
    control(parent, element, rect, style);
    return;
  }
  if (element.tagName === 'LI' && element.parentNode.tagName === 'OL' && style.listStyleType === 'decimal') {
    const size = parseFloat(style.fontSize);
    add(parent, 'text', {x: rect.x - 0.4 * size, y: rect.y + 1.1 * size, 'text-anchor': 'end', 'font-size': size,
      'font-family': style.fontFamily, fill: colour(style.color).hex}).textContent = `${[...element.parentNode.children].indexOf(element) + 1}.`;
  }
  const inside = element.scrollWidth > element.clientWidth + 1 && style.overflowX !== 'visible'
    ? clipped(parent, rect) : parent;
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) texts(inside, child, style);
    if (child.nodeType === Node.ELEMENT_NODE) walk(inside, child);
  }
}

/** The element as a drawing of its own. */
export function svgOf(element) {
  const rect = element.getBoundingClientRect();
  const svg = document.createElementNS(SPACE, 'svg');
  const width = Math.ceil(rect.width + 2 * MARGIN);
  const height = Math.ceil(rect.height + 2 * MARGIN);
  for (const [key, value] of Object.entries({xmlns: SPACE, width, height, viewBox: `${rect.x - MARGIN} ${rect.y - MARGIN} ${width} ${height}`})) {
    svg.setAttribute(key, value);
  }
  const ground = colour(getComputedStyle(document.body).backgroundColor);
  add(svg, 'rect', {x: rect.x - MARGIN, y: rect.y - MARGIN, width, height, fill: ground.hex});
  clips = 0;
  walk(svg, element);
  return new XMLSerializer().serializeToString(svg);
}
