// What the page asks of the browser: charts by ECharts, addresses, files. The numbers come from C#.
import { rasterImage, drawColourBar, barRoom } from './raster.js';

const charts = new Map(); // element id -> { chart, spec, series, raster, cursor, handle, seen, due }
const cursors = new Map(); // group -> step
let heard = () => {};
const dark = matchMedia('(prefers-color-scheme: dark)');
dark.addEventListener('change', () => { for (const [id, c] of charts) render(id, c); });

export function listen(handler) {
  heard = handler;
  addEventListener('popstate', () => {
    // What was about to be written belonged to the page that was left.
    due = null;
    heard('address', '');
  });
  // A file that misses the field would take the place of the page.
  addEventListener('dragover', e => { if (e.dataTransfer.types.includes('Files')) e.preventDefault(); });
  addEventListener('drop', e => {
    const field = document.querySelector('input[type=file]');
    if (e.target === field || !e.dataTransfer.files.length) return;
    e.preventDefault();
    if (!field) return;
    field.files = e.dataTransfer.files;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

// Browsers refuse an address that changes at every move of a slider, so that it follows a fifth of a second behind.
let due = null, timer = 0;
const flush = () => {
  clearTimeout(timer);
  timer = 0;
  if (due !== null && due !== location.search) history.replaceState(null, '', location.pathname + due);
  due = null;
  delete document.documentElement.dataset.address;
};
addEventListener('beforeunload', flush);

export function address() {
  flush();
  return location.search;
}

export function setAddress(query, push) {
  if (push) {
    flush();
    if (query !== location.search) history.pushState(null, '', location.pathname + query);
    return;
  }
  due = query;
  document.documentElement.dataset.address = 'due';
  timer ||= setTimeout(flush, 200);
}

// Okabe and Ito's colours; the darkest and the lightest give way on dark and light ground.
const colours = () => dark.matches
  ? ['#56b4e9', '#e69f00', '#2fc79a', '#cc79a7', '#f0e442', '#c8c8c8', '#d55e00']
  : ['#0072b2', '#d55e00', '#009e73', '#b4588c', '#000000', '#6a6a6a', '#e69f00'];
const ink = () => dark.matches ? { text: '#d6d6d6', line: '#777', grid: '#333' } : { text: '#303030', line: '#888', grid: '#e4e4e4' };

export function draw(id, text, view) {
  const element = document.getElementById(id);
  if (!element) return;
  const numbers = view.slice();
  const spec = JSON.parse(text);
  let at = 0;
  const take = n => numbers.subarray(at, at += n);
  const raster = spec.raster ? take(spec.raster.columns * spec.raster.rows) : null;
  const series = spec.counts.map(n => ({ x: take(n), y: take(n) }));
  let c = charts.get(id);
  if (!c || c.chart.getDom() !== element) {
    if (c) { c.watch.disconnect(); c.chart.dispose(); }
    const box = element.getBoundingClientRect();
    c = { chart: echarts.init(element), seen: box.top < innerHeight && box.bottom > 0 };
    charts.set(id, c);
    sight.observe(element);
    c.watch = new ResizeObserver(() => { c.chart.resize(); if (!c.due) place(c); });
    c.watch.observe(element);
    attend(id, c, element);
  }
  const same = c.raster && raster && c.spec.raster.columns === spec.raster.columns && c.raster.length === raster.length
    && c.raster.every((v, i) => v === raster[i] || (v !== v && raster[i] !== raster[i]))
    && c.spec.raster.low === spec.raster.low && c.spec.raster.high === spec.raster.high;
  Object.assign(c, { spec, series, raster, image: same ? c.image : null, due: true });
  if (c.seen) render(id, c);
  else rest();
  // When the page first shows something, for docs/lab.md.
  if (charts.size === 1) performance.mark('drawn');
}

// A chart out of sight is drawn when it comes into sight, or when the page rests: a slider does not wait for it.
const sight = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    const c = charts.get(target.id);
    if (!c || c.chart.getDom() !== target) { sight.unobserve(target); continue; }
    c.seen = isIntersecting;
    if (c.seen && c.due) render(target.id, c);
  }
});
let resting = 0;
function rest(after = 300) {
  clearTimeout(resting);
  resting = setTimeout(() => {
    const next = [...charts].find(([, c]) => c.due && c.chart.getDom().isConnected);
    if (!next) return;
    render(...next);
    rest(0);
  }, after);
}

