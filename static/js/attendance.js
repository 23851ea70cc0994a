// Who was there, also without a network: each choice is on the device at once and on the server when there is one.
// Without this file the form's own button saves.
import {openStore} from './store.js';

const form = document.querySelector('[data-attendance]');
const line = document.getElementById('attendance-saved');
let told = false; // nothing is said before something was marked
const store = openStore(`attendance-${form.dataset.session}`);

function say(waiting) {
  const state = store.signedOut ? 'signedOut' : waiting ? 'waiting' : 'saved';
  const refused = store.said?.refused?.length ? store.said.refused[0].why : '';
  const text = refused || (waiting ? '' : store.said?.note) || line.dataset[state];
  if (line.textContent !== text) line.textContent = text;
}

// What waits on this device is newer than the page.
for (const {person, presence} of (await store.waiting()).sort((a, b) => a.at.localeCompare(b.at))) {
  const field = form.elements[`person-${person}`];
  if (field) field.value = presence;
}

form.addEventListener('change', async event => {
  const [, person] = event.target.name.split('-');
  if (!person || !event.target.value) return;
  await store.queue({person: Number(person), presence: event.target.value});
  told = true;
  say(await store.flush(form.dataset.attendance));
});
// What was refused is gone from this device: that is said, also when it was marked before this page was opened.
store.keepFlushing(form.dataset.attendance, waiting => {
  told ||= Boolean(waiting || store.said?.refused?.length);
  if (told) say(waiting);
});
