// Slack's two text formats, mrkdwn and Markdown, and rich_text, as DOM nodes.
import { el } from './dom.js';
import { store } from './store.js';

const emoji = {
  '+1': '👍', thumbsup: '👍', '-1': '👎', thumbsdown: '👎', eyes: '👀', white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌', warning: '⚠️',
  tada: '🎉', rocket: '🚀', fire: '🔥', heart: '❤️', smile: '😄', thinking_face: '🤔', hourglass: '⌛', hourglass_flowing_sand: '⏳', mag: '🔍',
  bulb: '💡', moneybag: '💰', chart_with_upwards_trend: '📈', chart_with_downwards_trend: '📉', bar_chart: '📊', lock: '🔒', gear: '⚙️', wave: '👋',
  point_right: '👉', information_source: 'ℹ️', question: '❓', exclamation: '❗', star: '⭐', memo: '📝', link: '🔗', calendar: '📅', bell: '🔔',
  no_entry: '⛔', arrow_up: '⬆️', arrow_down: '⬇️', arrow_right: '➡️', large_green_circle: '🟢', large_yellow_circle: '🟡', red_circle: '🔴',
  small_blue_diamond: '🔹', zap: '⚡', robot_face: '🤖', ok_hand: '👌', pray: '🙏', raised_hands: '🙌', speech_balloon: '💬', books: '📚', shield: '🛡️',
};
export const emojiNames = Object.keys(emoji);
export const emojiChar = (name) => emoji[name] || `:${name}:`;

const unescape = (s) => s.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/** plain turns Slack's wire text into what a person would read, for names, notifications and screen readers. */
export function plain(wire) {
  return unescape((wire || '')
    .replace(/<@([A-Z0-9]+)(\|[^>]*)?>/g, (_, id) => '@' + store.userName(id))
    .replace(/<#([A-Z0-9]+)(?:\|([^>]*))?>/g, (_, id, n) => '#' + (n || store.channelName(id)))
    .replace(/<!([^>|]+)(?:\|([^>]*))?>/g, (_, c, l) => l || '@' + c.split('^')[0])
    .replace(/<([^>|]+)\|([^>]*)>/g, '$2').replace(/<([^>]+)>/g, '$1'));
}

/** safeLink makes a link, if the address is one that a chat may open. */
export function safeLink(url, ...label) {
  if (!/^(https?:|mailto:)/i.test(url)) return el('span', {}, ...label);
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...label);
}

export function userChip(id) {
  return el('span', { class: 'mention' + (id === store.viewer ? ' me' : '') }, '@' + store.userName(id));
}

export function channelChip(id, label) {
  const known = store.channels.has(id);
  return el(known ? 'button' : 'span', { class: 'mention link', onclick: known ? () => store.go(id) : null }, '#' + (label || store.channelName(id)));
}

/** reference draws <…> of the wire format. */
function reference(body) {
  const [target, label] = body.split('|');
  switch (target[0]) {
    case '@': return userChip(target.slice(1));
    case '#': return channelChip(target.slice(1), label && unescape(label));
    case '!': {
      const [kind, ts, format, link] = target.slice(1).split('^');
      if (kind === 'date') {
        const text = formatDate(Number(ts), format, label && unescape(label));
        return link ? safeLink(link, text) : document.createTextNode(text);
      }
      return el('span', { class: 'mention loud' }, label ? unescape(label) : '@' + kind);
    }
  }
  return safeLink(unescape(target), unescape(label || target));
}

