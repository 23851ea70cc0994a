// What is being written in a discussion stays on the device until the site has it: the session may have ended meanwhile.
import {openStore} from './store.js';

const place = document.querySelector('[data-post]');
const keptAt = uid => openStore(`post-${uid}`);
const form = place.querySelector('form[data-write]'), store = keptAt(place.dataset.post);
const fields = form ? [...form.querySelectorAll('input[type=text],textarea')] : [];
const written = () => Object.fromEntries(fields.map(field => [field.name, field.value]));

async function begin() {
  const asked = new URLSearchParams(location.search), sent = asked.get('new');
  if (sent === 'thread') await keptAt(place.dataset.room).remove('draft');
  if (sent === 'reply') await store.remove('draft');
  asked.delete('new');  // the next draft is not taken for this one
  if (sent) history.replaceState(null, '', `${location.pathname}?${asked}${location.hash}`);
  if (fields.some(field => field.value !== field.defaultValue)) { await store.set('draft', written()); return; }
  const kept = await store.get('draft');
  if (!kept || fields.some(field => field.value)) return;
  for (const field of fields) field.value = kept[field.name] ?? '';
  if (fields.some(field => field.value)) form.closest('details')?.setAttribute('open', '');
}

form?.addEventListener('input', () => store.set('draft', written()));
begin().catch(() => {});
