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

function paint(w, h, pixel) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext('2d'), image = context.createImageData(w, h);
  for (let j = 0; j < h; j++)
    for (let i = 0; i < w; i++) {
      const [r, g, b] = pixel(i, h - 1 - j);
      image.data.set([r, g, b, 255], 4 * (j * w + i));
    }
  context.putImageData(image, 0, 0);
  return canvas;
}

const share = (spec, v) => spec.high > spec.low ? (v - spec.low) / (spec.high - spec.low) : 0.5;
// No number: grey, striped so that it is no colour of the scale.
const missing = (i, j) => ((i + j) & 1) ? [205, 205, 205] : [150, 150, 150];

function cells(spec, values) {
  return (i, j) => {
    const v = values[j * spec.columns + i];
    if (v !== v) return missing(i, j);
    return spec.kinds.length ? kinds[v % kinds.length] : colour(share(spec, v));
  };
}

function banded(spec, values, w, h) {
  const at = (x, y) => {
    const i = Math.min(Math.floor(x), spec.columns - 2), j = Math.min(Math.floor(y), spec.rows - 2), s = x - i, t = y - j, k = j * spec.columns + i;
    return (values[k] * (1 - s) + values[k + 1] * s) * (1 - t) + (values[k + spec.columns] * (1 - s) + values[k + spec.columns + 1] * s) * t;
  };
  const band = new Int16Array(w * h);
  for (let j = 0; j < h; j++)
    for (let i = 0; i < w; i++) {
      const v = at(i / contourScale, j / contourScale);
      band[j * w + i] = v !== v ? -1 : Math.min(spec.bands - 1, Math.floor(share(spec, v) * spec.bands));
    }
  const tones = Array.from({ length: spec.bands }, (_, b) => colour((b + 0.5) / spec.bands));
  return (i, j) => {
    const b = band[j * w + i];
    if (b < 0) return missing(i, j);
    const edge = (i + 1 < w && band[j * w + i + 1] !== b) || (j + 1 < h && band[(j + 1) * w + i] !== b);
    return edge ? tones[b].map(v => v * 0.72) : tones[b];
  };
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
