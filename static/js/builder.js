// The builder without leaving the page. Every form works without this file; here its answer replaces parts of the page.
const builder = document.getElementById('builder');
const part = id => document.getElementById(id);
const say = text => { const state = part('state'); if (state) state.textContent = text; };
let busy = Promise.resolve();

// One request after the other, so that each sends the number of the edit before it.
function ask(address, options) {
  busy = busy.then(() => load(address, options)).catch(() => { say(builder.dataset.failed); return null; });
  return busy;
}

async function load(address, {form, submitter, body, method = 'GET'} = {}) {
  const data = body ?? (form ? new FormData(form, submitter) : null);
  for (const name of ['seen', 'draft']) if (data?.has(name)) data.set(name, builder.dataset[name]);
  const answer = await fetch(address, {method, body: method === 'POST' ? data : null, headers: {'X-Requested-With': 'fetch'}});
  if (!answer.headers.get('Content-Type')?.includes('text/html')) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.getElementById('builder');
  if (!fresh) { location.assign(answer.url); return null; }
  return {fresh, ok: answer.ok, address: answer.url};
}

// With `keep` the panel stays as it is, because somebody is typing in it.
function show({fresh, ok, address}, {keep = false, focus = ''} = {}) {
  const grip = document.activeElement?.dataset.grip ?? focus;
  for (const name of ['seen', 'draft']) builder.dataset[name] = fresh.dataset[name];
  for (const id of ['top', 'outline', 'panel']) {
    const now = part(id), next = fresh.querySelector(`#${id}`);
    if (!now || !next) { if (now || next) location.assign(address); continue; }
    if (id !== 'panel' || !keep || !ok) now.replaceWith(next);
  }
  ready();
  if (grip) builder.querySelector(`[data-grip="${CSS.escape(grip)}"]`)?.focus();
  refreshPreview();
}

async function send(form, {submitter, body, keep, focus, said = builder.dataset.saved} = {}) {
  const done = await ask(form.action, {form, submitter, body, method: 'POST'});
  if (!done) return false;
  show(done, {keep, focus});
  if (done.ok) say(said);
  else part('top').scrollIntoView({block: 'start'});
  return done.ok;
}

builder.addEventListener('submit', event => {
  const form = event.target;
  if (form.matches('[data-find]')) {
    event.preventDefault();
    openPanel(`${form.action}?${new URLSearchParams(new FormData(form))}`, '#q');
  } else if (form.matches('[data-build]')) {
    event.preventDefault();
    clearTimeout(waiting);
    send(form, {submitter: event.submitter});
  }
});

// Autosave: a second after the last key, and at once when a field is left.
let waiting = 0;
function autosave(form, after) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    // A field that is left after it was saved while it was typed in saves nothing again.
    const words = new URLSearchParams(new FormData(form)).toString();
    if (!form.isConnected || !form.checkValidity() || form.dataset.kept === words) return;
    form.dataset.kept = words;
    if (!await send(form, {keep: true})) delete form.dataset.kept;
  }, after);
}
builder.addEventListener('input', event => { const form = event.target.closest('[data-autosave]'); if (form) autosave(form, 1000); });
builder.addEventListener('change', event => { const form = event.target.closest('[data-autosave]'); if (form) autosave(form, 0); });

// What is chosen is shown beside the outline.
async function openPanel(address, focus) {
  const done = await ask(address);
  if (!done) return;
  show(done);
  history.replaceState(null, '', address.split('#')[0]);
  const panel = part('panel');
  panel?.scrollIntoView({block: 'nearest'});
  (focus ? panel?.querySelector(focus) : panel)?.focus({preventScroll: Boolean(focus)});
}
builder.addEventListener('click', event => {
  const link = event.target.closest('a[data-panel]');
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  openPanel(link.href);
});

