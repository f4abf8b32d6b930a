// Block Kit as DOM. ctx says where blocks stand: {channel, ts} of a message, or {view} of a modal or App Home.
import { el, icon, post, replace } from './dom.js';
import { mrkdwn, markdown, richText, textObject, withEmoji, safeLink } from './text.js';
import { chart, short } from './charts.js';
import { store } from './store.js';

export function blocks(list, ctx) {
  return (list || []).map((b) => block(b, ctx));
}

function block(b, ctx) {
  const draw = kinds[b.type];
  const node = draw ? draw(b, ctx) : el('div', { class: 'unknown' }, `(${b.type} block)`);
  if (node && b.block_id) node.dataset.block = b.block_id;
  return node;
}

const kinds = {
  section: (b, ctx) => el('div', { class: 'b-section' },
    el('div', { class: 'grow' }, textObject(b.text), b.fields && el('div', { class: 'fields' }, b.fields.map((f) => el('div', {}, textObject(f))))),
    b.accessory && el('div', { class: 'accessory' }, element(b.accessory, b.block_id, ctx))),
  header: (b) => el('h' + Math.min(6, (b.level || 1) + 2), { class: 'b-header' }, withEmoji(b.text?.text)),
  divider: () => el('hr'),
  context: (b) => el('div', { class: 'b-context' }, b.elements.map((e) => (e.type === 'image' ? picture(e, 'img-tiny') : textObject(e)))),
  actions: (b, ctx) => el('div', { class: 'b-actions' }, b.elements.map((e) => element(e, b.block_id, ctx))),
  context_actions: (b, ctx) => el('div', { class: 'b-actions small' }, b.elements.map((e) => element(e, b.block_id, ctx))),
  image: (b) => el('figure', { class: 'b-image' }, b.title && el('figcaption', {}, b.title.text), picture(b)),
  input: (b, ctx) => input(b, ctx),
  rich_text: (b) => richText(b),
  markdown: (b) => markdown(b.text),
  table: (b) => simpleTable(b),
  data_table: (b, ctx) => dataTable(b, ctx),
  data_visualization: (b) => chart(b),
  card: (b, ctx) => card(b, ctx),
  carousel: (b, ctx) => el('div', { class: 'b-carousel', tabindex: 0, role: 'group', 'aria-label': 'Cards' }, b.elements.map((c) => block(c, ctx))),
  plan: (b, ctx) => el('details', { class: 'b-plan', open: true }, el('summary', {}, withEmoji(b.title)), (b.tasks || []).map((t) => task(t, ctx))),
  task_card: (b, ctx) => task(b, ctx),
  alert: (b) => el('div', { class: 'b-alert ' + (b.level || 'default'), role: 'note' }, textObject(b.text)),
  video: (b) => el('div', { class: 'b-card' }, el('strong', {}, b.title?.text), el('div', {}, safeLink(b.title_url || b.video_url, 'Open the video')), el('small', {}, b.alt_text)),
  container: (b, ctx) => container(b, ctx),
};

function container(b, ctx) {
  const title = b.rich_text_title ? richText(b.rich_text_title) : textObject(b.title);
  const inside = [b.subtitle && el('div', { class: 'muted' }, textObject(b.subtitle)), blocks(b.child_blocks, ctx)];
  if (!b.is_collapsible) return el('div', { class: 'b-container' }, title && el('div', { class: 'b-container-title' }, title), inside);
  return el('details', { class: 'b-container', open: !b.default_collapsed }, el('summary', {}, title), inside);
}

/** picture shows files of this workspace; what lies elsewhere is not fetched, its description stands in. */
function picture(e, size) {
  const src = e.slack_file?.id ? '/page/file/' + e.slack_file.id : local(e.image_url || e.slack_file?.url);
  if (src) return el('img', { src, alt: e.alt_text, class: size || 'big', loading: 'lazy' });
  if (size === 'img-tiny') return el('span', { class: 'img-tiny noimg', role: 'img', 'aria-label': e.alt_text, title: e.alt_text });
  return el('div', { class: 'noimg', role: 'img', 'aria-label': e.alt_text }, icon('eye'), e.alt_text, el('small', {}, 'Pictures from elsewhere are not loaded here.'));
}

