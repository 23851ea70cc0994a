// Cards without network: the page and its files are kept; the cards themselves live in the store of the page.
// Only /memo/ is served from here. Network first for the page, so that a new version shows as soon as there is one.
const NAME = 'memo-v1';
const FILES = {{ files|safe }};
const kept = new Set(FILES.map(file => new URL(file, location.origin).pathname));

addEventListener('install', event => event.waitUntil(
  caches.open(NAME).then(cache => cache.addAll(FILES)).then(() => skipWaiting())));

addEventListener('activate', event => event.waitUntil(
  caches.keys().then(names => Promise.all(names.filter(name => name.startsWith('memo-') && name !== NAME).map(name => caches.delete(name))))
    .then(() => clients.claim())));

addEventListener('fetch', event => {
  const address = new URL(event.request.url);
  if (event.request.method !== 'GET' || address.origin !== location.origin || !kept.has(address.pathname)) return;
  event.respondWith((async () => {
    try {
      const answer = await fetch(event.request);
      if (answer.ok && !answer.redirected) (await caches.open(NAME)).put(event.request, answer.clone());
      return answer;
    } catch (error) {
      const copy = await caches.match(event.request, {ignoreSearch: true, ignoreVary: true});
      if (copy) return copy;
      throw error;
    }
  })());
});
