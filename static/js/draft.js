// A form that is saved while it is filled in: one save at a time, again when it did not arrive. Without this file the form's
// own buttons save.
import {csrfToken} from './store.js';

const TYPING = 800, FIRST_PAUSE = 2_000, LONGEST_PAUSE = 60_000, HUNG = 8_000;

export const timeNow = () => new Intl.DateTimeFormat(document.documentElement.lang, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}).format(new Date());

export function tell(line, state) {
  const text = line.dataset[state].replace('TIME', timeNow());
  if (line.textContent !== text) line.textContent = text;
}

// `body()` is what goes to the address; `answered(answer)` says with true that no more needs to go, and gets nothing without network.
export function keepSaved(form, {address, body, answered}) {
  let timer, pause = FIRST_PAUSE, leaving = false, underway = false, held = null, sending = Promise.resolve();
  async function send() {
    clearTimeout(timer);
    if (leaving) return;  // the form takes the same words along
    underway = true;
    let answer;
    try {
      answer = await fetch(address, {
        method: 'PATCH', headers: {'Content-Type': 'application/json', 'X-CSRFToken': csrfToken()},
        body: JSON.stringify(body()), signal: AbortSignal.timeout(HUNG),
      });
    } catch { /* no network: the device has it */ }
    if (answer?.ok) pause = FIRST_PAUSE;
    if (await answered(answer).catch(() => false)) return;
    timer = setTimeout(now, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
  function now() { sending = sending.then(send, send).finally(() => { underway = false; }); }
  // A save on its way would overtake the form, or come after what it hands in: the form waits for it.
  form.addEventListener('submit', event => {
    clearTimeout(timer);
    leaving = !event.defaultPrevented;
    if (!leaving || !underway) return;
    event.preventDefault();
    const go = () => { held = null; form.requestSubmit(event.submitter); };
    held ??= sending.then(go, go);
  });
  addEventListener('pageshow', () => { leaving = false; });
  addEventListener('online', now);
  return {now, soon: () => { clearTimeout(timer); timer = setTimeout(now, TYPING); }};
}
