// Keeps each answer on the device the moment it changes, sends it, and says so. Without this file the form's own
// buttons save. What the device holds leaves it only when the server has confirmed it (store.js).
import {timeNow} from './draft.js';
import {openStore} from './store.js';

const place = document.querySelector('[data-attempt]');
const saved = document.getElementById('saved');
const store = place && openStore(`attempt-${place.dataset.attempt}`);
const TYPING = 400;
const ICONS = {saved: 'cloud-check', waiting: 'cloud-upload', offline: 'wifi-off', refused: 'cloud-off', signedOut: 'cloud-off', finished: 'lock', elsewhere: 'refresh-cw'};

function say(state, words) {
  if (!saved) return;
  saved.classList.remove('waiting', 'offline', 'refused');
  if (state !== 'saved') saved.classList.add({signedOut: 'waiting', elsewhere: 'waiting', finished: 'refused'}[state] ?? state);
  const icon = saved.querySelector('use');
  icon.setAttribute('href', icon.getAttribute('href').replace(/#.*/, `#${ICONS[state]}`));
  const text = words ?? saved.dataset[state].replace('TIME', timeNow()), line = saved.querySelector('[data-text]');
  if (line.textContent !== text) line.textContent = text;
  document.getElementById('sign-in').hidden = state !== 'signedOut';
  document.getElementById('to-review').hidden = state !== 'finished';
}

function tell(left) {
  const {refused = [], finished} = store.said;
  if (store.status === 409 && finished) say('finished');
  else if (refused.length) say('refused', refused.at(-1).detail);
  else say(left === 0 ? 'saved' : !navigator.onLine ? 'offline' : store.signedOut ? 'signedOut' : 'waiting');
}
// What the flushes by themselves found: the line changes only when something waits, or did.
const heard = left => { if (left) { tell(left); sendSoon(); } else if (saved?.matches('.waiting, .offline')) tell(0); };

// How the attempt stands on the server, and a token of the sign-in that is on: another one was made in another tab.
async function ask() {
  const answer = await fetch(place.dataset.state, {headers: {Accept: 'application/json'}}).catch(() => null);
  if (answer?.redirected) store.signedOut = true;
  if (!answer?.ok || answer.redirected) return null;
  const state = await answer.json().catch(() => null);
  if (state?.ticket) place.dataset.ticket = state.ticket;
  if (state) for (const field of document.querySelectorAll('[name=csrfmiddlewaretoken]')) field.value = state.csrf;
  return state;
}

// With the ticket of the page a plain answer is saved in one step (assessments/middleware.py).
const quickly = () => (place.dataset.ticket ? {headers: {'X-Attempt-Ticket': place.dataset.ticket}} : {});

async function send() {
  let left = await store.flush(place.dataset.answers, quickly());
  if (left && store.status === 403 && await ask()) left = await store.flush(place.dataset.answers, quickly());
  tell(left);
  return left;
}

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
  // This page counts what it sends; the server takes each count once, however often it comes (services/attempts.py).
  const client = crypto.randomUUID();
  let seq = 0, base = Number(form.dataset.revision), since = performance.now();

  function current() {
    const fields = {};
    for (const [name, value] of new FormData(form)) if (isAnswer(name)) (fields[name] ??= []).push(value);
    return {position, fields, flagged: form.elements.flagged?.checked ?? false};
  }

  // As the server drew it. What was given before this file ran (a slow line, a quick thumb) differs from it and is kept.
  function drawn() {
    const fields = {};
    for (const field of form.elements) {
      if (!isAnswer(field.name)) continue;
      if (field.matches('[type=radio],[type=checkbox]') && !field.defaultChecked) continue;
      const options = [...field.options ?? []], option = options.find(one => one.defaultSelected) ?? options[0];
      (fields[field.name] ??= []).push(option ? option.value : field.matches('[type=radio],[type=checkbox]') ? field.value : field.defaultValue);
    }
    return {position, fields, flagged: form.elements.flagged?.defaultChecked ?? false};
  }

  function showMark({fields, flagged}) {
    if (!button) return;
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
    if (form.elements.flagged) form.elements.flagged.checked = Boolean(flagged);
  }

  function looked() {
    const seconds = Math.round((performance.now() - since) / 1000);
    since = performance.now();
    return seconds;
  }

  let kept = JSON.stringify(drawn()), timer;
  async function keep() {
    clearTimeout(timer);
    const item = current(), text = JSON.stringify(item);
    if (text === kept) return;
    kept = text;
    showMark(item);
    await store.queue({...item, client, seq: ++seq, base: base++, seconds: looked()});
  }
  function keepAndSend() {
    const late = setTimeout(say, 1_000, 'waiting');
    return keep().catch(() => {}).then(sendSoon).catch(() => say('refused')).finally(() => clearTimeout(late));
  }

  store.waiting().then(items => {
    const mine = items.filter(item => item.position === position).sort((a, b) => a.at.localeCompare(b.at)).at(-1);
    if (kept !== JSON.stringify(current())) return keepAndSend();
    if (!mine || seq) return;
    restore(mine);
    kept = JSON.stringify(current());
    showMark(mine);
  }).catch(() => {}).finally(() => { store.keepFlushing(place.dataset.answers, heard, quickly()).catch(() => {}); });

  form.addEventListener('change', keepAndSend);
  form.addEventListener('input', event => {
    if (!event.target.matches('input[type=text],textarea')) return;
    clearTimeout(timer);
    timer = setTimeout(keepAndSend, TYPING);
  });
  // Leaving by the cross, by the back key or by closing: the device has it.
  addEventListener('pagehide', () => { keep().catch(() => {}); });

  // Shown again: what waited goes out, and another window may have answered meanwhile.
  document.addEventListener('visibilitychange', async () => {
    if (document.hidden) return;
    const state = await ask(), mine = state?.answers.find(answer => answer.position === position);
    if (!state) return;
    if (state.finished) { say('finished'); return; }
    await send();
    if (mine && mine.client !== client && mine.revision > base) say('elsewhere');
  });

  // Going on: first everything that waits, so that nothing old can arrive after what this form sends.
  let ready = false;
  form.addEventListener('submit', async event => {
    if (ready) return;
    event.preventDefault();
    const {submitter} = event;
    try {
      await keep();
      const left = await send();
      // Without a way to the server the next page would be the browser's own, about an error.
      if (!navigator.onLine && !await ask()) { say('offline', saved?.dataset.held); return; }
      if (left && (!store.reached || store.signedOut)) { sendSoon(); return; }
    } catch { /* no storage on this device: the form itself saves */ }
    ready = true;
    form.requestSubmit(submitter);
    setTimeout(() => { ready = false; }, 4_000);
  });
  addEventListener('pageshow', () => { ready = false; });
  return keep;
}

function setUpOverview() {
  store.keepFlushing(place.dataset.answers, heard, quickly()).catch(() => {});
  // Finishing waits for what is still on the device.
  for (const form of document.querySelectorAll('form[action$="/finish/"]')) {
    if (form.id === 'time-up') continue;
    let ready = false;
    form.addEventListener('submit', async event => {
      if (ready) return;
      event.preventDefault();
      const left = await send().catch(() => 0);
      if (left || !navigator.onLine && !await ask()) {
        document.getElementById('finish')?.hidePopover?.();
        if (left) sendSoon(); else say('offline', saved?.dataset.held);
        return;
      }
      ready = true;
      form.requestSubmit();
      setTimeout(() => { ready = false; }, 4_000);
    });
  }
}

// Counts down from what the server said, by a clock that nobody can set; said aloud a few times only.
function setUpTimer(line, keep) {
  const end = performance.now() + Number(line.dataset.left) * 1000;
  const said = line.querySelector('[data-said]'), text = line.querySelector('[data-text]');
  const marks = [600, 300, 120, 60, 30].filter(mark => mark < Number(line.dataset.left));
  const tick = async () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    const hours = Math.floor(left / 3600), minutes = String(Math.floor(left / 60) % 60), seconds = String(left % 60).padStart(2, '0');
    text.textContent = line.dataset.words.replace('TIME', hours ? `${hours}:${minutes.padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`);
    if (marks.length && left <= marks[0]) {
      const mark = marks.shift();
      line.classList.toggle('near', mark <= 120);
      said.textContent = mark === 30 ? line.dataset.half : mark === 60 ? line.dataset.minute : line.dataset.minutes.replace('N', mark / 60);
    }
    if (left) { setTimeout(tick, 1000); return; }
    said.textContent = text.textContent = line.dataset.up;
    await keep?.().catch(() => {});
    const waits = await send().catch(() => 1);
    if (waits && !navigator.onLine) { addEventListener('online', tick, {once: true}); return; }
    document.getElementById('time-up').submit();
  };
  tick();
}

let keep;
if (place?.matches('form')) keep = setUpQuestion(place);
else if (place?.id === 'overview') setUpOverview();
else if (place?.id === 'review') store.flush(place.dataset.answers).catch(() => {});
const timer = document.getElementById('timer');
if (timer) setUpTimer(timer, keep);

// On a phone the numbers scroll.
document.querySelector('.qnav [aria-current]')?.scrollIntoView({block: 'nearest'});
