// The page: a chat as people know it, fed by server-sent events.
import { el, icon, post, upload, replace, toast, announce } from './dom.js';
import { store, isReply, author } from './store.js';
import { message, dayOf, avatar } from './message.js';
import { blocks } from './blocks.js';
import { composer } from './composer.js';
import { drawModal } from './modal.js';
import { toggleTraffic, addTraffic, drawTraffic } from './traffic.js';
import { plain } from './text.js';

const $ = (id) => document.getElementById(id);
const sidebar = $('sidebar'), main = $('main'), side = $('side'), shade = $('shade');
let mainBox, sideBox, mainList, sideList;

// ---- theme ----
const media = matchMedia('(prefers-color-scheme: dark)');
function applyTheme() {
  const chosen = localStorage.getItem('theme');
  document.documentElement.dataset.theme = chosen || (media.matches ? 'dark' : 'light');
}
media.addEventListener('change', applyTheme);
applyTheme();
function flipTheme() {
  localStorage.setItem('theme', document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
  applyTheme();
}

// ---- sidebar ----
function drawSidebar() {
  const rooms = [...store.channels.values()].filter((c) => !c.is_im);
  const dms = [...store.channels.values()].filter((c) => c.is_im);
  const row = (c) => {
    const n = store.unread.get(c.id) || 0;
    const name = store.channelName(c.id);
    return el('li', {}, el('button', {
      class: 'room' + (c.id === store.current ? ' here' : '') + (n ? ' unread' : ''), 'aria-current': c.id === store.current ? 'page' : null,
      'aria-label': name + (c.is_im ? ', direct message' : c.is_private ? ', private channel' : ', channel') + (n ? `, ${n} new` : ''), onclick: () => go(c.id),
    }, c.is_im ? avatar({ name, kind: c.id === store.app.dm ? 'app' : 'user' }) : icon(c.is_private ? 'lock' : 'hash'), el('span', {}, name), n > 0 && el('span', { class: 'count' }, n)));
  };
  replace(sidebar,
    el('div', { class: 'team' }, el('strong', {}, store.team.name), el('span', { class: 'muted' }, 'runs on this computer only')),
    el('div', { class: 'rooms' },
      el('h2', {}, 'Channels'), el('ul', {}, rooms.map(row)),
      el('h2', {}, 'Direct messages'), el('ul', {}, dms.map(row)),
      (store.app.home || store.app.assistant || store.app.shortcuts.some((s) => s.type === 'global')) && el('h2', {}, 'App'), el('ul', {},
        store.app.home && el('li', {}, el('button', { class: 'room', onclick: () => { store.tab = 'home'; go(store.app.dm); } }, icon('home'), el('span', {}, 'App Home'))),
        store.app.assistant && el('li', {}, el('button', { class: 'room', onclick: openAssistant }, icon('spark'), el('span', {}, 'Ask ' + store.app.name))),
        store.app.shortcuts.filter((s) => s.type === 'global').map((s) => el('li', {}, el('button', { class: 'room', onclick: () => post('shortcut', { callback: s.callback_id }) }, icon('pulse'), el('span', {}, s.name)))))),
    el('div', { class: 'foot' },
      store.digest && el('button', { class: 'room', id: 'skip-digest', onclick: skipDigest }, icon('clock'), el('span', {}, 'Skip to the next digest')),
      el('button', { class: 'room', id: 'show-traffic', 'aria-pressed': String(!$('traffic').hidden), onclick: flipTraffic }, icon('pulse'), el('span', {}, 'Traffic')),
      el('button', { class: 'room', id: 'flip-theme', onclick: flipTheme }, icon('moon'), el('span', {}, 'Dark or light')),
      el('div', { class: 'me' }, avatar({ name: store.realName(store.viewer), kind: 'user' }), el('span', {}, store.realName(store.viewer)),
        el('span', { class: 'dot ' + (store.sockets ? 'on' : 'off'), role: 'img', title: store.sockets ? 'The app is connected' : 'The app is not connected', 'aria-label': store.sockets ? 'The app is connected' : 'The app is not connected' }))));
}

async function skipDigest() {
  const out = await post('digest');
  if (out.text) toast(out.text);
}

function flipTraffic() {
  const on = toggleTraffic(flipTraffic);
  document.body.classList.toggle('with-traffic', on);
  $('show-traffic')?.setAttribute('aria-pressed', String(on));
}

function drawer(open) {
  document.body.classList.toggle('drawer', open);
  shade.hidden = !open;
}
shade.addEventListener('click', () => drawer(false));

// ---- main pane ----
function go(channel) {
  if (!store.channels.has(channel)) return;
  if (channel !== store.app.dm) store.tab = 'messages';
  store.current = channel;
  store.unread.delete(channel);
  localStorage.setItem('channel', channel);
  drawer(false);
  if (store.side && store.side.channel !== channel && !store.side.assistant) closeSide();
  drawSidebar();
  drawMain();
  if (channel === store.app.dm) post('home', { tab: store.tab });
  if (matchMedia('(min-width: 721px)').matches) mainBox?.box.focus();
}
store.go = go;

function drawMain() {
  const c = store.channels.get(store.current);
  if (!c) return;
  const name = store.channelName(c.id);
  const app = store.isAppDM(c.id);
  document.title = (c.is_im ? name : '#' + name) + ' · Local Slack';
  const tab = (id, label) => el('button', { role: 'tab', id: 'tab-' + id, 'aria-selected': String(store.tab === id), class: store.tab === id ? 'here' : '', onclick: () => { store.tab = id; drawMain(); post('home', { tab: id }); } }, label);
  const head = el('header', { class: 'top' },
    el('button', { class: 'icon only-phone', 'aria-label': 'Open channels', onclick: () => drawer(true) }, icon('menu')),
    el('h1', {}, !c.is_im && icon(c.is_private ? 'lock' : 'hash'), name),
    c.topic?.value && el('span', { class: 'muted topic' }, c.topic.value),
    app && store.app.home && el('div', { class: 'tabs', role: 'tablist' }, tab('home', 'Home'), tab('messages', 'Messages')),
    el('span', { class: 'grow' }),
    !c.is_im && el('span', { class: 'muted topic' }, `${c.num_members} members`, !c.is_member && ' · the app is not in here'));
  mainList = null;
  mainBox = null;
  if (app && store.tab === 'home') {
    replace(main, head, home());
    return;
  }
  mainList = el('div', { class: 'list', role: 'log', 'aria-label': 'Messages in ' + name, tabindex: 0 });
  mainBox = composer('composer-main', c.is_im ? 'Message ' + name : 'Message #' + name, (text, files) => say({ channel: c.id }, text, files));
  replace(main, head, mainList, mainBox);
  fill(mainList, store.top(c.id), false);
  if (!mainList.children.length) mainList.append(welcome(c));
  toEnd(mainList);
}

const say = (where, text, files) => files.length ? upload(where, text, files) : post('send', { ...where, text });

function home() {
  const v = store.views.home;
  return el('div', { class: 'home', 'data-state': '1' }, v ? blocks(v.blocks, { view: v.id }) : el('p', { class: 'muted pad' }, 'The app has not published a Home tab yet.'));
}

function welcome(c) {
  const name = store.channelName(c.id);
  return el('div', { class: 'welcome' }, el('h2', {}, c.is_im ? name : '#' + name),
    el('p', {}, c.is_im ? `This is the start of your conversation with ${name}.` : `This is the start of #${name}. ${c.topic?.value || ''}`),
    store.hints.length > 0 && el('div', { class: 'hints' }, el('span', { class: 'muted' }, 'Try'), store.hints.filter((h) => !(c.is_im && h.startsWith('@'))).map((h) => el('button', { class: 'btn', onclick: () => mainBox.fill(h) }, h))));
}

/** fill puts messages into a list, with a line where the day changes. */
function fill(list, msgs, inThread) {
  let last = null;
  const out = [];
  for (const m of msgs) {
    if (!last || dayOf(last.ts) !== dayOf(m.ts)) { out.push(el('div', { class: 'day', role: 'separator' }, el('span', {}, dayOf(m.ts)))); last = null; }
    out.push(message(m, joins(last, m), inThread, openThread));
    last = m;
  }
  replace(list, out);
}

function joins(a, b) {
  return a && author(a).name === author(b).name && parseFloat(b.ts) - parseFloat(a.ts) < 300 && !!a.ephemeral_to === !!b.ephemeral_to && !b.command && !isReply(b) && !isReply(a);
}

/** toEnd shows the newest message: its end, or its beginning if it is taller than the list. */
function toEnd(list) {
  if (!list) return;
  list.scrollTop = list.scrollHeight;
  const last = list.querySelector('.message:last-child');
  if (last && last.offsetHeight > list.clientHeight) list.scrollTop += last.getBoundingClientRect().top - list.getBoundingClientRect().top - 8;
}
/** nearEnd: new messages may move the list, since nobody is reading further up. */
function nearEnd(list) {
  const last = list.querySelector('.message:last-child');
  const bottom = list.getBoundingClientRect().bottom;
  return list.scrollTop + list.clientHeight > list.scrollHeight - 120 || (last && last.getBoundingClientRect().top < bottom - 60);
}

// ---- side pane: threads and the assistant ----
function openThread(m, assistant) {
  store.side = { channel: m.channel, ts: m.thread_ts || m.ts, assistant };
  drawSide();
  if (matchMedia('(min-width: 721px)').matches) sideBox?.box.focus();
}

function closeSide() {
  store.side = null;
  side.hidden = true;
  document.body.classList.remove('with-side');
  mainBox?.box.focus();
}

async function openAssistant() {
  drawer(false);
  const out = await post('assistant', { channel: store.channels.get(store.current)?.is_im ? '' : store.current });
  if (!out.channel) return;
  if (out.thread_ts) openThread({ channel: out.channel, ts: out.thread_ts }, true);
  else { store.tab = 'messages'; go(out.channel); }
}

function drawSide() {
  const s = store.side;
  if (!s) return;
  const t = store.threads.get(s.channel + ' ' + s.ts) || {};
  side.hidden = false;
  side.setAttribute('aria-label', s.assistant ? 'Assistant' : 'Thread');
  document.body.classList.add('with-side');
  const held = sideBox?.box.value && sideList?.dataset.ts === s.ts ? sideBox.box.value : '';
  sideList = el('div', { class: 'list', role: 'log', 'aria-label': 'Thread', tabindex: 0, dataset: { ts: s.ts } });
  sideBox = composer('composer-side', s.assistant ? 'Ask ' + store.app.name : 'Reply', (text, files) => say({ channel: s.channel, thread: s.ts }, text, files), true);
  const name = store.channelName(s.channel);
  replace(side, el('header', { class: 'top' },
    el('h2', {}, s.assistant ? [icon('spark'), t.title || store.app.name] : 'Thread'), !s.assistant && el('span', { class: 'muted' }, store.channels.get(s.channel)?.is_im ? name : '#' + name),
    el('span', { class: 'grow' }), el('button', { class: 'icon', 'aria-label': 'Close', onclick: closeSide }, icon('close'))), sideList, sideBox);
  fillSide();
  if (held) sideBox.fill(held);
}

function fillSide() {
  const s = store.side;
  const parent = store.messages.get(s.channel)?.get(s.ts);
  const replies = store.replies(s.channel, s.ts);
  const t = store.threads.get(s.channel + ' ' + s.ts) || {};
  fill(sideList, [...(parent && !s.assistant ? [parent] : []), ...replies], true);
  if (s.assistant && !replies.length && t.prompts?.length) {
    sideList.append(el('div', { class: 'prompts' }, el('p', { class: 'muted' }, t.prompts_title || 'Try one of these'), t.prompts.map((p) => el('button', { class: 'btn', onclick: () => post('send', { channel: s.channel, thread: s.ts, text: p.message }) }, p.title))));
  }
  if (t.status) {
    sideList.append(el('div', { class: 'thinking', role: 'status' }, el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')), `${store.app.name} ${t.status}`,
      t.loading_messages?.length && el('small', { class: 'muted' }, t.loading_messages[0])));
  }
  toEnd(sideList);
}

// ---- what the server tells ----
function onMessage(m) {
  const fresh = store.put(m);
  if (!store.messages.get(m.channel)?.has(m.ts)) return;
  const here = m.channel === store.current && mainList;
  if (here) {
    if (!isReply(m) || m.broadcast) placeMessage(mainList, m, fresh);
    else refreshParent(m);
  }
  if (store.side && store.side.channel === m.channel && (m.thread_ts === store.side.ts || m.ts === store.side.ts)) placeSide(m, fresh);
  if (fresh && m.user !== store.viewer && m.subtype !== 'assistant_app_thread') {
    announce(`${author(m).name}: ${plain(m.text).slice(0, 200)}`);
    const visible = here || (store.side && store.side.channel === m.channel);
    if (!visible) {
      store.unread.set(m.channel, (store.unread.get(m.channel) || 0) + 1);
      drawSidebar();
    }
  }
}

function placeMessage(list, m, fresh) {
  const stick = nearEnd(list);
  const old = list.querySelector(`[data-ts="${m.ts}"]`);
  if (old && !fresh) {
    old.replaceWith(message(m, old.classList.contains('joined'), false, openThread));
  } else {
    fill(list, store.top(store.current), false);
  }
  if (stick) toEnd(list);
}

function placeSide(m, fresh) {
  const old = sideList.querySelector(`[data-ts="${m.ts}"]`);
  const stick = nearEnd(sideList);
  if (old && !fresh) old.replaceWith(message(m, old.classList.contains('joined'), true, openThread));
  else fillSide();
  if (stick) toEnd(sideList);
}

function refreshParent(reply) {
  const p = store.messages.get(reply.channel)?.get(reply.thread_ts);
  const old = p && mainList.querySelector(`[data-ts="${p.ts}"]`);
  if (old) {
    const stick = nearEnd(mainList);
    old.replaceWith(message(p, old.classList.contains('joined'), false, openThread));
    if (stick) toEnd(mainList);
  }
}

const handlers = {
  message: onMessage,
  deleted: (d) => {
    store.remove(d.channel, d.ts);
    if (d.channel === store.current && mainList) fill(mainList, store.top(store.current), false);
    if (store.side?.channel === d.channel) (store.side.ts === d.ts ? closeSide() : fillSide());
  },
  channel: (c) => { if (!c.is_im || c.user === store.viewer) { store.channels.set(c.id, c); drawSidebar(); } },
  views: (v) => {
    if (v.user !== store.viewer) return;
    store.views = v;
    drawModal();
    if (store.tab === 'home' && store.isAppDM(store.current)) main.querySelector('.home')?.replaceWith(home());
  },
  thread: (t) => {
    store.threads.set(t.channel + ' ' + t.thread_ts, t);
    if (store.side && store.side.channel === t.channel && store.side.ts === t.thread_ts) {
      fillSide();
      if (store.side.assistant && t.title) replace(side.querySelector('h2'), icon('spark'), t.title);
    }
  },
  traffic: addTraffic,
  sockets: (n) => { store.sockets = n; drawSidebar(); drawTraffic(); },
  toast: (t) => { if (t.user === store.viewer) toast(t.text, true); },
};

async function load() {
  const res = await fetch('/page/state');
  store.load(await res.json());
  const wanted = store.current || location.hash.slice(1) || localStorage.getItem('channel');
  const rooms = [...store.channels.values()];
  const first = rooms.find((c) => c.is_general) || rooms.find((c) => !c.is_im && c.is_member) || rooms[0];
  store.current = store.channels.has(wanted) ? wanted : first.id;
  drawSidebar();
  drawMain();
  drawModal();
  drawTraffic();
  if (store.side) drawSide();
  document.body.dataset.ready = '1';
}

const feed = new EventSource('/page/events');
let loading = Promise.resolve();
feed.addEventListener('ready', () => { loading = load(); });
feed.addEventListener('error', () => { document.body.dataset.ready = ''; });
for (const [kind, f] of Object.entries(handlers)) feed.addEventListener(kind, async (ev) => { await loading; f(JSON.parse(ev.data)); });

// ---- keyboard ----
document.addEventListener('keydown', (ev) => {
  if (ev.key === 'Escape') {
    if (document.body.classList.contains('drawer')) drawer(false);
    else if (store.side && !document.querySelector('dialog[open]')) closeSide();
  }
  if (ev.key === 'F6') {
    ev.preventDefault();
    const stops = [sidebar.querySelector('.here'), mainBox?.box, store.side && sideBox?.box, !$('traffic').hidden && $('traffic').querySelector('.lines')].filter(Boolean);
    const at = stops.findIndex((s) => s === document.activeElement);
    stops[(at + (ev.shiftKey ? stops.length - 1 : 1)) % stops.length]?.focus();
  }
  if ((ev.key === 'ArrowUp' || ev.key === 'ArrowDown') && document.activeElement.closest('.list')) {
    const current = document.activeElement.closest('.message');
    if (document.activeElement !== current && document.activeElement !== mainList && document.activeElement !== sideList) return;
    const all = [...document.activeElement.closest('.list').querySelectorAll('.message')];
    const next = current ? all[all.indexOf(current) + (ev.key === 'ArrowUp' ? -1 : 1)] : all.at(-1);
    if (next) { ev.preventDefault(); next.focus(); }
  }
});
document.addEventListener('click', (ev) => { // open menus close when something else is clicked
  for (const d of document.querySelectorAll('details.overflow[open]')) if (!d.contains(ev.target)) d.open = false;
});
