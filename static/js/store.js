// A store on the device that survives reload, crash and no network: values by key, and an outbox of things to send.
// No answer is lost: what is in the outbox leaves it only when the server has confirmed it.
//
//   const store = openStore('quiz-42');
//   await store.set('at', 3);               await store.get('at');
//   await store.queue({answer: 'b'});       // gets an id (the idempotency key) and the time it was given
//   await store.flush('/attempts/42/answers/');   // -> how many still wait

const VERSION = 1;

export function openStore(name) {
  let opened;
  const database = () => opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(`grove-${name}`, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('outbox', {keyPath: 'id'});
      request.result.createObjectStore('values');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => { opened = undefined; reject(request.error); };
  });
  const run = async (table, mode, act) => {
    const db = await database();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(table, mode, {durability: 'strict'});
      const request = act(transaction.objectStore(table));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };
  const waiting = () => run('outbox', 'readonly', table => table.getAll());
  let sending = Promise.resolve(0);

  return {
    // Whether the last sending came to the server, ended at the page where people sign in; its status; what the server said.
    reached: true,
    signedOut: false,
    status: 200,
    said: {},

    get: key => run('values', 'readonly', table => table.get(key)),
    set: (key, value) => run('values', 'readwrite', table => table.put(value, key)),
    remove: key => run('values', 'readwrite', table => table.delete(key)),

    // Resolves when the device has the item; only then may the next screen show.
    async queue(item) {
      const kept = {id: crypto.randomUUID(), at: new Date().toISOString(), ...item};
      await run('outbox', 'readwrite', table => table.put(kept));
      return kept;
    },
    waiting,

    // Sends what waits, oldest first, and resolves to how many still wait. One sending at a time.
    // Only what the server names leaves the device, as accepted, refused for good or set aside: a sign-in page is a 200 too.
    flush(url, {token = csrfToken(), field = 'items', headers = {}} = {}) {
      const send = async () => {
        const items = (await waiting()).sort((a, b) => a.at.localeCompare(b.at));
        if (!items.length || !navigator.onLine) return items.length;
        try {
          const answer = await fetch(url, {
            method: 'POST',
            headers: {'Content-Type': 'application/json', 'X-CSRFToken': token, ...headers},
            body: JSON.stringify({[field]: items}),
          });
          this.reached = true;
          this.signedOut = answer.redirected;
          this.status = answer.status;
          if (answer.redirected || !(answer.ok || answer.status === 409)) return items.length;
          this.said = await answer.json().catch(() => ({}));
          const {accepted = [], refused = [], set_aside: aside = []} = this.said;
          for (const id of [...accepted, ...refused.map(item => item.id), ...aside]) await run('outbox', 'readwrite', table => table.delete(id));
        } catch { this.reached = false; /* no network: it stays here and goes with the next flush */ }
        return (await waiting()).length;
      };
      sending = sending.then(send, send);
      return sending;
    },

    // Flushes now, when the network is back, and when the page is shown again. iOS has no background sync to rely on.
    keepFlushing(url, tell = () => {}, options = {}) {
      const go = () => this.flush(url, options).then(tell);
      addEventListener('online', go);
      addEventListener('offline', go);
      addEventListener('pageshow', go);
      document.addEventListener('visibilitychange', () => { if (!document.hidden) go(); });
      return go();
    },

    clear: async () => { await run('values', 'readwrite', table => table.clear()); await run('outbox', 'readwrite', table => table.clear()); },
  };
}

// Nobody is signed in here any more: what was kept for the one before goes, but for answers that wait to be sent.
export async function leaveDevice() {
  for (const name of ['support-v1', 'memo-v1', 'attendance-v1']) window.caches?.delete(name);
  for (const {name} of await indexedDB.databases?.() ?? []) {
    if (!name.startsWith('grove-')) continue;
    const store = openStore(name.slice('grove-'.length));
    if (!(await store.waiting()).length) await store.clear();
  }
}

// From the page's own form: the cookie may be hidden from scripts.
export function csrfToken() {
  return document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? '';
}