function local(url) {
  try {
    const u = new URL(url);
    const m = u.host === location.host && /^\/files\/(\w+)\//.exec(u.pathname);
    return m ? '/page/file/' + m[1] : '';
  } catch { return ''; }
}

function card(b, ctx) {
  return el('div', { class: 'b-card' },
    b.hero_image && picture(b.hero_image),
    el('div', { class: 'b-card-head' }, b.icon && picture(b.icon, 'img-tiny'),
      el('div', {}, b.title && el('div', { class: 'b-card-title' }, textObject(b.title)), b.subtitle && el('div', { class: 'muted' }, textObject(b.subtitle)))),
    b.body && textObject(b.body), b.subtext && el('div', { class: 'muted' }, textObject(b.subtext)),
    b.actions && el('div', { class: 'b-actions' }, b.actions.map((e) => element(e, b.block_id, ctx))));
}

const statusWord = { pending: 'waiting', in_progress: 'at work', complete: 'done', error: 'failed' };

function task(t) {
  const status = t.status || 'pending';
  const more = [t.details && richText(t.details), t.output && richText(t.output),
    t.sources?.length ? el('div', { class: 'sources' }, t.sources.map((s) => safeLink(s.url, s.text))) : null].filter(Boolean);
  const head = [el('span', { class: 'status ' + status, role: 'img', 'aria-label': statusWord[status] }), el('span', {}, withEmoji(t.title))];
  return el('div', { class: 'b-task' }, more.length ? el('details', {}, el('summary', {}, head), more) : el('div', { class: 'b-task-head' }, head));
}

function cellNode(c, ctx) {
  if (!c) return '';
  if (c.type === 'rich_text') return richText(c);
  if (c.type === 'raw_number') return c.text || c.value.toLocaleString('en-US');
  if (c.type === 'action_cell') return element(c.element, '', ctx);
  return c.text;
}

function simpleTable(b) {
  const rows = b.rows || [];
  const align = (i) => b.column_settings?.[i]?.align || 'left';
  return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table' }, el('table', { class: 'grid' },
    el('thead', {}, el('tr', {}, (rows[0] || []).map((c, i) => el('th', { scope: 'col', class: align(i) }, cellNode(c))))),
    el('tbody', {}, rows.slice(1).map((r) => el('tr', {}, r.map((c, i) => el('td', { class: align(i) }, cellNode(c))))))));
}

function cellValue(c) {
  if (c.type === 'raw_number') return c.value;
  return c.type === 'rich_text' ? richText(c).textContent : c.text || '';
}

function dataTable(b, ctx) {
  const [head, ...rows] = b.rows || [[]];
  const size = b.page_size || 5;
  const keyColumn = b.row_header_column_index || 0;
  const state = { page: 0, by: -1, down: false };
  const numeric = head.map((_, i) => rows.every((r) => r[i]?.type === 'raw_number'));
  const root = el('div', { class: 'b-table' });
  const draw = () => {
    const sorted = [...rows];
    if (state.by >= 0) {
      sorted.sort((a, c) => {
        const [p, q] = [cellValue(a[state.by]), cellValue(c[state.by])];
        const order = typeof p === 'number' && typeof q === 'number' ? p - q : String(p).localeCompare(String(q), undefined, { numeric: true });
        return state.down ? -order : order;
      });
    }
    const pages = Math.max(1, Math.ceil(sorted.length / size));
    const shown = sorted.slice(state.page * size, (state.page + 1) * size);
    replace(root, el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': b.caption }, el('table', { class: 'grid' }, el('caption', {}, b.caption),
      el('thead', {}, el('tr', {}, head.map((c, i) => el('th', { scope: 'col', class: numeric[i] ? 'right' : '', 'aria-sort': state.by === i ? (state.down ? 'descending' : 'ascending') : 'none' },
        el('button', { class: 'sort', onclick: () => { state.down = state.by === i && !state.down; state.by = i; state.page = 0; draw(); } },
          cellNode(c), el('span', { 'aria-hidden': 'true', class: 'arrow' }, state.by === i ? (state.down ? '▾' : '▴') : '')))))),
      el('tbody', {}, shown.map((r) => el('tr', {}, r.map((c, i) => el(i === keyColumn ? 'th' : 'td', { scope: i === keyColumn ? 'row' : null, class: (numeric[i] ? 'right ' : '') + (String(cellValue(c)).length <= 20 ? 'short' : 'long') }, cellNode(c, ctx)))))))),
    pages > 1 && el('div', { class: 'pager' },
      el('button', { class: 'btn tiny', disabled: state.page === 0, onclick: () => { state.page--; draw(); } }, 'Previous'),
      el('span', {}, `${state.page + 1} of ${pages}`),
      el('button', { class: 'btn tiny', disabled: state.page >= pages - 1, onclick: () => { state.page++; draw(); } }, 'Next')));
  };
  draw();
  return root;
}