// Moving by keys on the handle: one place up or down.
const moves = () => part('moves');
builder.addEventListener('keydown', event => {
  const uid = event.target.dataset?.grip;
  const way = {ArrowUp: 'up', ArrowDown: 'down'}[event.key];
  if (!uid || !way) return;
  event.preventDefault();
  const body = new FormData(moves());
  body.append(way, uid);
  send(moves(), {body, focus: uid, said: builder.dataset.moved});
});

// Moving by finger or mouse on the handle: the row is put where the line shows.
let held = null;
const block = node => node?.closest('[data-block]');
builder.addEventListener('pointerdown', event => {
  const grip = event.target.closest('[data-grip]');
  if (!grip || event.button) return;
  const row = grip.closest('[data-step]') ?? block(grip);
  held = {grip, row, uid: grip.dataset.grip, isBlock: row.matches('[data-block]'), before: null, into: null, y: event.clientY};
  grip.setPointerCapture(event.pointerId);
});
builder.addEventListener('pointermove', event => {
  if (!held || (!held.moving && Math.abs(event.clientY - held.y) < 6)) return;
  held.moving = true;
  held.row.classList.add('held');
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const over = block(under);
  mark(null);
  if (!over || !builder.contains(over)) return;
  const rows = held.isBlock ? [...builder.querySelectorAll('[data-block]')] : [...over.querySelectorAll('[data-step]')];
  held.into = over;
  held.before = rows.find(row => { const box = row.getBoundingClientRect(); return event.clientY < box.top + box.height / 2; }) ?? null;
  mark(held.before, held.isBlock ? rows.at(-1) : rows.at(-1) ?? over);
  if (event.clientY < 80) scrollBy(0, -16);
  if (event.clientY > innerHeight - 80) scrollBy(0, 16);
});
function mark(before, end) {
  for (const row of builder.querySelectorAll('.drop-before,.drop-after')) row.classList.remove('drop-before', 'drop-after');
  if (before) before.classList.add('drop-before');
  else end?.classList.add('drop-after');
}
function letGo(event) {
  if (!held) return;
  const {row, uid, isBlock, into, before, moving} = held;
  held = null;
  mark(null);
  row.classList.remove('held');
  if (!moving || !into || event.type !== 'pointerup') return;
  const rows = (isBlock ? [...builder.querySelectorAll('[data-block]')] : [...into.querySelectorAll('[data-step]')]).filter(one => one !== row);
  const position = before && before !== row ? rows.indexOf(before) : before === row ? -1 : rows.length;
  if (position < 0) return;
  const body = new FormData(moves());
  body.append('act', isBlock ? 'block_move' : 'activity_move');
  body.append('uid', uid);
  body.append('position', position);
  if (!isBlock) body.append('block', into.dataset.block);
  send(moves(), {body, focus: uid, said: builder.dataset.moved});
}
builder.addEventListener('pointerup', letGo);
builder.addEventListener('pointercancel', letGo);

// The course as learners see it, beside the outline, and up to date after each change.
let preview = null;
async function refreshPreview() {
  if (!preview) return;
  const answer = await fetch(preview.dataset.from).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page && page.getElementById('preview');
  if (fresh && preview) preview.replaceChildren(...fresh.childNodes);
}
builder.addEventListener('click', event => {
  const link = event.target.closest('a[data-live]');
  if (!link || !matchMedia('(min-width:70rem)').matches) return;
  event.preventDefault();
  if (preview) { preview.remove(); preview = null; return; }
  preview = document.createElement('section');
  preview.className = 'card pad stack live';
  preview.dataset.from = link.href;
  preview.setAttribute('aria-label', link.textContent.trim());
  builder.append(preview);
  refreshPreview();
  preview.scrollIntoView({block: 'nearest'});
});

function ready() {
  for (const grip of builder.querySelectorAll('[data-grip]')) grip.hidden = false;
  for (const button of builder.querySelectorAll('.nojs')) button.hidden = true;
}
ready();
