// Push for this browser: asked from a button only, never on its own.
const form = document.querySelector('[data-push]');
const state = form.querySelector('[data-push-state]'), button = form.querySelector('button');
const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
const say = name => { state.textContent = form.dataset[name] ?? ''; };

function bytes(text) {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, character => character.charCodeAt(0));
}
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

// The name under which the person finds this device again: what the browser says about itself, in short.
function label() {
  const brands = navigator.userAgentData?.brands?.filter(one => !/not.?a.?brand/i.test(one.brand)) ?? [];
  const browser = brands.at(-1)?.brand ?? /(Firefox|Edg|Chrome|Safari)/.exec(navigator.userAgent)?.[1] ?? '';
  const system = navigator.userAgentData?.platform || /(iPhone|iPad|Android|Windows|Mac OS|Linux)/.exec(navigator.userAgent)?.[1] || '';
  return [browser, system].filter(Boolean).join(', ');
}

async function tell(subscription) {
  const body = new FormData(form);
  body.set('endpoint', subscription.endpoint);
  body.set('p256dh', text(subscription.getKey('p256dh')));
  body.set('auth', text(subscription.getKey('auth')));
  body.set('label', label());
  const answer = await fetch(form.dataset.add, {method: 'POST', body});
  if (answer.ok) return true;
  state.textContent = (await answer.json().catch(() => ({}))).error ?? form.dataset.failed;
  return false;
}

// The browser may hold on to what the person has removed here: only the list says who is told.
async function isListed({endpoint}) {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint)));
  const mark = Array.from(sum, byte => byte.toString(16).padStart(2, '0')).join('');
  return document.querySelector(`[data-mark="${mark}"]`) !== null;
}

async function turnOn() {
  if (await Notification.requestPermission() !== 'granted') return say('denied');
  const registration = await navigator.serviceWorker.register(form.dataset.worker);
  const key = bytes(form.dataset.key), old = await registration.pushManager.getSubscription();
  if (old && text(old.options.applicationServerKey) !== form.dataset.key) await old.unsubscribe();
  await new Promise(done => {
    const worker = registration.installing ?? registration.waiting;
    if (registration.active || !worker) return done();
    worker.addEventListener('statechange', () => { if (worker.state === 'activated') done(); });
  });
  const subscription = await registration.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: key});
  if (await tell(subscription)) location.reload();
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  button.disabled = true;
  try { await turnOn(); } catch { say('failed'); } finally { button.disabled = false; }
});

if (!able) say('unable');
else {
  button.hidden = Notification.permission === 'denied';
  say(button.hidden ? 'denied' : '');
  const known = await navigator.serviceWorker.getRegistration('/notices/').catch(() => null);
  const subscription = await known?.pushManager?.getSubscription().catch(() => null);
  if (subscription && await isListed(subscription)) { button.hidden = true; say('here'); }
}