/** act sends what was done to an element, asking first where the app wants that. */
async function act(e, blockID, ctx, values, node) {
  if (e.confirm && !(await confirm(e.confirm))) return;
  const root = node.closest('[data-state]');
  await post('click', { channel: ctx.channel, ts: ctx.ts, view: ctx.view, block: blockID, action: e.action_id, values, state: root ? gather(root) : {} });
}

export function confirm(c) {
  const d = document.getElementById('confirm');
  return new Promise((resolve) => {
    replace(d, el('form', { method: 'dialog' },
      el('h2', { id: 'confirm-title' }, c.title?.text), textObject(c.text),
      el('div', { class: 'foot' },
        el('button', { class: 'btn', value: 'no' }, c.deny?.text || 'Cancel'),
        el('button', { class: 'btn ' + (c.style === 'danger' ? 'danger' : 'primary'), value: 'yes' }, c.confirm?.text || 'OK'))));
    d.returnValue = '';
    d.addEventListener('close', () => resolve(d.returnValue === 'yes'), { once: true });
    d.showModal();
  });
}

function button(e, blockID, ctx, extra, label) {
  const b = el('button', {
    class: 'btn ' + (e.style || '') + ' ' + (extra || ''), type: 'button', title: e.accessibility_label || null, 'aria-label': e.accessibility_label || null,
    onclick: async () => {
      if (e.url) window.open(e.url, '_blank', 'noopener,noreferrer');
      b.setAttribute('aria-busy', 'true');
      await act(e, blockID, ctx, null, b);
      b.removeAttribute('aria-busy');
    },
  }, label || withEmoji(e.text?.text));
  return b;
}

function element(e, blockID, ctx) {
  const make = elements[e.type];
  const node = make ? make(e, blockID, ctx) : el('span', { class: 'unknown' }, `(${e.type})`);
  if (e.action_id) node.dataset.action = e.action_id;
  return node;
}

const flatOptions = (e) => [...(e.options || []), ...(e.option_groups || []).flatMap((g) => g.options)];

/** field marks a control whose value belongs to the state of its message or view. */
function field(node, e, blockID, read) {
  node.dataset.key = blockID + '/' + e.action_id;
  node.readValues = read;
  return node;
}

/** gather reads all controls inside root: "block/action" → values. */
export function gather(root) {
  const out = {};
  for (const n of root.querySelectorAll('[data-key]')) if (n.readValues) out[n.dataset.key] = n.readValues();
  return out;
}

function menu(e, blockID, ctx, options, initial) {
  const s = el('select', { 'aria-label': e.placeholder?.text || 'Choose' });
  s.append(el('option', { value: '' }, e.placeholder?.text || 'Choose…'));
  const put = (to, o) => to.append(el('option', { value: o.value, selected: o.value === initial }, withEmoji(o.text?.text || o.label)));
  if (e.option_groups) for (const g of e.option_groups) { const og = el('optgroup', { label: g.label.text }); g.options.forEach((o) => put(og, o)); s.append(og); } else options.forEach((o) => put(s, o));
  if (initial) s.value = initial;
  if (ctx.act !== false) s.addEventListener('change', () => act(e, blockID, ctx, s.value ? [s.value] : [], s));
  return field(s, e, blockID, () => (s.value ? [s.value] : []));
}

