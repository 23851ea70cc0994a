// Shows pushes and opens what they are about. Nothing is kept or fetched here: the one of /memo/ does that for its pages.
addEventListener('install', () => skipWaiting());
addEventListener('activate', event => event.waitUntil(clients.claim()));

addEventListener('push', event => {
  const told = event.data?.json()?.notification;
  if (!told) return;
  event.waitUntil(registration.showNotification(told.title, {
    body: told.body, lang: told.lang, tag: told.tag, data: told.navigate,
  }));
});

addEventListener('notificationclick', event => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data));
});
