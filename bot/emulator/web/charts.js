// The data_visualization block, drawn as SVG.
import { el, svg } from './dom.js';

let W = 640;
const H = 300;

/** chart draws a block, with a table beside it that only screen readers see. */
export function chart(block) {
  const c = block.chart || {};
  W = innerWidth < 721 ? 400 : 640; // so that the labels can be read on a phone
  const pie = c.type === 'pie';
  const names = pie ? (c.segments || []).map((s) => s.label) : (c.series || []).map((s) => s.name);
  return el('figure', { class: 'chart' },
    el('figcaption', {}, block.title),
    pie ? drawPie(c, block.title) : drawSeries(c, block.title),
    el('ul', { class: 'legend', 'aria-hidden': 'true' }, names.map((n, i) => el('li', { class: 'series' + i }, el('span', { class: 'swatch' }), n))),
    dataTable(c, block.title, pie));
}

function dataTable(c, title, pie) {
  const head = pie ? ['Part', 'Value'] : [c.axis_config?.x_label || 'Category', ...(c.series || []).map((s) => s.name)];
  const rows = pie ? (c.segments || []).map((s) => [s.label, s.value])
    : (c.axis_config?.categories || []).map((cat) => [cat, ...(c.series || []).map((s) => (s.data || []).find((d) => d.label === cat)?.value)]);
  return el('div', { class: 'hidden' }, el('table', {}, el('caption', {}, title), el('tbody', {},
    el('tr', {}, head.map((h) => el('th', { scope: 'col' }, h))), rows.map((r) => el('tr', {}, r.map((x) => el('td', {}, x)))))));
}

export function short(n) {
  const a = Math.abs(n);
  for (const [unit, size] of [['B', 1e9], ['M', 1e6], ['k', 1e3]]) if (a >= size) return trim(n / size) + unit;
  return trim(n);
}
const trim = (n) => String(Number(n.toPrecision(3)));

/** ticks returns round numbers that span lo to hi. */
export function ticks(lo, hi, want = 5) {
  if (hi === lo) hi = lo + 1;
  const raw = (hi - lo) / want;
  const mag = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((s) => s * mag).find((s) => s >= raw);
  const out = [];
  for (let t = Math.floor(lo / step) * step; t < hi + step * 0.999; t += step) out.push(Number(t.toPrecision(12)));
  return out;
}

function drawSeries(c, title) {
  const cats = c.axis_config?.categories || [];
  const series = (c.series || []).map((s) => ({ name: s.name, values: cats.map((k) => (s.data || []).find((d) => d.label === k)?.value ?? 0) }));
  const all = series.flatMap((s) => s.values);
  const marks = ticks(Math.min(0, ...all), Math.max(0, ...all));
  const lo = marks[0], hi = marks.at(-1);
  const left = 62, right = 14, top = 12, crowded = cats.length > 7 || cats.some((k) => k.length > 9);
  const bottom = (crowded ? 68 : 34) + (c.axis_config?.x_label ? 18 : 0);
  const y = (v) => top + (H - top - bottom) * (1 - (v - lo) / (hi - lo));
  const band = (W - left - right) / Math.max(cats.length, 1);
  const line = c.type !== 'bar';
  const x = (i) => (line && cats.length > 1 ? left + ((W - left - right) * i) / (cats.length - 1) : left + band * (i + 0.5));
  const root = svg('svg', { viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `${title}. A ${c.type} chart; its numbers follow as a table.` });
  for (const t of marks) {
    root.append(svg('line', { x1: left, x2: W - right, y1: y(t), y2: y(t), class: t === 0 ? 'axis' : 'gridline' }),
      svg('text', { x: left - 8, y: y(t) + 4, 'text-anchor': 'end' }, short(t)));
  }
  const skip = Math.ceil(cats.length / (W < 500 ? 8 : 14));
  cats.forEach((k, i) => {
    if (i % skip) return;
    const at = { x: x(i), y: H - bottom + 18, 'text-anchor': crowded ? 'end' : line && i === 0 ? 'start' : line && i === cats.length - 1 ? 'end' : 'middle' };
    if (crowded) at.transform = `rotate(-38 ${at.x} ${at.y})`;
    root.append(svg('text', at, k));
  });
  series.forEach((s, n) => root.append(c.type === 'bar' ? bars(s, n, series.length, cats, band, left, y) : curve(s, n, cats, x, y, c.type === 'area')));
  if (c.axis_config?.x_label) root.append(svg('text', { x: (left + W - right) / 2, y: H - 4, 'text-anchor': 'middle', class: 'label' }, c.axis_config.x_label));
  if (c.axis_config?.y_label) root.append(svg('text', { x: 13, y: (H - bottom) / 2, 'text-anchor': 'middle', class: 'label', transform: `rotate(-90 13 ${(H - bottom) / 2})` }, c.axis_config.y_label));
  return root;
}

function bars(s, n, of, cats, band, left, y) {
  const w = (band * 0.78) / of;
  return svg('g', { class: 'series' + n }, s.values.map((v, i) => svg('rect', {
    x: left + band * i + band * 0.11 + w * n, width: Math.max(w - 1, 1), y: Math.min(y(v), y(0)), height: Math.abs(y(v) - y(0)), rx: 2, class: 'bar',
  }, svg('title', {}, `${s.name}, ${cats[i]}: ${short(v)}`))));
}

function curve(s, n, cats, x, y, filled) {
  const points = s.values.map((v, i) => `${x(i)},${y(v)}`);
  return svg('g', { class: 'series' + n },
    filled ? svg('polygon', { points: [`${x(0)},${y(0)}`, ...points, `${x(s.values.length - 1)},${y(0)}`].join(' '), class: 'area' }) : null,
    svg('polyline', { points: points.join(' '), class: 'curve' }),
    s.values.map((v, i) => svg('circle', { cx: x(i), cy: y(v), r: 3.5, class: 'dot' }, svg('title', {}, `${s.name}, ${cats[i]}: ${short(v)}`))));
}

function drawPie(c, title) {
  const parts = c.segments || [];
  const total = parts.reduce((a, p) => a + p.value, 0) || 1;
  const root = svg('svg', { viewBox: '0 0 640 260', role: 'img', 'aria-label': `${title}. A pie chart; its numbers follow as a table.` });
  let from = -Math.PI / 2;
  parts.forEach((p, n) => {
    const to = from + (2 * Math.PI * p.value) / total;
    const [x1, y1, x2, y2] = [Math.cos(from), Math.sin(from), Math.cos(to), Math.sin(to)].map((v, i) => (i % 2 ? 130 : 320) + 115 * v);
    const d = parts.length === 1 ? 'M205 130a115 115 0 1 0 230 0a115 115 0 1 0-230 0z' : `M320 130L${x1} ${y1}A115 115 0 ${to - from > Math.PI ? 1 : 0} 1 ${x2} ${y2}Z`;
    root.append(svg('g', { class: 'series' + n }, svg('path', { d, class: 'slice' }, svg('title', {}, `${p.label}: ${short(p.value)} (${Math.round((100 * p.value) / total)} %)`))));
    from = to;
  });
  return root;
}
