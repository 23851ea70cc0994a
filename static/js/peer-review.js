// Keeps a review of a peer's work while it is made, as hand-in.js does.
import {keepSaved, tell} from './draft.js';
import {openStore} from './store.js';

const form = document.querySelector('[data-peer]'), line = document.getElementById('peer-saved');
const store = openStore(`peer-${form.dataset.uid}`);
let said;

const fields = [...form.elements].filter(field => /^(level_|comment_|strengths$|advice$)/.test(field.name));
const written = () => Object.fromEntries(fields.filter(field => field.type !== 'radio' || field.checked).map(field => [field.name, field.value]));

function facts(said) {
  const body = {levels: {}, comments: {}, strengths: said.strengths ?? '', advice: said.advice ?? ''};
  for (const [name, value] of Object.entries(said)) {
    const [kind, place] = name.split('_');
    if (kind === 'level') body.levels[place] = Number(value);
    if (kind === 'comment') body.comments[place] = value;
  }
  return body;
}

async function answered(answer) {
  if (answer?.ok && JSON.stringify(said) !== JSON.stringify(written())) return false;
  if (answer?.ok) await store.remove('draft');
  tell(line, answer?.ok ? 'saved' : 'waiting');
  return answer?.status < 500;
}
const saving = keepSaved(form, {address: form.dataset.peer, body: () => facts(said = written()), answered});

async function keep() {
  await store.set('draft', written());
  saving.soon();
}

async function begin() {
  const kept = await store.get('draft');
  if (!kept) return;
  for (const field of fields) {
    if (field.type === 'radio') field.checked = kept[field.name] === field.value;
    else field.value = kept[field.name] ?? field.value;
  }
  saving.now();
}

form.addEventListener('input', () => keep().catch(() => {}));
begin().catch(() => {});
