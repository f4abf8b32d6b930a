// The message box, with completion of commands, people, channels and emoji.
import { el, icon, replace } from './dom.js';
import { emojiNames, emojiChar } from './text.js';
import { store } from './store.js';

/** composer returns a message box; send is called with what was typed and the files that were added. */
export function composer(id, placeholder, send, inThread) {
  const list = el('ul', { class: 'complete', role: 'listbox', id: id + '-list', hidden: true });
  const box = el('textarea', {
    id, rows: 1, placeholder, 'aria-label': placeholder, role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list.id, 'aria-expanded': 'false', spellcheck: 'true',
  });
  let items = [], at = 0, from = 0, files = [];
  const chosen = el('ul', { class: 'chosen', 'aria-label': 'Files to send', hidden: true });
  const picker = el('input', { type: 'file', multiple: true, hidden: true, 'aria-hidden': 'true', tabindex: -1, id: id + '-files', onchange: () => { choose(picker.files); picker.value = ''; } });
  const choose = (more) => { files.push(...more); drawFiles(); box.focus(); };
  const drawFiles = () => {
    chosen.hidden = !files.length;
    replace(chosen, files.map((f, i) => el('li', {}, icon('file'), el('span', {}, f.name),
      el('button', { class: 'icon', 'aria-label': 'Leave out ' + f.name, onclick: () => { files.splice(i, 1); drawFiles(); } }, icon('close')))));
  };

  const hide = () => { list.hidden = true; items = []; box.setAttribute('aria-expanded', 'false'); box.removeAttribute('aria-activedescendant'); };
  const draw = () => {
    list.hidden = !items.length;
    box.setAttribute('aria-expanded', String(!!items.length));
    replace(list, items.map((it, i) => el('li', {
      role: 'option', id: `${list.id}-${i}`, 'aria-selected': String(i === at), onmousedown: (ev) => { ev.preventDefault(); at = i; take(); },
    }, el('strong', {}, it.show), ' ', el('span', { class: 'muted' }, it.about))));
    if (items.length) { box.setAttribute('aria-activedescendant', `${list.id}-${at}`); list.children[at]?.scrollIntoView({ block: 'nearest' }); }
  };
  const take = () => {
    const it = items[at];
    const end = box.selectionStart;
    box.value = box.value.slice(0, from) + it.put + ' ' + box.value.slice(end).replace(/^ /, '');
    box.selectionStart = box.selectionEnd = from + it.put.length + 1;
    hide();
    box.focus();
    size();
  };
  const size = () => { box.style.height = 'auto'; box.style.height = Math.min(box.scrollHeight, 200) + 'px'; };
  const look = () => {
    const before = box.value.slice(0, box.selectionStart);
    const m = /(^\/[\w-]*|(?:^|\s)[@#:][\p{L}\p{N}._+-]*)$/u.exec(before);
    if (!m || (m[0][0] === '/' && inThread)) { hide(); return; }
    const word = m[0].trim();
    from = before.length - word.length;
    items = candidates(word);
    at = 0;
    items.length ? draw() : hide();
  };
  const submit = () => {
    const text = box.value.trim();
    if (!text && !files.length) return;
    const sent = files;
    files = [];
    box.value = '';
    hide();
    size();
    drawFiles();
    send(text, sent);
  };
  box.addEventListener('input', () => { look(); size(); });
  box.addEventListener('blur', hide);
  box.addEventListener('keydown', (ev) => {
    if (ev.isComposing) return;
    if (items.length && ['ArrowDown', 'ArrowUp', 'Tab', 'Enter', 'Escape'].includes(ev.key)) {
      // Enter on a command that is already typed in full sends it
      if (ev.key === 'Enter' && items[at].put === box.value.slice(from, box.selectionStart)) { ev.preventDefault(); submit(); return; }
      ev.preventDefault();
      ev.stopPropagation();
      if (ev.key === 'ArrowDown') { at = (at + 1) % items.length; draw(); } else if (ev.key === 'ArrowUp') { at = (at + items.length - 1) % items.length; draw(); } else if (ev.key === 'Escape') hide();
      else take();
      return;
    }
    if (ev.key === 'Enter' && !ev.shiftKey) { ev.preventDefault(); submit(); }
  });
  box.addEventListener('keypress', (ev) => { if (ev.key === 'Enter' && !ev.shiftKey) ev.preventDefault(); });
  const root = el('div', { class: 'composer' }, list, chosen, picker, el('div', { class: 'composer-box' },
    el('button', { class: 'icon attach', 'aria-label': 'Add files', title: 'Add files', onclick: () => picker.click() }, icon('clip')), box,
    el('button', { class: 'icon send', 'aria-label': 'Send', onclick: submit }, icon('send'))));
  root.addEventListener('dragover', (ev) => { if (ev.dataTransfer?.types.includes('Files')) ev.preventDefault(); });
  root.addEventListener('drop', (ev) => { if (ev.dataTransfer?.files.length) { ev.preventDefault(); choose(ev.dataTransfer.files); } });
  box.addEventListener('paste', (ev) => { if (ev.clipboardData?.files.length) { ev.preventDefault(); choose(ev.clipboardData.files); } });
  root.fill = (text) => { box.value = text; size(); box.focus(); };
  root.box = box;
  return root;
}

function candidates(word) {
  const q = word.slice(1).toLowerCase();
  switch (word[0]) {
    case '/':
      return store.app.commands.filter((c) => c.name.slice(1).startsWith(q)).map((c) => ({ show: c.name, put: c.name, about: [c.hint, c.description].filter(Boolean).join(' · ') }));
    case '@':
      return [...store.users.values()].filter((u) => u.name.toLowerCase().startsWith(q) || u.real_name.toLowerCase().startsWith(q))
        .sort((a, b) => b.is_bot - a.is_bot).map((u) => ({ show: '@' + u.name, put: '@' + u.name, about: u.real_name + (u.is_bot ? ' · app' : '') }));
    case '#':
      return [...store.channels.values()].filter((c) => !c.is_im && c.name.startsWith(q)).map((c) => ({ show: '#' + c.name, put: '#' + c.name, about: c.topic?.value }));
    case ':':
      return q.length < 2 ? [] : emojiNames.filter((n) => n.includes(q)).slice(0, 8).map((n) => ({ show: emojiChar(n) + ' :' + n + ':', put: ':' + n + ':', about: '' }));
  }
  return [];
}
