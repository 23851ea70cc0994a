// Keeps a draft while it is typed: on the device at once, on the server a moment later (draft.js).
import {keepSaved, tell} from './draft.js';
import {openStore} from './store.js';

const form = document.querySelector('[data-draft]');
const fields = [...form.querySelectorAll('[name=text],[name=link]')];
const line = document.getElementById('draft-saved'), other = document.getElementById('draft-other');
const store = openStore(`handin-${form.dataset.uid}`);
const unsure = [];  // sent, and nobody knows whether it arrived
let stamp = form.dataset.saved, seen = Date.parse(stamp), said;

const written = () => Object.fromEntries(fields.map(field => [field.name, field.value]));
const same = (one, two) => fields.every(({name}) => (one[name] ?? '') === (two[name] ?? ''));

function saw(savedAt) {
  stamp = form.elements.seen.value = savedAt;
  seen = Date.parse(stamp);
  unsure.length = 0;
}

// What is saved there may be from here: it arrived, and its answer did not.
async function isFromHere() {
  if (!unsure.length) return false;
  const saved = await (await fetch(form.dataset.draft)).json();
  if (!unsure.some(one => same(one, saved))) return false;
  saw(saved.saved_at);
  return true;
}

async function answered(answer) {
  if (!answer) unsure.push(said);
  if (answer?.status === 409 && await isFromHere()) return false;
  if (answer?.ok) {
    saw((await answer.json()).saved_at);
    if (!same(said, written())) return false;
    await store.remove('draft');
  }
  const state = answer?.ok ? 'saved' : {400: 'refused', 409: 'clash'}[answer?.status] ?? 'waiting';
  tell(line, state);
  return state !== 'waiting';
}
const saving = keepSaved(form, {address: form.dataset.draft, body: () => ({...said = written(), seen: stamp}), answered});

async function keep() {
  await store.set('draft', {...written(), seen});
  saving.soon();
}

function use(kept) {
  for (const field of fields) field.value = kept[field.name] ?? field.value;
  keep().then(saving.now).catch(() => {});
}

// What this device has not sent is newer than the page, unless another device has saved since.
async function begin() {
  // Typed before this file was here.
  if (fields.some(field => field.value !== field.defaultValue)) { await keep(); return; }
  const kept = await store.get('draft');
  if (!kept) return;
  if (same(kept, written())) { await store.remove('draft'); return; }
  if (kept.seen === seen) { use(kept); return; }
  other.hidden = false;
  other.querySelector('button').addEventListener('click', () => { use(kept); other.hidden = true; });
}

form.addEventListener('input', event => { if (event.target.name === 'text') keep().catch(() => {}); });
// An address is none while it is being typed.
form.addEventListener('change', event => { if (fields.includes(event.target)) keep().then(saving.now).catch(() => {}); });
begin().catch(() => {});