function render(id, c) {
  c.due = false;
  if (c.raster && !c.image) c.image = rasterImage(c.spec.raster, c.raster);
  c.chart.setOption(option(c), { notMerge: true });
  place(c);
}

// Everything but the cursor and the handle, which move without a new drawing.
function option(c, forFile = false) {
  const { spec, series } = c, tone = ink(), palette = colours();
  const small = c.chart.getWidth() < 420;
  const axis = (name, log, range) => ({
    type: log ? 'log' : 'value', name, nameLocation: 'middle', nameGap: name === spec.xLabel ? 24 : small ? 38 : 46,
    min: range ? range[0] : undefined, max: range ? range[1] : undefined, scale: true,
    nameTextStyle: { color: tone.text }, axisLabel: { color: tone.text, formatter: tick, hideOverlap: true, showMinLabel: !range, showMaxLabel: !range },
    axisLine: { show: true, onZero: false, lineStyle: { color: tone.line } }, splitLine: { show: !c.raster, lineStyle: { color: tone.grid } },
    splitNumber: small ? 3 : 5,
  });
  const range = spec.range.length ? spec.range : null;
  const drawn = series.map((s, i) => curve(spec, s, i, palette));
  if (c.raster) drawn.unshift(background(c));
  return {
    animation: false, backgroundColor: forFile ? (dark.matches ? '#181818' : '#ffffff') : 'transparent',
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: small ? 52 : 62, right: c.raster ? barRoom(c.spec.raster, small) : 14, top: spec.names.length > 1 ? 26 : 10, bottom: 38 },
    legend: { show: spec.names.length > 1, top: 0, textStyle: { color: tone.text }, data: spec.names, itemHeight: 8, type: 'scroll', formatter: short },
    xAxis: axis(spec.xLabel, false, range && range.slice(0, 2)), yAxis: axis(spec.yLabel, spec.logY, range && range.length > 2 ? range.slice(2, 4) : level(series)),
    series: drawn,
  };
}

const short = name => name.length > 32 ? `${name.slice(0, 31)}…` : name;

function curve(spec, s, i, palette) {
  // The colours of a map are the same on dark and light ground, and so are those of what lies on it.
  const colour = spec.raster ? ['#d55e00', '#c1121f', '#000000'][Math.min(spec.colours[i], 2)] : palette[spec.colours[i] % palette.length], style = spec.styles[i];
  const data = new Array(s.x.length);
  for (let k = 0; k < s.x.length; k++) {
    const fits = Number.isFinite(s.x[k]) && Number.isFinite(s.y[k]) && !(spec.logY && s.y[k] <= 0);
    data[k] = fits ? [s.x[k], s.y[k]] : [s.x[k], NaN];
  }
  if (style === 'points') {
    return { type: 'scatter', name: spec.names[i], data, symbolSize: 2, itemStyle: { color: colour }, silent: true, large: true, largeThreshold: 5000, clip: true };
  }
  // A line shows nothing of a number between two gaps, as of what is measured at few steps.
  const gap = k => k < 0 || k >= data.length || data[k][1] !== data[k][1];
  const alone = data.some((_, k) => !gap(k) && gap(k - 1) && gap(k + 1));
  return {
    type: 'line', name: spec.names[i], data, silent: true, clip: true, sampling: s.x.length > 3000 && !alone ? 'lttb' : undefined,
    showSymbol: alone || style === 'path' && s.x.length < 400, showAllSymbol: alone || 'auto', symbol: 'circle',
    symbolSize: alone ? (_, { dataIndex: k }) => (gap(k - 1) && gap(k + 1) ? 5 : 0) : 5,
    // A pale rim keeps a path apart from whatever colours lie under it.
    lineStyle: { width: style === 'path' ? 1.5 : 1.8, type: style === 'dash' ? 'dashed' : 'solid', color: colour, ...(spec.raster ? { shadowColor: '#fff', shadowBlur: 3 } : {}) },
    itemStyle: { color: colour, ...(spec.raster ? { borderColor: '#fff', borderWidth: 0.5 } : {}) },
  };
}

function background(c) {
  const [left, right, bottom, top] = c.spec.raster.box;
  return {
    type: 'custom', data: [0], silent: true, z: 0,
    renderItem: (_, api) => {
      const a = api.coord([left, top]), b = api.coord([right, bottom]);
      const box = { x: a[0], y: a[1], width: b[0] - a[0], height: b[1] - a[1] };
      const w = c.chart.getWidth();
      return {
        type: 'group', children: [
          { type: 'image', style: { image: c.image, ...box } },
          ...drawColourBar(c.spec.raster, w - barRoom(c.spec.raster, w < 420) + 8, box, ink().text),
        ],
      };
    },
  };
}