export function formatDate(ts, format, fallback) {
  const d = new Date(ts * 1000);
  if (isNaN(d)) return fallback || '';
  const day = { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric' };
  return (format || '{date}').replace(/\{(\w+)\}/g, (all, key) => {
    if (key.startsWith('date')) return d.toLocaleDateString(undefined, key === 'date_num' ? {} : day);
    if (key.startsWith('time')) return d.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
    if (key === 'ago') return d.toLocaleString();
    return all;
  });
}

// Inline marks. Each is tried in order; the first that matches earliest wins.
const common = [
  [/`([^`\n]+)`/, (m) => el('code', {}, unescape(m[1]))],
  [/<([^<>\n]+)>/, (m) => reference(m[1])],
];
const mrkdwnMarks = [...common,
  [/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*[^*\s])\*(?![\p{L}\p{N}*])/u, (m) => el('strong', {}, inline(m[1], mrkdwnMarks))],
  [/(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*[^_\s])_(?![\p{L}\p{N}_])/u, (m) => el('em', {}, inline(m[1], mrkdwnMarks))],
  [/(?<![\p{L}\p{N}~])~(?=\S)([^~\n]*[^~\s])~(?![\p{L}\p{N}~])/u, (m) => el('s', {}, inline(m[1], mrkdwnMarks))],
  [/:([a-z0-9_+-]+):/, (m) => emoji[m[1]] ? el('span', { class: 'emoji', role: 'img', 'aria-label': m[1].replace(/_/g, ' ') }, emoji[m[1]]) : m[0]],
];
const markdownMarks = [
  [/\\([\\`*_{}[\]()#+\-.!~|<>])/, (m) => m[1]],
  ...common,
  [/!\[([^\]\n]*)\]\(([^()\s]+)\)/, (m) => safeLink(m[2], m[1] || m[2])],
  [/\[((?:[^[\]\n]|\[[^[\]\n]*\])+)\]\(([^()\s]+)(?:\s+"[^"]*")?\)/, (m) => safeLink(m[2], inline(m[1], markdownMarks))],
  [/\*\*(?=\S)(.+?[^\s*])\*\*|\*\*(\S)\*\*/, (m) => el('strong', {}, inline(m[1] || m[2], markdownMarks))],
  [/__(?=\S)(.+?\S)__/, (m) => el('strong', {}, inline(m[1], markdownMarks))],
  [/~~(?=\S)(.+?)~~/, (m) => el('s', {}, inline(m[1], markdownMarks))],
  [/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*[^*\s])\*(?![\p{L}\p{N}*])/u, (m) => el('em', {}, inline(m[1], markdownMarks))],
  [/(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*[^_\s])_(?![\p{L}\p{N}_])/u, (m) => el('em', {}, inline(m[1], markdownMarks))],
  [/https?:\/\/[^\s<>)\]]+[^\s<>)\].,;:!?'"]/, (m) => safeLink(m[0], m[0])],
  [/:([a-z0-9_+-]+):/, (m) => emoji[m[1]] || m[0]],
];

function inline(text, marks) {
  const out = [];
  while (text) {
    let best = null, draw = null;
    for (const [re, f] of marks) {
      const m = re.exec(text);
      if (m && (!best || m.index < best.index)) { best = m; draw = f; }
    }
    if (!best) { out.push(unescape(text)); break; }
    if (best.index) out.push(unescape(text.slice(0, best.index)));
    out.push(draw(best));
    text = text.slice(best.index + best[0].length);
  }
  return out;
}

function lines(text, marks) {
  return text.split('\n').flatMap((l, i) => (i ? [el('br'), ...inline(l, marks)] : inline(l, marks)));
}

/** mrkdwn draws Slack's own format. */
export function mrkdwn(text) {
  const out = [];
  for (const [i, part] of (text || '').split('```').entries()) {
    if (i % 2) { out.push(el('pre', {}, el('code', {}, unescape(part.replace(/^\n/, ''))))); continue; }
    let quote = [];
    const flush = () => { if (quote.length) out.push(el('blockquote', {}, lines(quote.join('\n'), mrkdwnMarks))); quote = []; };
    let run = [];
    const flushRun = () => { if (run.length) out.push(el('span', {}, lines(run.join('\n'), mrkdwnMarks))); run = []; };
    for (const l of part.split('\n')) {
      const q = /^(?:&gt;|>) ?(.*)$/.exec(l);
      if (q) { flushRun(); quote.push(q[1]); } else { flush(); run.push(l); }
    }
    flush(); flushRun();
  }
  return el('div', { class: 'mrkdwn' }, out);
}

export function textObject(t) {
  if (!t) return null;
  if (t.type === 'mrkdwn') return mrkdwn(t.text);
  return el('span', { class: 'plain' }, withEmoji(t.text));
}

export function withEmoji(s) {
  return (s || '').replace(/:([a-z0-9_+-]+):/g, (all, n) => emoji[n] || all);
}

