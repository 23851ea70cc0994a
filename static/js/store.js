// A store on the device that survives reload, crash and no network: values by key, and an outbox of things to send.
// No answer is lost: what is in the outbox leaves it only when the server has confirmed it.
//
//   const store = openStore('quiz-42');
//   await store.set('at', 3);               await store.get('at');
//   await store.queue({answer: 'b'});       // gets an id (the idempotency key) and the time it was given
//   await store.flush('/attempts/42/answers/');   // -> how many still wait

const VERSION = 1;
const SLOW = 1_000, SLOW_TO_OPEN = 2_000, SLOW_TO_KEEP = 4_000, HUNG = 15_000, MOST = 100, LARGEST = 200_000;

const soon = (work, otherwise) => Promise.race([work, new Promise(go => setTimeout(go, SLOW, otherwise))]);

// The first of what waits, so small that a slow line carries it in time.
function first(items) {
  let size = 0;
  return items.filter((item, n) => n === 0 || (n < MOST && (size += JSON.stringify(item).length) < LARGEST));
}

// Now and then a browser never answers, or has closed what was open; asked again, it answers at once.
async function insist(work, patience, again = () => {}) {
  let why = new Error('The device does not answer.');
  for (let tries = 0; tries < 3; tries++) {
    const answer = await Promise.race([work().then(value => ({value}), error => { why = error; }), new Promise(go => setTimeout(go, patience))]);
    if (answer) return answer.value;
    again();
  }
  throw why;
}

export function openStore(name) {
  let opened;
  const open = () => new Promise((resolve, reject) => {
    const request = indexedDB.open(`grove-${name}`, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('outbox', {keyPath: 'id'});
      request.result.createObjectStore('values');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = () => opened ??= insist(open, SLOW_TO_OPEN).catch(error => { opened = undefined; throw error; });
  const run = async (table, mode, act) => {
    const db = await database();
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(table, mode, {durability: 'strict'});
      const request = act(transaction.objectStore(table));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };
  const reopen = () => { opened = undefined; };
  const outbox = (mode, act) => insist(() => run('outbox', mode, act), SLOW_TO_KEEP, reopen);
  // What keeps nothing, or never answers, gives nothing: the page goes on.
  const values = (mode, act, patience = SLOW) => insist(() => run('values', mode, act), patience, reopen).catch(() => {});
  // What the device has not kept yet: it is sent from here when that takes long, or cannot be.
  const given = new Map();
  async function waiting() {
    const onDisk = outbox('readonly', table => table.getAll());
    const kept = await (given.size ? soon(onDisk.catch(() => []), []) : onDisk);
    return [...new Map([...kept, ...given.values()].map(item => [item.id, item])).values()];
  }
  let sending = Promise.resolve(0);

  return {
    // Whether the last sending came to the server, ended at the page where people sign in; its status; what the server said.
    reached: true,
    signedOut: false,
    status: 200,
    said: {},

    get: key => values('readonly', table => table.get(key)),
    set: (key, value, patience) => values('readwrite', table => table.put(value, key), patience),
    remove: key => values('readwrite', table => table.delete(key)),

    // Resolves when the device has the item; only then may the next screen show. A slow one is not waited for: the item is sent.
    async queue(item) {
      const kept = {id: crypto.randomUUID(), at: new Date().toISOString(), ...item};
      given.set(kept.id, kept);
      await soon(outbox('readwrite', table => table.put(kept)).then(() => given.delete(kept.id), () => {}));
      return kept;
    },
    waiting,

    // Sends what waits, oldest first, and resolves to how many still wait. One sending at a time. Also when the browser thinks
    // that there is no network: it may be wrong.
    // Only what the server names leaves the device, as accepted, refused for good or set aside: a sign-in page is a 200 too.
    flush(url, {token = csrfToken(), field = 'items', headers = {}} = {}) {
      const send = async () => {
        let left = (await waiting()).sort((a, b) => a.at.localeCompare(b.at));
        const held = [];   // what the server takes later only: nothing waits behind it
        try {
          while (left.length) {
            const sent = first(left);
            const answer = await fetch(url, {
              method: 'POST',
              headers: {'Content-Type': 'application/json', 'X-CSRFToken': token, ...headers},
              body: JSON.stringify({[field]: sent}),
              signal: AbortSignal.timeout(HUNG),
            });
            this.reached = true;
            this.signedOut = answer.redirected;
            this.status = answer.status;
            if (answer.redirected || !(answer.ok || answer.status === 409)) return held.length + left.length;
            this.said = await answer.json().catch(() => ({}));
            const {accepted = [], refused = [], set_aside: aside = []} = this.said;
            const gone = new Set([...accepted, ...refused.map(item => item.id), ...aside]);
            for (const id of gone) {
              given.delete(id);
              await soon(outbox('readwrite', table => table.delete(id)).catch(() => {}));
            }
            const rest = left.filter(item => !gone.has(item.id));
            if (rest.length < left.length) left = rest;
            else if (this.said.accepted) held.push(...left.splice(0, sent.length));
            else break;   // that was another page
          }
        } catch { this.reached = false; /* no network: it stays here and goes with the next flush */ }
        // What was given meanwhile counts too.
        return (await soon(waiting().catch(() => [...held, ...left]), [...held, ...left])).length;
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

    // The values only: the outbox empties itself.
    forget: () => values('readwrite', table => table.clear()),
  };
}

// Nobody is signed in here any more: what was kept for the one before goes, but for answers that wait to be sent.
export async function leaveDevice() {
  sessionStorage.clear();
  for (const name of ['support-v1', 'memo-v1', 'attendance-v1']) window.caches?.delete(name);
  for (const {name} of await indexedDB.databases?.() ?? []) {
    if (!name.startsWith('grove-')) continue;
    const store = openStore(name.slice('grove-'.length));
    if (!(await store.waiting()).length) await store.forget();
  }
}

// From the page's own form: the cookie may be hidden from scripts.
export function csrfToken() {
  return document.querySelector('[name=csrfmiddlewaretoken]')?.value ?? '';
}
