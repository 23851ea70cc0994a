// Job aids: ticks are kept as they are made, and an aid can be kept on the device for when there is no network.
const NAME = 'support-v1';
const form = document.querySelector('[data-ticks]');
if (form) {
  form.querySelector('[data-plain]').hidden = true;
  const trouble = form.querySelector('[data-trouble]');
  let sending = Promise.resolve();
  form.addEventListener('change', () => {
    form.querySelector('[data-ticked]').textContent = form.querySelectorAll(':checked').length;
    const body = new URLSearchParams(new FormData(form));
    sending = sending.then(async () => {
      const answer = await fetch(form.action, {method: 'POST', body, redirect: 'manual', keepalive: true}).catch(() => null);
      trouble.hidden = answer?.type === 'opaqueredirect' || answer?.ok === true;
    });
  });
}

const able = 'serviceWorker' in navigator && 'caches' in window;
const path = location.pathname;
const keeper = document.querySelector('[data-keeper]')?.dataset.keeper;

// On a shared device nobody finds what somebody else has kept.
if (able && keeper && await caches.has(NAME)) {
  const cache = await caches.open(NAME);
  for (const request of await cache.keys()) {
    const {headers} = await cache.match(request, {ignoreVary: true}) ?? new Response();
    if (headers.has('X-Title') && headers.get('X-Keeper') !== keeper) { await caches.delete(NAME); break; }
  }
}

// The page itself and the pictures in it.
const parts = () => [path, ...[...document.querySelectorAll('.prose img')].map(image => image.src)];

async function showPin(pin) {
  const kept = await (await caches.open(NAME)).match(path);
  pin.setAttribute('aria-pressed', String(Boolean(kept)));
}

async function togglePin(pin) {
  const cache = await caches.open(NAME);
  if (await cache.match(path)) {
    for (const part of parts()) await cache.delete(part);
  } else {
    await navigator.serviceWorker.register('/support/sw.js', {scope: '/support/'});
    await cache.addAll(['/support/', ...parts()]);
    const answer = await cache.match(path);
    const headers = new Headers(answer.headers);
    headers.set('X-Keeper', keeper);
    headers.set('X-Title', encodeURIComponent(document.querySelector('[data-aid]').dataset.aid));
    await cache.put(path, new Response(await answer.blob(), {headers}));
  }
  await showPin(pin);
}

const pin = document.querySelector('[data-pin]');
if (pin && able) {
  pin.hidden = false;
  showPin(pin);
  pin.addEventListener('click', () => togglePin(pin));
}

// The list of what is kept, which also opens without network.
const list = document.querySelector('[data-pinned-list]');
if (list && able) {
  const cache = await caches.open(NAME);
  for (const request of await cache.keys()) {
    const title = (await cache.match(request)).headers.get('X-Title');
    if (!title) continue;
    const item = document.createElement('li'), link = document.createElement('a');
    link.href = new URL(request.url).pathname;
    link.className = 't';
    link.textContent = decodeURIComponent(title);
    item.append(link);
    list.append(item);
  }
  document.querySelector('[data-pinned]').hidden = !list.children.length;
}
