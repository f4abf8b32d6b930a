// The developers' panel: envelopes, acknowledgements, API calls, with timings.
import { el, icon, post, replace } from './dom.js';
import { store } from './store.js';

const panel = document.getElementById('traffic');
const kinds = { api: 'API', envelope: 'Event', ack: 'Ack', response_url: 'Reply', socket: 'Socket' };
let filter = '', open = null, due = false, list, detail;

export function toggleTraffic(close) {
  panel.hidden = !panel.hidden;
  if (!panel.hidden) build(close);
  return !panel.hidden;
}

function build(close) {
  list = el('tbody');
  detail = el('div', { class: 'detail', tabindex: 0, role: 'region', 'aria-label': 'Request and response' }, el('p', { class: 'muted' }, 'Choose a line to see what was sent.'));
  const chooser = el('select', { 'aria-label': 'Kind', onchange: (ev) => { filter = ev.target.value; drawTraffic(true); } },
    el('option', { value: '' }, 'All traffic'), Object.entries(kinds).map(([k, v]) => el('option', { value: k, selected: k === filter }, v)));
  const faults = el('select', { 'aria-label': 'Make something go wrong', onchange: (ev) => { if (ev.target.value) post('fault', { name: ev.target.value }); ev.target.value = ''; } },
    [['', 'Break something…'], ['drop', 'Drop all sockets'], ['warning', 'Warn of a disconnect'], ['refresh_requested', 'Ask for a new connection'], ['lose_ack', 'Lose the next acknowledgement'],
      ['429 ', 'Rate-limit the next API call'], ['500 ', 'Fail the next API call']].map(([v, t]) => el('option', { value: v }, t)));
  replace(panel, el('header', {}, icon('pulse'), el('h2', {}, 'Traffic'), chooser, faults, el('span', { class: 'muted', id: 'socket-count' }),
    el('button', { class: 'icon', 'aria-label': 'Close traffic', onclick: close }, icon('close'))),
  el('div', { class: 'traffic-body' }, el('div', { class: 'scroll lines', tabindex: 0, role: 'region', 'aria-label': 'Exchanges' }, el('table', {},
    el('thead', {}, el('tr', {}, ['Time', 'Kind', 'Name', 'ms', 'Note'].map((h) => el('th', { scope: 'col' }, h)))), list)), detail));
  drawTraffic(true);
}

export function addTraffic(e) {
  store.traffic.push(e);
  if (store.traffic.length > 600) store.traffic.splice(0, 200);
  drawTraffic();
}

/** drawTraffic redraws at most once a frame, and only what can be seen. */
export function drawTraffic(now) {
  if (panel.hidden || due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    document.getElementById('socket-count').textContent = store.sockets === 1 ? '1 socket' : `${store.sockets} sockets`;
    const rows = store.traffic.filter((e) => !filter || e.kind === filter).slice(-200);
    const scroller = list.closest('.lines');
    const stuck = now || scroller.scrollTop + scroller.clientHeight > scroller.scrollHeight - 40;
    replace(list, rows.map((e) => el('tr', { class: (e.ok ? '' : 'bad ') + e.kind + (open === e.seq ? ' open' : '') },
      el('td', {}, new Date(e.time).toLocaleTimeString('en-GB') + '.' + String(new Date(e.time).getMilliseconds()).padStart(3, '0')),
      el('td', {}, el('span', { class: 'pill' }, kinds[e.kind])),
      el('td', {}, el('button', { class: 'link', onclick: () => show(e) }, e.name || '')),
      el('td', { class: 'right' }, e.kind === 'api' || e.kind === 'ack' || e.kind === 'response_url' ? e.ms.toFixed(1) : ''), el('td', {}, e.note || ''))));
    if (stuck) scroller.scrollTop = scroller.scrollHeight;
  });
}

function show(e) {
  open = e.seq;
  const pretty = (v) => el('pre', {}, JSON.stringify(v, null, 2));
  replace(detail, el('h3', {}, e.name), e.envelope_id && el('p', { class: 'muted' }, 'envelope ' + e.envelope_id),
    e.request && [el('h4', {}, e.kind === 'api' || e.kind === 'response_url' ? 'Request' : 'Frame'), pretty(e.request)], e.response && [el('h4', {}, 'Response'), pretty(e.response)]);
  drawTraffic();
}
