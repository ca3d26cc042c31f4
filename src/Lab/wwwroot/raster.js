// Numbers on a grid as colours, on a canvas: cells, or bands with contours between them.

// Nine colours of viridis (van der Walt and Smith), which rise in lightness and are told apart without red and green.
const stops = [[68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129], [92, 200, 99], [170, 220, 50], [253, 231, 37]];
const kinds = [[0, 114, 178], [230, 159, 0], [0, 158, 115], [204, 121, 167], [86, 180, 233], [240, 228, 66], [213, 94, 0], [120, 120, 120]];
const contourScale = 6;

export function colour(share) {
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1), i = Math.min(Math.floor(at), stops.length - 2), t = at - i;
  return stops[i].map((v, k) => Math.round(v + (stops[i + 1][k] - v) * t));
}

export function rasterImage(spec, values) {
  const { columns, rows, bands } = spec;
  const [w, h] = bands ? [(columns - 1) * contourScale, (rows - 1) * contourScale] : [columns, rows];
  const small = paint(w, h, bands ? banded(spec, values, w, h) : cells(spec, values));
  if (bands) return small;
  // Cells with sharp edges at any size.
  const factor = Math.max(1, Math.ceil(600 / Math.max(w, h)));
  const large = document.createElement('canvas');
  [large.width, large.height] = [w * factor, h * factor];
  const context = large.getContext('2d');
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, large.width, large.height);
  return large;
}

// Pixels as whole numbers, so that a map of a hundred thousand makes no garbage.
const pack = ([r, g, b]) => (255 << 24 | b << 16 | g << 8 | r) >>> 0;

function paint(w, h, pixel) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext('2d'), image = context.createImageData(w, h), pixels = new Uint32Array(image.data.buffer);
  for (let j = 0, k = 0; j < h; j++)
    for (let i = 0; i < w; i++, k++) pixels[k] = pixel(i, h - 1 - j);
  context.putImageData(image, 0, 0);
  return canvas;
}

const share = (spec, v) => spec.high > spec.low ? (v - spec.low) / (spec.high - spec.low) : 0.5;
// No number: grey, striped so that it is no colour of the scale.
const grey = [pack([150, 150, 150]), pack([205, 205, 205])];
const missing = (i, j) => grey[(i + j) & 1];

function cells(spec, values) {
  return (i, j) => {
    const v = values[j * spec.columns + i];
    return v !== v ? missing(i, j) : pack(spec.kinds.length ? kinds[v % kinds.length] : colour(share(spec, v)));
  };
}

function banded(spec, values, w, h) {
  const { columns, rows, bands } = spec, band = new Int16Array(w * h);
  for (let j = 0; j < h; j++) {
    const y = j / contourScale, row = Math.min(Math.floor(y), rows - 2), t = y - row;
    for (let i = 0; i < w; i++) {
      const x = i / contourScale, column = Math.min(Math.floor(x), columns - 2), s = x - column, k = row * columns + column;
      const v = (values[k] * (1 - s) + values[k + 1] * s) * (1 - t) + (values[k + columns] * (1 - s) + values[k + columns + 1] * s) * t;
      band[j * w + i] = v !== v ? -1 : Math.min(bands - 1, Math.floor(share(spec, v) * bands));
    }
  }
  const tones = Array.from({ length: bands }, (_, b) => colour((b + 0.5) / bands));
  const fill = tones.map(pack), line = tones.map(tone => pack(tone.map(v => Math.round(v * 0.72))));
  return (i, j) => {
    const k = j * w + i, b = band[k];
    if (b < 0) return missing(i, j);
    return (i + 1 < w && band[k + 1] !== b) || (j + 1 < h && band[k + w] !== b) ? line[b] : fill[b];
  };
}

// What the bar with its labels takes beside the map; a letter of their size is at most 7 wide.
export function barRoom(spec, small) {
  const longest = Math.max(0, ...spec.kinds.map(name => name.length));
  return Math.max(small ? 54 : 70, longest ? 26 + 7 * longest : 0);
}

export function drawColourBar(spec, x, box, ink) {
  const parts = [], label = (text, y, baseline) => parts.push({ type: 'text', style: { text, x: x + 14, y, fill: ink, fontSize: 11, verticalAlign: baseline } });
  if (spec.kinds.length) {
    spec.kinds.slice(0, 12).forEach((name, i) => {
      parts.push({ type: 'rect', shape: { x, y: box.y + 16 * i, width: 10, height: 10 }, style: { fill: `rgb(${kinds[i % kinds.length]})` } });
      label(name, box.y + 16 * i + 5, 'middle');
    });
    return parts;
  }
  const n = 32;
  for (let i = 0; i < n; i++)
    parts.push({ type: 'rect', shape: { x, y: box.y + box.height * (n - 1 - i) / n, width: 10, height: box.height / n + 0.5 }, style: { fill: `rgb(${colour((i + 0.5) / n)})` } });
  label(short(spec.high), box.y, 'top');
  label(short(spec.low), box.y + box.height, 'bottom');
  return parts;
}

const short = v => String(+v.toPrecision(3));