// What is constant but for rounding is drawn as a level line, not as its rounding errors.
function level(series) {
  let low = Infinity, high = -Infinity;
  for (const s of series) for (const v of s.y) if (Number.isFinite(v)) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const size = Math.max(Math.abs(low), Math.abs(high));
  return low < high && high - low <= 1e-9 * size ? [low - 0.1 * size, high + 0.1 * size] : null;
}

function tick(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) return value.toExponential().replace('e+', 'e').replace(/(\.\d{2})\d+/, '$1');
  return String(+value.toPrecision(6));
}

// Cursor and handle: shapes over the chart, moved without drawing it anew.
function place(c) {
  const { spec, chart } = c, zr = chart.getZr(), g = echarts.graphic;
  if (c.cursor) { zr.remove(c.cursor); c.cursor = null; }
  if (spec.group) {
    c.cursor = spec.path >= 0
      ? new g.Circle({ shape: { r: 6 }, style: { fill: 'none', stroke: dark.matches ? '#fff' : '#000', lineWidth: 2 }, silent: true, z: 90 })
      : new g.Line({ style: { stroke: ink().line, lineWidth: 1 }, silent: true, z: 90 });
    zr.add(c.cursor);
    moveCursor(c, cursors.get(spec.group) ?? 0);
  }
  // A handle in the hand stays there, while what it moves is drawn anew.
  if (c.dragging) return;
  if (c.handle) { zr.remove(c.handle); c.handle = null; }
  if (spec.handle) {
    const [x, y] = chart.convertToPixel({ gridIndex: 0 }, spec.handle);
    c.handle = new g.Circle({ shape: { r: 8 }, x, y, draggable: true, cursor: 'grab', z: 100,
      style: { fill: '#ffffffcc', stroke: '#d55e00', lineWidth: 3 } });
    c.handle.on('dragstart', () => { c.dragging = true; });
    c.handle.on('drag', () => dragged(c, 'drag'));
    c.handle.on('dragend', () => { c.dragging = false; dragged(c, 'drop'); });
    zr.add(c.handle);
  }
}

function moveCursor(c, step) {
  const { spec, chart, series } = c;
  if (spec.path >= 0) {
    const s = series[spec.path], k = Math.min(step, s.x.length - 1);
    const at = k >= 0 && Number.isFinite(s.x[k]) && Number.isFinite(s.y[k]) ? chart.convertToPixel({ gridIndex: 0 }, [s.x[k], s.y[k]]) : null;
    const inside = at && chart.containPixel({ gridIndex: 0 }, at);
    c.cursor.attr({ ignore: !inside, ...(inside ? { x: at[0], y: at[1] } : {}) });
  } else {
    const x = chart.convertToPixel({ xAxisIndex: 0 }, step);
    const grid = chart.getModel().getComponent('grid').coordinateSystem.getRect();
    c.cursor.attr({ ignore: !(x >= grid.x && x <= grid.x + grid.width), shape: { x1: x, x2: x, y1: grid.y, y2: grid.y + grid.height } });
  }
}

export function setCursor(group, step) {
  cursors.set(group, step);
  for (const [id, c] of charts) {
    if (!c.chart.getDom().isConnected) { c.watch.disconnect(); c.chart.dispose(); charts.delete(id); }
    else if (c.spec.group === group && !c.due) moveCursor(c, step);
  }
}

// One message an animation frame, the last one: a run takes longer than a mouse event.
let waiting = null, last = null;
function tell(what, where, numbers) {
  if (waiting && last && last.what !== what) { cancelAnimationFrame(waiting); heard(`${last.what}:${last.where}`, last.numbers.join(',')); waiting = null; }
  last = { what, where, numbers };
  waiting ??= requestAnimationFrame(() => { waiting = null; heard(`${last.what}:${last.where}`, last.numbers.join(',')); });
}

function dragged(c, what) {
  const at = c.chart.convertFromPixel({ gridIndex: 0 }, [c.handle.x, c.handle.y]);
  tell(what, c.chart.getDom().id, at);
}

