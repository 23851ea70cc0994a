// Job aids without network: what somebody keeps on this device, with the files it needs. Network first, so that a newer
// text shows as soon as there is one. Only /support/ is served from here.
const NAME = 'support-v1';
const FILES = {{ files|safe }};

addEventListener('install', event => event.waitUntil(
  caches.open(NAME).then(cache => cache.addAll(FILES)).then(() => skipWaiting())));
addEventListener('activate', event => event.waitUntil(clients.claim()));

addEventListener('fetch', event => {
  const address = new URL(event.request.url);
  if (event.request.method !== 'GET' || address.origin !== location.origin) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    const known = await cache.match(event.request, {ignoreSearch: true, ignoreVary: true});
    try {
      const answer = await fetch(event.request);
      if (known && answer.ok && !answer.redirected) await cache.put(event.request, answer.clone());
      return answer;
    } catch (error) {
      if (known) return known;
      throw error;
    }
  })());
});
