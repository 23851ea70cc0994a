// Who was there, without network: the pages of sessions that a trainer keeps on this device, with the files they need.
// Network first. What was kept has a cache of its own, which goes when they sign out (store.js), and each page of it some days
// after its session (X-Until), because it names people.
const NAME = 'attendance-v1', OURS = 'attendance-files-v1';
const FILES = {{ files|safe }};

addEventListener('install', event => event.waitUntil(
  caches.open(OURS).then(cache => cache.addAll(FILES)).then(() => skipWaiting())));
addEventListener('activate', event => event.waitUntil(clients.claim()));

async function known(request) {
  const found = await caches.match(request, {ignoreSearch: true, ignoreVary: true});
  const until = Number(found?.headers.get('X-Until') ?? 0);
  if (!until || until > Date.now()) return found;
  await (await caches.open(NAME)).delete(request, {ignoreSearch: true, ignoreVary: true});
}

// A newer copy, with what attendance-kept.js noted of the older one.
async function renew(request, older, answer) {
  if (!await caches.has(NAME)) return;
  const cache = await caches.open(NAME);
  if (!await cache.match(request, {ignoreVary: true})) return;
  const headers = new Headers(answer.headers);
  for (const name of ['X-Until', 'X-Keeper']) headers.set(name, older.headers.get(name));
  await cache.put(request, new Response(await answer.blob(), {headers}));
}

addEventListener('fetch', event => {
  const address = new URL(event.request.url);
  if (event.request.method !== 'GET' || address.origin !== location.origin) return;
  event.respondWith((async () => {
    const kept = await known(event.request);
    try {
      const answer = await fetch(event.request);
      if (kept?.headers.has('X-Keeper') && answer.ok && !answer.redirected && !address.search) await renew(event.request, kept, answer.clone());
      return answer;
    } catch (error) {
      if (kept) return kept;
      throw error;
    }
  })());
});