/** markdown draws the markdown block. */
export function markdown(source) {
  const root = el('div', { class: 'markdown' });
  const rows = (source || '').replace(/\r/g, '').split('\n');
  let i = 0;
  const para = [];
  const flush = () => { if (para.length) root.append(el('p', {}, lines(para.join('\n'), markdownMarks))); para.length = 0; };
  while (i < rows.length) {
    const l = rows[i];
    let m;
    if ((m = /^\s*(`{3,}|~{3,})\s*(\S*)/.exec(l))) {
      flush();
      const code = [];
      while (++i < rows.length && !rows[i].trim().startsWith(m[1])) code.push(rows[i]);
      i++;
      root.append(el('pre', {}, el('code', {}, code.join('\n'))));
    } else if ((m = /^(#{1,6})\s+(.*?)\s*#*$/.exec(l))) {
      flush();
      root.append(el('h' + Math.min(6, m[1].length + 2), {}, inline(m[2], markdownMarks)));
      i++;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(l)) {
      flush(); root.append(el('hr')); i++;
    } else if (l.includes('|') && i + 1 < rows.length && /^\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rows[i + 1]) && rows[i + 1].includes('-')) {
      flush(); i = table(root, rows, i);
    } else if (/^\s*(?:[-*+]|\d+[.)])\s+/.test(l)) {
      flush(); i = bullets(root, rows, i);
    } else if ((m = /^\s*>\s?(.*)$/.exec(l))) {
      flush();
      const quote = [];
      while (i < rows.length && (m = /^\s*>\s?(.*)$/.exec(rows[i]))) { quote.push(m[1]); i++; }
      root.append(el('blockquote', {}, lines(quote.join('\n'), markdownMarks)));
    } else if (!l.trim()) { flush(); i++; } else { para.push(l); i++; }
  }
  flush();
  return root;
}

const cells = (row) => row.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((c) => c.trim().replace(/\\\|/g, '|'));

function table(root, rows, i) {
  const align = cells(rows[i + 1]).map((c) => (c.endsWith(':') ? (c.startsWith(':') ? 'center' : 'right') : 'left'));
  const head = cells(rows[i]);
  const body = [];
  for (i += 2; i < rows.length && rows[i].includes('|') && rows[i].trim(); i++) body.push(cells(rows[i]));
  root.append(el('div', { class: 'scroll' }, el('table', { class: 'grid' },
    el('thead', {}, el('tr', {}, head.map((c, n) => el('th', { scope: 'col', class: align[n] }, inline(c, markdownMarks))))),
    el('tbody', {}, body.map((r) => el('tr', {}, head.map((_, n) => el('td', { class: align[n] }, inline(r[n] || '', markdownMarks)))))))));
  return i;
}

function bullets(root, rows, i) {
  const item = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
  const stack = [];
  for (; i < rows.length; i++) {
    const m = item.exec(rows[i]);
    if (!m) {
      if (rows[i].trim() && /^\s+/.test(rows[i]) && stack.length) { // a continuation line
        stack.at(-1).last.append(' ', ...inline(rows[i].trim(), markdownMarks));
        continue;
      }
      break;
    }
    const depth = m[1].replace(/\t/g, '    ').length;
    while (stack.length && depth < stack.at(-1).depth) stack.pop();
    if (!stack.length || depth > stack.at(-1).depth) {
      const ordered = /\d/.test(m[2]);
      const listNode = el(ordered ? 'ol' : 'ul', ordered && m[2] !== '1.' ? { start: parseInt(m[2], 10) } : {});
      (stack.length ? stack.at(-1).last : root).append(listNode);
      stack.push({ depth, node: listNode });
    }
    const li = el('li', {}, inline(m[3], markdownMarks));
    stack.at(-1).node.append(li);
    stack.at(-1).last = li;
  }
  return i;
}

/** richText draws a rich_text block. */
export function richText(b) {
  return el('div', { class: 'rich' }, (b.elements || []).map(richPart));
}

function richPart(p) {
  const kids = () => (p.elements || []).map(richInline);
  switch (p.type) {
    case 'rich_text_section': return el('div', {}, kids());
    case 'rich_text_preformatted': return el('pre', {}, el('code', {}, (p.elements || []).map((e) => e.text || e.url || '')));
    case 'rich_text_quote': return el('blockquote', {}, kids());
    case 'rich_text_list': {
      const style = 'indent' + Math.min(p.indent || 0, 8);
      return el(p.style === 'ordered' ? 'ol' : 'ul', { class: style, start: p.offset ? p.offset + 1 : null },
        (p.elements || []).map((e) => el('li', {}, (e.elements || []).map(richInline))));
    }
  }
  return null;
}

function richInline(e) {
  let node;
  switch (e.type) {
    case 'text': node = el('span', {}, e.text.split('\n').flatMap((t, i) => (i ? [el('br'), t] : [t]))); break;
    case 'link': node = safeLink(e.url, e.text || e.url); break;
    case 'user': node = userChip(e.user_id); break;
    case 'channel': node = channelChip(e.channel_id); break;
    case 'broadcast': node = el('span', { class: 'mention loud' }, '@' + e.range); break;
    case 'emoji': node = el('span', { class: 'emoji' }, emojiChar(e.name)); break;
    case 'date': node = el('span', {}, formatDate(e.timestamp, e.format, e.fallback)); break;
    case 'color': node = el('code', {}, e.value); break;
    case 'tag': node = el('span', { class: 'tag' }, e.text); break;
    default: node = el('span', {}, e.text || '');
  }
  const s = e.style || {};
  if (s.code) node = el('code', {}, node);
  if (s.bold) node = el('strong', {}, node);
  if (s.italic) node = el('em', {}, node);
  if (s.strike) node = el('s', {}, node);
  if (s.underline) node = el('u', {}, node);
  return node;
}