function multiMenu(e, blockID, ctx, options, initial) {
  const picked = new Set(initial || []);
  const box = el('div', { class: 'choices', role: 'group', 'aria-label': e.placeholder?.text || 'Choose any' }, options.map((o) => choice('checkbox', o.text?.text || o.label, null, picked.has(o.value), (on) => {
    on ? picked.add(o.value) : picked.delete(o.value);
    if (ctx.act !== false) act(e, blockID, ctx, [...picked], box);
  })));
  return field(box, e, blockID, () => [...picked]);
}

function choice(type, label, description, checked, changed, name) {
  return el('label', { class: 'choice' }, el('input', { type, name, checked, onchange: (ev) => changed(ev.target.checked) }),
    el('span', {}, label instanceof Node ? label : withEmoji(label), description && el('small', {}, description)));
}

const peopleOptions = () => [...store.users.values()].filter((u) => !u.is_bot).map((u) => ({ value: u.id, label: u.real_name }));
const channelOptions = (im) => [...store.channels.values()].filter((c) => im || !c.is_im).map((c) => ({ value: c.id, label: (c.is_im ? '' : '#') + store.channelName(c.id) }));

function entry(type, props, e, blockID, ctx, initial) {
  const i = el(props?.multiline ? 'textarea' : 'input', { type: props?.multiline ? null : type, rows: props?.multiline ? 4 : null, placeholder: e.placeholder?.text, ...props?.attrs });
  if (initial !== undefined && initial !== null) i.value = initial;
  if (ctx.act !== false) i.addEventListener('change', () => act(e, blockID, ctx, [i.value], i));
  return field(i, e, blockID, () => [i.value]);
}

let groupID = 0;

const elements = {
  button: (e, b, ctx) => button(e, b, ctx),
  workflow_button: (e, b, ctx) => button(e, b, ctx),
  icon_button: (e, b, ctx) => button(e, b, ctx, 'tiny'),
  image: (e) => picture(e, 'thumb'),
  feedback_buttons: (e, b, ctx) => {
    const one = (side, glyph) => {
      const f = e[side];
      const n = el('button', { class: 'btn tiny', type: 'button', 'aria-label': f.accessibility_label, onclick: () => { n.classList.add('chosen'); act(e, b, ctx, [f.value], n); } }, glyph + ' ' + f.text.text);
      return n;
    };
    return el('span', { class: 'feedback', role: 'group' }, one('positive_button', '👍'), one('negative_button', '👎'));
  },
  overflow: (e, b, ctx) => {
    const d = el('details', { class: 'overflow' }, el('summary', { class: 'btn tiny', 'aria-label': 'More actions' }, icon('dots')),
      el('div', { class: 'popup', role: 'menu' }, e.options.map((o) => el('button', {
        role: 'menuitem', type: 'button', onclick: () => { d.open = false; if (o.url) window.open(o.url, '_blank', 'noopener,noreferrer'); act(e, b, ctx, [o.value], d); },
      }, withEmoji(o.text.text), o.description && el('small', {}, o.description.text)))));
    return d;
  },
  static_select: (e, b, ctx) => menu(e, b, ctx, flatOptions(e), e.initial_option?.value),
  users_select: (e, b, ctx) => menu(e, b, ctx, peopleOptions(), e.initial_user),
  channels_select: (e, b, ctx) => menu(e, b, ctx, channelOptions(false), e.initial_channel),
  conversations_select: (e, b, ctx) => menu(e, b, ctx, channelOptions(true), e.initial_conversation || (e.default_to_current_conversation ? store.current : undefined)),
  multi_static_select: (e, b, ctx) => multiMenu(e, b, ctx, flatOptions(e), (e.initial_options || []).map((o) => o.value)),
  multi_users_select: (e, b, ctx) => multiMenu(e, b, ctx, peopleOptions(), e.initial_users),
  multi_channels_select: (e, b, ctx) => multiMenu(e, b, ctx, channelOptions(false), e.initial_channels),
  multi_conversations_select: (e, b, ctx) => multiMenu(e, b, ctx, channelOptions(true), e.initial_conversations),
  external_select: (e, b, ctx) => external(e, b, ctx),
  multi_external_select: (e, b, ctx) => external(e, b, ctx),
  checkboxes: (e, b, ctx) => {
    const picked = new Set((e.initial_options || []).map((o) => o.value));
    const box = el('div', { class: 'choices', role: 'group' }, e.options.map((o) => choice('checkbox', textObject(o.text), o.description?.text, picked.has(o.value), (on) => {
      on ? picked.add(o.value) : picked.delete(o.value);
      if (ctx.act !== false) act(e, b, ctx, [...picked], box);
    })));
    return field(box, e, b, () => [...picked]);
  },
  radio_buttons: (e, b, ctx) => {
    let picked = e.initial_option?.value;
    const name = 'radio' + ++groupID;
    const box = el('div', { class: 'choices', role: 'radiogroup' }, e.options.map((o) => choice('radio', textObject(o.text), o.description?.text, o.value === picked, () => {
      picked = o.value;
      if (ctx.act !== false) act(e, b, ctx, [picked], box);
    }, name)));
    return field(box, e, b, () => (picked ? [picked] : []));
  },
  datepicker: (e, b, ctx) => entry('date', {}, e, b, ctx, e.initial_date),
  timepicker: (e, b, ctx) => entry('time', {}, e, b, ctx, e.initial_time),
  datetimepicker: (e, b, ctx) => {
    const i = el('input', { type: 'datetime-local' });
    if (e.initial_date_time) i.value = new Date(e.initial_date_time * 1000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16);
    const read = () => (i.value ? [String(Math.floor(new Date(i.value).getTime() / 1000))] : []);
    if (ctx.act !== false) i.addEventListener('change', () => act(e, b, ctx, read(), i));
    return field(i, e, b, read);
  },
  plain_text_input: (e, b, ctx) => entry('text', { multiline: e.multiline, attrs: { minlength: e.min_length, maxlength: e.max_length } }, e, b, ctx, e.initial_value),
  email_text_input: (e, b, ctx) => entry('email', {}, e, b, ctx, e.initial_value),
  url_text_input: (e, b, ctx) => entry('url', {}, e, b, ctx, e.initial_value),
  number_input: (e, b, ctx) => entry('text', { attrs: { inputmode: e.is_decimal_allowed ? 'decimal' : 'numeric' } }, e, b, ctx, e.initial_value),
  rich_text_input: (e, b, ctx) => entry('text', { multiline: true }, e, b, ctx, (e.initial_value?.elements || []).flatMap((s) => s.elements || []).map((x) => x.text || '').join('')),
};

