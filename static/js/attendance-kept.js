// The page of who was there, kept on this device by choice, to open it where there is no network (the worker at /organise/sw.js).
const NAME = 'attendance-v1', DAYS = 7;
const able = 'serviceWorker' in navigator && 'caches' in window;
const pin = document.querySelector('[data-pin]');
const path = location.pathname;

// On a shared device nobody finds what somebody else has kept, and nothing stays longer than it is of use.
async function tidy(keeper) {
  if (!await caches.has(NAME)) return;
  const cache = await caches.open(NAME);
  for (const request of await cache.keys()) {
    const {headers} = await cache.match(request, {ignoreVary: true}) ?? new Response();
    if (headers.get('X-Keeper') !== keeper) { await caches.delete(NAME); return; }
    if (Number(headers.get('X-Until')) < Date.now()) await cache.delete(request, {ignoreVary: true});
  }
}

async function keep(address, until) {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new Error(address);
  const headers = new Headers(answer.headers);
  headers.set('X-Keeper', pin.dataset.keeper);
  headers.set('X-Until', String(until));
  await (await caches.open(NAME)).put(address, new Response(await answer.blob(), {headers}));
}

const isKept = async () => await caches.has(NAME) && Boolean(await (await caches.open(NAME)).match(path, {ignoreVary: true}));
const show = async () => pin.setAttribute('aria-pressed', String(await isKept()));

async function toggle() {
  if (await isKept()) {
    await (await caches.open(NAME)).delete(path, {ignoreVary: true});
  } else {
    await navigator.serviceWorker.register('/organise/sw.js', {scope: '/organise/'});
    const until = Math.max(Date.parse(pin.dataset.ends), Date.now()) + DAYS * 86400e3;
    await keep(path, until);
    await keep('/organise/training/', until);
  }
  await show();
}

if (pin && able) {
  await tidy(pin.dataset.keeper);
  pin.hidden = false;
  await show();
  pin.addEventListener('click', () => toggle().catch(show));
}
