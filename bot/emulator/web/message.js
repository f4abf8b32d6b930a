// One message.
import { el, icon, post } from './dom.js';
import { blocks } from './blocks.js';
import { mrkdwn, emojiChar, plain } from './text.js';
import { store, author, isReply } from './store.js';

export function clock(ts) {
  return new Date(parseFloat(ts) * 1000).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

export function dayOf(ts) {
  const d = new Date(parseFloat(ts) * 1000);
  return d.toDateString() === new Date().toDateString() ? 'Today' : d.toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
}

/** avatar is a coloured letter. */
export function avatar(who) {
  const hue = [...who.name].reduce((a, c) => (a * 31 + c.codePointAt(0)) % 360, 7);
  const a = el('span', { class: 'avatar ' + who.kind, 'aria-hidden': 'true' }, who.kind === 'app' ? icon('spark') : who.name[0]?.toUpperCase());
  if (who.kind === 'user') a.style.setProperty('--hue', hue);
  return a;
}

/** message draws m. joined: it follows one of the same author. */
export function message(m, joined, inThread, openThread) {
  const who = author(m);
  const ctx = { channel: m.channel, ts: m.ts };
  const body = el('div', { class: 'content', 'data-state': '1' });
  if (m.command) body.append(el('div', { class: 'muted via' }, 'answers ', el('code', {}, m.command)));
  if (m.subtype === 'tombstone') body.append(el('em', { class: 'muted' }, m.text));
  else if (m.blocks?.length) body.append(...blocks(m.blocks, ctx).filter(Boolean));
  else if (m.text) body.append(mrkdwn(m.text));
  for (const a of m.attachments || []) body.append(attachment(a, ctx));
  for (const f of m.files || []) body.append(file(f));
  if (m.streaming) body.append(el('div', { class: 'streaming' }, el('span', { class: 'cursor', role: 'img', 'aria-label': 'still writing' }), el('button', { class: 'btn tiny', onclick: () => post('stop', ctx) }, icon('stop'), 'Stop')));
  const node = el('article', {
    class: 'message' + (joined ? ' joined' : '') + (m.ephemeral_to ? ' ephemeral' : '') + (m.error ? ' system' : ''), tabindex: -1, dataset: { ts: m.ts },
    'aria-label': `${who.name}, ${clock(m.ts)}: ${plain(m.text).slice(0, 140)}`,
  },
  joined ? el('time', { class: 'gutter', 'aria-hidden': 'true' }, clock(m.ts)) : avatar(who),
  el('div', { class: 'message-main' },
    m.ephemeral_to && el('div', { class: 'only' }, icon('eye'), 'Only visible to you'),
    isReply(m) && !inThread && el('div', { class: 'only' }, icon('thread'), 'Replied to a thread'),
    m.pinned && el('div', { class: 'only' }, icon('pin'), 'Pinned'),
    !joined && el('div', { class: 'head' }, el('strong', {}, who.name), who.kind === 'app' && el('span', { class: 'badge' }, 'APP'), el('time', { class: 'muted' }, clock(m.ts))),
    body,
    m.edited && !m.bot_id && el('span', { class: 'muted small' }, '(edited)'),
    reactions(m), !inThread && replies(m, openThread)),
  tools(m, () => node, inThread, openThread));
  return node;
}

function attachment(a, ctx) {
  return el('div', { class: 'attachment' }, a.title && el('strong', {}, a.title), a.text && mrkdwn(a.text), blocks(a.blocks, ctx), a.fallback && !a.text && !a.blocks && a.fallback);
}

function file(f) {
  const src = '/page/file/' + f.id;
  if ((f.mimetype || '').startsWith('image/')) return el('figure', { class: 'b-image' }, el('figcaption', {}, f.title), el('img', { src, class: 'big', alt: f.alt_txt || f.title }));
  return el('a', { class: 'file', href: src, download: f.name }, icon('file'), el('span', {}, el('strong', {}, f.title), el('small', {}, `${f.filetype.toUpperCase()} · ${Math.ceil(f.size / 1024)} kB`)));
}

function reactions(m) {
  if (!m.reactions?.length) return null;
  return el('div', { class: 'reactions' }, m.reactions.map((r) => el('button', {
    class: r.users.includes(store.viewer) ? 'mine' : '', 'aria-label': `${r.name}, ${r.count}: ${r.users.map((u) => store.userName(u)).join(', ')}`, title: r.users.map((u) => store.userName(u)).join(', '),
    onclick: () => post('react', { channel: m.channel, ts: m.ts, name: r.name }),
  }, emojiChar(r.name), ' ', r.count)));
}

function replies(m, openThread) {
  const n = store.replies(m.channel, m.ts).filter((r) => !r.ephemeral_to).length;
  if (!n || isReply(m)) return null;
  return el('button', { class: 'replies', onclick: () => openThread(m) }, icon('thread'), n === 1 ? '1 reply' : `${n} replies`);
}

function tools(m, node, inThread, openThread) {
  if (m.ephemeral_to) {
    return el('div', { class: 'tools' }, el('button', { class: 'icon', 'aria-label': 'Dismiss', title: 'Dismiss', onclick: () => { store.remove(m.channel, m.ts); node().remove(); } }, icon('close')));
  }
  if (m.subtype === 'tombstone') return null;
  const own = m.user === store.viewer;
  const shortcuts = store.app.shortcuts.filter((s) => s.type === 'message');
  const items = [
    ...shortcuts.map((s) => [s.name, () => post('shortcut', { channel: m.channel, ts: m.ts, callback: s.callback_id })]),
    own && ['Edit message', () => edit(m, node())], own && ['Delete message', () => post('delete', { channel: m.channel, ts: m.ts })],
  ].filter(Boolean);
  const d = items.length && el('details', { class: 'overflow' }, el('summary', { class: 'icon', 'aria-label': 'More actions' }, icon('dots')),
    el('div', { class: 'popup', role: 'menu' }, items.map(([t, f]) => el('button', { role: 'menuitem', onclick: () => { d.open = false; f(); } }, t))));
  return el('div', { class: 'tools', role: 'toolbar', 'aria-label': 'Message actions' },
    el('button', { class: 'icon', 'aria-label': 'React with thumbs up', title: 'Thumbs up', onclick: () => post('react', { channel: m.channel, ts: m.ts, name: '+1' }) }, icon('smile')),
    !inThread && !isReply(m) && el('button', { class: 'icon', 'aria-label': 'Reply in thread', title: 'Reply in thread', onclick: () => openThread(m) }, icon('thread')), d || null);
}

function edit(m, node) {
  const box = el('textarea', { rows: 2, 'aria-label': 'Edit message' });
  box.value = plain(m.text);
  const content = node.querySelector('.content');
  const done = () => { box.replaceWith(content); };
  box.addEventListener('keydown', (ev) => {
    if (ev.key === 'Escape') { ev.stopPropagation(); done(); }
    if (ev.key === 'Enter' && !ev.shiftKey) { ev.preventDefault(); post('edit', { channel: m.channel, ts: m.ts, text: box.value }); done(); }
  });
  content.replaceWith(box);
  box.focus();
}
