// Job aids without network: what somebody keeps on this device, with the files it needs. Network first, so that a newer
// text shows as soon as there is one. Only /support/ is served from here.
// What somebody keeps has a cache of its own, which goes when they sign out (support.js, app.js).
const NAME = 'support-v1', OURS = 'support-files-v1';
const FILES = {{ files|safe }};

addEventListener('install', event => event.waitUntil(
  caches.open(OURS).then(cache => cache.addAll(FILES)).then(() => skipWaiting())));
addEventListener('activate', event => event.waitUntil(clients.claim()));

// A newer copy, with what support.js noted of the older one.
async function renew(request, known, answer) {
  const headers = new Headers(answer.headers);
  for (const name of ['X-Title', 'X-Keeper']) if (known.headers.has(name)) headers.set(name, known.headers.get(name));
  for (const name of [NAME, OURS]) {
    if (!await caches.has(name)) continue;
    const cache = await caches.open(name);
    if (await cache.match(request, {ignoreVary: true})) {
      await cache.put(request, new Response(await answer.blob(), {headers}));
      return;
    }
  }
}

addEventListener('fetch', event => {
  const address = new URL(event.request.url);
  if (event.request.method !== 'GET' || address.origin !== location.origin) return;
  event.respondWith((async () => {
    const known = await caches.match(event.request, {ignoreSearch: true, ignoreVary: true});
    try {
      const answer = await fetch(event.request);
      if (known && answer.ok && !answer.redirected && !address.search) await renew(event.request, known, answer.clone());
      return answer;
    } catch (error) {
      if (known) return known;
      throw error;
    }
  })());
});
