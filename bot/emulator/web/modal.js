// Modals: the topmost view of the stack in a dialog.
import { el, post, replace, icon } from './dom.js';
import { blocks, gather } from './blocks.js';
import { store } from './store.js';

const dialog = document.getElementById('modal');
let shown = '';

/** drawModal shows the topmost view, keeps what was typed where only complaints are new, and closes the dialog if none is left. */
export function drawModal() {
  const stack = store.views.stack || [];
  const v = stack.at(-1);
  if (!v) {
    shown = '';
    if (dialog.open) dialog.close();
    return;
  }
  const typed = shown === v.id + v.hash ? gather(dialog) : null;
  const ctx = { view: v.id, errors: v.errors || {} };
  const form = el('form', {
    'data-state': '1', novalidate: true, onsubmit: (ev) => { ev.preventDefault(); submit(form); },
  },
  el('header', {}, stack.length > 1 && el('button', { type: 'button', class: 'icon', 'aria-label': 'Back', onclick: () => post('close') }, icon('back')),
    el('h2', { id: 'modal-title' }, v.title?.text), el('button', { type: 'button', class: 'icon', 'aria-label': 'Close', onclick: () => post('close', { all: true }) }, icon('close'))),
  el('div', { class: 'body' }, blocks(v.blocks, ctx)),
  el('footer', {}, el('span', { class: 'muted app' }, store.app.name), el('button', { type: 'button', class: 'btn', onclick: () => post('close') }, v.close?.text || (v.submit ? 'Cancel' : 'Close')),
    v.submit && el('button', { type: 'submit', class: 'btn primary' }, v.submit.text)));
  replace(dialog, form);
  if (typed) restore(form, typed);
  shown = v.id + v.hash;
  if (!dialog.open) dialog.showModal();
  (form.querySelector('[aria-invalid]') || form.querySelector('.body input, .body select, .body textarea'))?.focus();
}

function restore(form, values) {
  for (const n of form.querySelectorAll('[data-key]')) {
    const v = values[n.dataset.key];
    if (v && ['INPUT', 'TEXTAREA', 'SELECT'].includes(n.tagName)) n.value = v[0] ?? '';
  }
}

async function submit(form) {
  const b = form.querySelector('button[type=submit]');
  b?.setAttribute('aria-busy', 'true');
  await post('submit', { state: gather(form) });
  b?.removeAttribute('aria-busy');
}

// The Enter that sent a command may still be down when the dialog that it opens takes the focus: it must not submit it.
let early = false;
document.addEventListener('keydown', (ev) => { if (ev.key === 'Enter' && !ev.repeat) early = !dialog.open; }, true);
document.addEventListener('keyup', (ev) => { if (ev.key === 'Enter') early = false; }, true);
for (const type of ['keydown', 'keypress']) {
  dialog.addEventListener(type, (ev) => { if (ev.key === 'Enter' && early) ev.preventDefault(); }, true);
}

dialog.addEventListener('cancel', (ev) => { ev.preventDefault(); post('close'); });
