// Keeps a review of a peer's work while it is made: on the device at once, on the server a moment later, and says so. Without
// this file the form's own buttons save.
import {csrfToken, openStore} from './store.js';

const form = document.querySelector('[data-peer]'), line = document.getElementById('peer-saved');
const store = openStore(`peer-${form.dataset.uid}`);
const TYPING = 800, LONGEST_PAUSE = 60_000;
let timer, pause = 2_000, leaving = false, sending = Promise.resolve();

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

function say(state) {
  const time = new Intl.DateTimeFormat(document.documentElement.lang, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}).format(new Date());
  const text = line.dataset[state].replace('TIME', time);
  if (line.textContent !== text) line.textContent = text;
}

async function send() {
  clearTimeout(timer);
  if (leaving) return;  // the form takes the same words along
  const said = written();
  let answer;
  try {
    answer = await fetch(form.dataset.peer, {
      method: 'PATCH',
      headers: {'Content-Type': 'application/json', 'X-CSRFToken': csrfToken()},
      body: JSON.stringify(facts(said)),
    });
  } catch { /* no network: the device has it */ }
  if (answer?.ok) {
    pause = 2_000;
    if (JSON.stringify(said) === JSON.stringify(written())) { await store.remove('draft'); say('saved'); return; }
  } else say('waiting');
  if (answer && answer.status >= 400 && answer.status < 500) return;
  timer = setTimeout(sendSoon, pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}
// One at a time, so that the last word stays the last.
function sendSoon() { sending = sending.then(send, send); }

async function keep() {
  await store.set('draft', written());
  clearTimeout(timer);
  timer = setTimeout(sendSoon, TYPING);
}

async function begin() {
  const kept = await store.get('draft');
  if (!kept) return;
  for (const field of fields) {
    if (field.type === 'radio') field.checked = kept[field.name] === field.value;
    else field.value = kept[field.name] ?? field.value;
  }
  sendSoon();
}

form.addEventListener('input', () => keep().catch(() => {}));
form.addEventListener('submit', event => { clearTimeout(timer); leaving = !event.defaultPrevented; });
addEventListener('pageshow', () => { leaving = false; });
addEventListener('online', sendSoon);
begin().catch(() => {});
