// Keeps a draft while it is typed: on the device at once, on the server a moment later, and says so. Without this file
// the form's own buttons save.
import {csrfToken, openStore} from './store.js';

const form = document.querySelector('[data-draft]');
const fields = [...form.querySelectorAll('[name=text],[name=link]')];
const line = document.getElementById('draft-saved'), other = document.getElementById('draft-other');
const store = openStore(`handin-${form.dataset.uid}`);
const TYPING = 800, FIRST_PAUSE = 2_000, LONGEST_PAUSE = 60_000, LONGEST_WAIT = 5_000;
let stamp = form.dataset.saved, seen = Date.parse(stamp), timer, leaving = false, pause = FIRST_PAUSE;
let sending = Promise.resolve(), underway = false, held = false;

const written = () => Object.fromEntries(fields.map(field => [field.name, field.value]));
const same = (one, two) => fields.every(({name}) => (one[name] ?? '') === (two[name] ?? ''));

function say(state) {
  const time = new Intl.DateTimeFormat(document.documentElement.lang, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}).format(new Date());
  const text = line.dataset[state].replace('TIME', time);
  if (line.textContent !== text) line.textContent = text;
}

async function send() {
  clearTimeout(timer);
  if (leaving) return;  // the form takes the same words along
  const body = {...written(), seen: stamp};
  let answer;
  underway = true;
  try {
    answer = await fetch(form.dataset.draft, {
      method: 'PATCH',
      headers: {'Content-Type': 'application/json', 'X-CSRFToken': csrfToken()},
      body: JSON.stringify(body),
    });
  } catch { /* no network: the device has it */ }
  if (answer?.ok) {
    stamp = (await answer.json()).saved_at;
    seen = Date.parse(stamp);
    form.elements.seen.value = stamp;
    pause = FIRST_PAUSE;
    if (same(body, written())) { await store.remove('draft'); say('saved'); return; }
  } else if (answer?.status === 400) { say('refused'); return; } else if (answer?.status === 409) { say('clash'); return; } else say('waiting');
  timer = setTimeout(sendSoon, pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}
// One at a time, so that the last word stays the last.
function sendSoon() { sending = sending.then(send, send).finally(() => { underway = false; }); }

async function keep() {
  await store.set('draft', {...written(), seen});
  clearTimeout(timer);
  timer = setTimeout(sendSoon, TYPING);
}

function use(kept) {
  for (const field of fields) field.value = kept[field.name] ?? field.value;
  keep().then(sendSoon).catch(() => {});
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
form.addEventListener('change', event => { if (fields.includes(event.target)) keep().then(sendSoon).catch(() => {}); });
// A save that is on its way would overtake the form, or come after what it hands in: the form waits for it, not for ever.
form.addEventListener('submit', event => {
  clearTimeout(timer);
  leaving = !event.defaultPrevented;
  if (held) event.preventDefault();
  if (held || !leaving || !underway) return;
  event.preventDefault();
  held = true;
  Promise.race([sending, new Promise(done => { setTimeout(done, LONGEST_WAIT); })]).then(() => {
    held = underway = false;
    form.requestSubmit(event.submitter);
  });
});
addEventListener('pageshow', () => { leaving = false; });
addEventListener('online', sendSoon);
begin().catch(() => {});
