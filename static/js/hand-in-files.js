// Files of a draft go part by part as soon as they are chosen, with a bar each. Without this file they go with the form.
import {recorder} from './record.js';
import {Refused, dropUpload, sendFile} from './upload.js';

const box = document.getElementById('uploads'), form = box.closest('form');
const picker = document.getElementById('id_files'), list = document.getElementById('draft-files');
const row = document.getElementById('upload-row').content.firstElementChild;
const running = new Map();

const line = (name, size) => [...box.children].find(one => one.dataset.name === name && one.dataset.size === String(size));

function shown(file) {
  let found = line(file.name, file.size);
  if (!found) {
    found = row.cloneNode(true);
    found.dataset.name = file.name;
    found.dataset.size = file.size;
    found.dataset.uid = '';
    found.querySelector('[data-name]').textContent = file.name;
    const away = found.querySelector('button');
    away.setAttribute('aria-label', away.dataset.label.replace('NAME', file.name));
    box.append(found);
  }
  return found;
}

function tell(found, size) {
  const bar = found.querySelector('progress'), words = found.querySelector('[data-state]');
  return (state, bytes) => {
    if (bytes !== undefined) bar.value = Math.floor(bytes * 100 / size);
    const text = box.dataset[state].replace('PERCENT', `${bar.value}%`);
    if (words.textContent !== text) words.textContent = text;
  };
}

async function refresh() {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
  list.replaceChildren(...page.getElementById('draft-files').childNodes);
}

async function take(file) {
  const found = shown(file), before = running.get(found);
  if (before) return false;
  const stop = new AbortController();
  running.set(found, stop);
  found.classList.remove('refused');
  try {
    await sendFile(file, {
      more: {handin: form.dataset.uid, is_feedback: 'feedback' in form.dataset}, tell: tell(found, file.size), signal: stop.signal,
      known: uid => { found.dataset.uid = uid; },
    });
    found.remove();
    await refresh();
    return true;
  } catch (error) {
    if (stop.signal.aborted) return false;
    const words = error instanceof Refused ? error.message : '';
    found.querySelector('[data-state]').textContent = words || box.dataset.failed;
    found.querySelector('progress').hidden = true;
    return false;
  } finally { running.delete(found); }
}

box.addEventListener('click', async event => {
  const away = event.target.closest('button');
  if (!away) return;
  event.preventDefault();
  const found = away.closest('li');
  running.get(found)?.abort();
  if (!found.dataset.uid || await dropUpload(found.dataset.uid)) found.remove();
  picker?.focus();
});
async function chosen() {
  const files = [...picker.files];
  picker.value = '';
  for (const file of files) await take(file);
}
picker?.addEventListener('change', chosen);
// Chosen before this file was here.
if (picker?.files.length) chosen();
for (const part of form.querySelectorAll('[data-recorder]')) recorder(part, form.dataset.uid, take);
form.addEventListener('submit', event => {
  if (!running.size || !['submit', 'release', 'mark'].includes(event.submitter?.value)) return;
  event.preventDefault();
  const note = document.getElementById('uploads-note');
  note.textContent = note.dataset.wait;
});
addEventListener('beforeunload', event => { if (running.size) event.preventDefault(); });