function attend(id, c, element) {
  const zr = c.chart.getZr();
  let from = null, box = null;
  const inside = e => c.chart.containPixel({ gridIndex: 0 }, [e.offsetX, e.offsetY]);
  const point = e => c.chart.convertFromPixel({ gridIndex: 0 }, [e.offsetX, e.offsetY]);
  zr.on('mousemove', e => {
    if (from) {
      box.attr({ shape: { x: Math.min(from[0], e.offsetX), y: Math.min(from[1], e.offsetY), width: Math.abs(e.offsetX - from[0]), height: Math.abs(e.offsetY - from[1]) } });
    } else if (c.spec.group && inside(e) && !(e.event.buttons > 0)) {
      const step = c.spec.path >= 0 ? nearest(c, e) : Math.round(point(e)[0]);
      if (step !== null && step >= 0) tell('cursor', c.spec.group, [step]);
    }
  });
  zr.on('mousedown', e => {
    if (!c.spec.zoom || !inside(e)) return;
    from = [e.offsetX, e.offsetY];
    box = new echarts.graphic.Rect({ style: { fill: '#ffffff33', stroke: '#fff', lineWidth: 1 }, silent: true, z: 95 });
    zr.add(box);
  });
  zr.on('mouseup', e => {
    if (!from) return;
    const start = from;
    from = null;
    zr.remove(box);
    const a = c.chart.convertFromPixel({ gridIndex: 0 }, start), b = point(e);
    if (Math.abs(e.offsetX - start[0]) < 5 || Math.abs(e.offsetY - start[1]) < 5) tell('pick', id, a);
    else tell('zoom', id, [Math.min(a[0], b[0]), Math.max(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[1], b[1])]);
  });
  // The start moves by arrow keys too, a hundredth of the map at a time.
  element.addEventListener('keydown', e => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
    if (!move || !c.spec.handle) return;
    e.preventDefault();
    const [l, r, b, t] = c.spec.range;
    tell('drag', id, [c.spec.handle[0] + move[0] * (r - l) / 100, c.spec.handle[1] + move[1] * (t - b) / 100]);
  });
}

function nearest(c, e) {
  const s = c.series[c.spec.path];
  let best = null, least = 30 * 30;
  for (let k = 0; k < s.x.length; k++) {
    const p = c.chart.convertToPixel({ gridIndex: 0 }, [s.x[k], s.y[k]]);
    const d = (p[0] - e.offsetX) ** 2 + (p[1] - e.offsetY) ** 2;
    if (d < least) [best, least] = [k, d];
  }
  return best;
}

export function saveChart(id, format) {
  const c = charts.get(id);
  if (!c) return;
  if (c.due) render(id, c);
  const name = `${c.spec.title || id}.${format}`.replace(/[^\w.,=-]+/g, '-');
  if (format === 'png') return download(name, c.chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: dark.matches ? '#181818' : '#ffffff' }));
  const copy = echarts.init(null, null, { renderer: 'svg', ssr: true, width: c.chart.getWidth(), height: c.chart.getHeight() });
  const drawn = { ...c, image: c.image?.toDataURL() };
  copy.setOption(option(drawn, true));
  download(name, 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(copy.renderToSVGString()));
  copy.dispose();
}

export const saveText = (name, text) => download(name, 'data:text/plain;charset=utf-8,' + encodeURIComponent(text));

export function copyText(text) {
  navigator.clipboard?.writeText(text).catch(() => {});
}

function download(name, url) {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}

// Planes are computed by a worker, started when the first one is asked for. The last message has no values: done, or -1 and an error.
// A worker that is within a row hears nothing, and all of a basin is one row: one that does not answer a newer order is ended, runtime and all.
const patience = 300;
let worker = null, awake = false, asked = null, wait = 0;

export function compute(job, query) { order({ job, query }); }

export function stop(job) {
  if (!worker) return;
  if (awake) return order({ job, query: null });
  // One that has not begun is not waited for.
  asked = { job, query: null };
  dismiss();
}

function order(what) {
  asked = what;
  worker ??= hire();
  worker.postMessage(what);
  clearTimeout(wait);
  if (awake) wait = setTimeout(dismiss, patience);
}

function dismiss() {
  worker.terminate();
  [worker, awake] = [null, false];
  if (asked.query !== null) order(asked);
}

function hire() {
  const hired = new Worker('./worker.js', { type: 'module' });
  hired.onmessage = ({ data: { heard: job, row, values, error, ...rest } }) => {
    if (hired !== worker) return;
    if (job !== undefined) {
      awake = true;
      if (job === asked.job) clearTimeout(wait);
      return;
    }
    if (error) console.error(error);
    heard(`row:${rest.job}:${row}`, Array.from(values).join(','));
  };
  hired.onerror = e => { console.error(e.message); heard('row:0:-1', ''); };
  return hired;
}
