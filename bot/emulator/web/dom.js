// Small helpers. All text goes through text nodes: nothing on this page is ever parsed as HTML.

/** el makes an element. Properties: on* listeners, class, dataset, aria-*, anything else as attribute; null is left out. */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  set(node, props);
  add(node, children);
  return node;
}

const SVG = 'http://www.w3.org/2000/svg';

/** svg makes an SVG element. */
export function svg(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  set(node, props);
  add(node, children);
  return node;
}

function set(node, props) {
  for (const [k, v] of Object.entries(props || {})) {
    if (v === null || v === undefined || v === false) continue;
    if (k.startsWith('on')) node.addEventListener(k.slice(2), v);
    else if (k === 'class') node.setAttribute('class', v);
    else if (k === 'dataset') Object.assign(node.dataset, v);
    else if (k === 'value') node.value = v;
    else node.setAttribute(k, v === true ? '' : v);
  }
}

function add(node, children) {
  for (const c of children.flat(Infinity)) {
    if (c === null || c === undefined || c === false) continue;
    node.append(c instanceof Node ? c : document.createTextNode(String(c)));
  }
}

export function replace(node, ...children) {
  node.replaceChildren();
  add(node, children);
  return node;
}

/** post asks the server to do something, as the person at this page. */
export async function post(action, body) {
  const res = await fetch('/page/do/' + action, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body || {}),
  });
  const out = await res.json().catch(() => ({}));
  if (out.error) toast(out.error, true);
  return out;
}

/** upload sends a message with files, as the person at this page. */
export async function upload(where, text, files) {
  const form = new FormData();
  for (const [k, v] of Object.entries({ ...where, text })) form.append(k, v || '');
  for (const f of files) form.append('file', f, f.name);
  const res = await fetch('/page/upload', { method: 'POST', body: form });
  const out = await res.json().catch(() => ({ error: 'The files were not sent.' }));
  if (out.error) toast(out.error, true);
  return out;
}

export function toast(text, bad) {
  const box = document.getElementById('toasts');
  const t = el('div', { class: 'toast' + (bad ? ' bad' : '') }, text,
    el('button', { class: 'icon', 'aria-label': 'Dismiss', onclick: () => t.remove() }, '×'));
  box.append(t);
  setTimeout(() => t.remove(), 8000);
}

export function announce(text) {
  document.getElementById('announce').textContent = text;
}

/** icons are drawn here so that the page needs no font and no picture. */
const paths = {
  hash: 'M9 4 7 20M17 4l-2 16M4 9h16M3 15h16', lock: 'M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3', close: 'M6 6l12 12M18 6 6 18',
  menu: 'M4 6h16M4 12h16M4 18h16', send: 'M4 12 20 4l-6 16-3-7z', thread: 'M4 5h16v11H10l-4 4v-4H4z', smile: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.5 10v.01M15.5 10v.01M8 14c2 3 6 3 8 0',
  dots: 'M5 12h.01M12 12h.01M19 12h.01', pulse: 'M3 12h4l3-8 4 16 3-8h4', moon: 'M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10z', spark: 'M12 3l2 6 6 2-6 2-2 7-2-7-6-2 6-2z',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3 2', eye: 'M2 12c4-7 16-7 20 0-4 7-16 7-20 0M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6', stop: 'M7 7h10v10H7z', back: 'M15 5l-7 7 7 7', down: 'M6 9l6 6 6-6',
  check: 'M5 13l4 4 10-10', home: 'M4 11l8-7 8 7v9H4z', file: 'M6 3h8l4 4v14H6zM14 3v4h4', clip: 'M8 12l6-6a3 3 0 0 1 4.5 4.5L10 19a5 5 0 0 1-7-7l8-8', pin: 'M9 4h6l-1 7 3 3H7l3-3zM12 14v6',
};

export function icon(name) {
  return svg('svg', { viewBox: '0 0 24 24', class: 'ico', 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: paths[name], fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }));
}