function external(e, b, ctx) {
  const id = 'list' + ++groupID;
  const options = el('datalist', { id });
  const i = el('input', { type: 'text', list: id, placeholder: e.placeholder?.text, role: 'combobox' });
  const known = new Map();
  i.addEventListener('input', async () => {
    if (i.value.length < (e.min_query_length ?? 3)) return;
    const out = await post('suggest', { channel: ctx.channel, ts: ctx.ts, view: ctx.view, block: b, action: e.action_id, values: [i.value] });
    const all = out.payload?.options || (out.payload?.option_groups || []).flatMap((g) => g.options);
    known.clear();
    replace(options, (all || []).map((o) => { known.set(o.text.text, o.value); return el('option', { value: o.text.text }); }));
  });
  const read = () => (i.value ? [known.get(i.value) || i.value] : []);
  if (ctx.act !== false) i.addEventListener('change', () => act(e, b, ctx, read(), i));
  return field(el('span', {}, i, options), e, b, read);
}

function input(b, ctx) {
  const id = 'in' + ++groupID;
  const silent = { ...ctx, act: b.dispatch_action ? undefined : false };
  const control = element(b.element, b.block_id, silent);
  const single = ['INPUT', 'TEXTAREA', 'SELECT'].includes(control.tagName);
  if (single) control.id = id; else { control.setAttribute('aria-labelledby', id + 'l'); }
  const problem = ctx.errors?.[b.block_id];
  if (problem) { control.setAttribute('aria-invalid', 'true'); control.setAttribute('aria-describedby', id + 'e'); }
  return el('div', { class: 'b-input' + (problem ? ' wrong' : '') },
    el('label', { for: single ? id : null, id: id + 'l' }, withEmoji(b.label?.text), b.optional && el('span', { class: 'muted' }, ' (optional)')),
    control, b.hint && el('small', { class: 'muted' }, withEmoji(b.hint.text)), problem && el('div', { class: 'error', id: id + 'e', role: 'alert' }, problem));
}

export { mrkdwn, short };
