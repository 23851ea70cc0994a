// Keeps each answer on the device the moment it changes, sends it, and says so. Without this file the form's own
// buttons save. What the device holds leaves it only when the server has confirmed it (store.js).
import {openStore} from './store.js';

const place = document.querySelector('[data-attempt]');
const saved = document.getElementById('saved');
const store = place && openStore(`attempt-${place.dataset.attempt}`);
const TYPING = 400;

const now = () => new Intl.DateTimeFormat(document.documentElement.lang, {hour: '2-digit', minute: '2-digit', hour12: false}).format(new Date());

function say(state) {
  if (!saved) return;
  saved.classList.remove('waiting', 'offline', 'refused');
  if (state !== 'saved') saved.classList.add(state === 'signedOut' ? 'waiting' : state);
  const icon = saved.querySelector('use'), name = {saved: 'cloud-check', waiting: 'cloud-upload', offline: 'wifi-off', refused: 'cloud-off', signedOut: 'cloud-off'}[state];
  icon.setAttribute('href', icon.getAttribute('href').replace(/#.*/, `#${name}`));
  const text = saved.dataset[state].replace('TIME', now()), line = saved.querySelector('[data-text]');
  if (line.textContent !== text) line.textContent = text;
}

const tell = left => say(left === 0 ? 'saved' : !navigator.onLine ? 'offline' : store.signedOut ? 'signedOut' : 'waiting');
// What the flushes by themselves found: the line changes only when something waits, or did.
const heard = left => { if (left) { tell(left); sendSoon(); } else if (saved?.matches('.waiting, .offline')) tell(0); };
const send = () => store.flush(place.dataset.answers).then(left => { tell(left); return left; });

// Again and again while something waits: a server that was away for a minute must not need a tap.
let again, pause = 2_000;
async function sendSoon() {
  clearTimeout(again);
  const left = await send();
  if (left === 0) { pause = 2_000; return; }
  again = setTimeout(sendSoon, pause);
  pause = Math.min(pause * 2, 60_000);
}

function setUpQuestion(form) {
  const position = Number(form.dataset.position);
  const button = form.querySelector(`[data-mark="${position}"]`);
  const isAnswer = name => /^answer(-\d+)?$/.test(name);

  function current() {
    const fields = {};
    for (const [name, value] of new FormData(form)) if (isAnswer(name)) (fields[name] ??= []).push(value);
    return {position, fields, flagged: form.elements.flagged.checked};
  }

  function showMark({fields, flagged}) {
    const answered = Object.values(fields).flat().some(value => value.trim());
    button.classList.toggle('done', answered);
    button.querySelector('[data-answered]').hidden = !answered;
    button.querySelector('[data-flagged]').hidden = !flagged;
  }

  // What was given on this device and has not arrived yet is newer than what the page shows.
  function restore({fields, flagged}) {
    for (const field of form.elements) {
      if (!isAnswer(field.name)) continue;
      const values = fields[field.name] ?? [];
      if (field.type === 'radio' || field.type === 'checkbox') field.checked = values.includes(field.value);
      else field.value = values[0] ?? '';
    }
    form.elements.flagged.checked = Boolean(flagged);
  }

  let kept = JSON.stringify(current()), timer;
  async function keep() {
    clearTimeout(timer);
    const item = current(), text = JSON.stringify(item);
    if (text === kept) return;
    kept = text;
    showMark(item);
    await store.queue(item);
  }
  const keepAndSend = () => keep().then(sendSoon).catch(() => say('refused'));

  store.waiting().then(items => {
    const mine = items.filter(item => item.position === position).sort((a, b) => a.at.localeCompare(b.at)).at(-1);
    if (!mine) return;
    restore(mine);
    kept = JSON.stringify(current());
    showMark(mine);
  }).catch(() => {}).finally(() => { store.keepFlushing(place.dataset.answers, heard).catch(() => {}); });

  form.addEventListener('change', keepAndSend);
  form.addEventListener('input', event => {
    if (!event.target.matches('input[type=text],textarea')) return;
    clearTimeout(timer);
    timer = setTimeout(keepAndSend, TYPING);
  });
  // Leaving by the cross, by the back key or by closing: the device has it.
  addEventListener('pagehide', () => { keep().catch(() => {}); });

  // Going on: first everything that waits, so that nothing old can arrive after what this form sends.
  let ready = false;
  form.addEventListener('submit', async event => {
    if (ready) return;
    event.preventDefault();
    const {submitter} = event;
    try {
      await keep();
      const left = await send();
      if (left && !navigator.onLine) { say('offline'); return; }
    } catch { /* no storage on this device: the form itself saves */ }
    ready = true;
    form.requestSubmit(submitter);
    setTimeout(() => { ready = false; }, 4_000);
  });
  addEventListener('pageshow', () => { ready = false; });
}

function setUpOverview() {
  store.keepFlushing(place.dataset.answers, heard).catch(() => {});
  // Finishing waits for what is still on the device.
  for (const form of document.querySelectorAll('form[action$="/finish/"]')) {
    let ready = false;
    form.addEventListener('submit', async event => {
      if (ready) return;
      event.preventDefault();
      const left = await send().catch(() => 0);
      if (left) { document.getElementById('finish')?.hidePopover?.(); sendSoon(); return; }
      ready = true;
      form.requestSubmit();
      setTimeout(() => { ready = false; }, 4_000);
    });
  }
}

if (place?.matches('form')) setUpQuestion(place);
else if (place?.id === 'overview') setUpOverview();
else if (place?.id === 'review') store.clear().catch(() => {});
