// Around the frame of a package: gives it what it begins with, and keeps what it says. The frame is on another host and is
// answered only there; it never gets to see the page, its cookies or its token.
const place = document.querySelector('[data-package]');
const {origin, report, back} = place.dataset;
const frame = place.querySelector('[data-frame]');
const saved = place.querySelector('[data-saved]');
const token = place.querySelector('[name=csrfmiddlewaretoken]').value;
const given = document.getElementById('begin');
const begin = given ? JSON.parse(given.textContent) : null;
let sequence = begin?.sequence ?? 0, latest = null, line = Promise.resolve(), leaving = false;

// One at a time, and of those that wait only the latest; what does not arrive is tried again.
async function post() {
  const body = latest;
  if (!body) return;
  const answer = await fetch(report, {
    method: 'POST', keepalive: body.length < 60_000,
    headers: {'Content-Type': 'application/json', 'X-CSRFToken': token}, body,
  }).catch(() => null);
  if (latest === body && answer?.ok) latest = null;
  saved.textContent = answer?.ok ? saved.dataset.done : saved.dataset.trouble;
  if (!answer?.ok) setTimeout(() => { line = line.then(post); }, 3000);
}

function keep(cmi) {
  // The time makes it grow over reloads and devices.
  sequence = Math.max(sequence + 1, Date.now());
  latest = JSON.stringify({cmi, sequence});
  line = line.then(post);
}

async function leave() {
  await Promise.race([line, new Promise(resolve => setTimeout(resolve, 4000))]);
  location.assign(back);
}

addEventListener('message', event => {
  if (event.origin !== origin || event.source !== frame.contentWindow) return;
  const {kind, cmi} = event.data ?? {};
  if (kind === 'ready' && begin) frame.contentWindow.postMessage({kind: 'begin', ...begin}, origin);
  else if (kind === 'state' && cmi && typeof cmi === 'object') keep(cmi);
  else if (kind === 'ended' && !leaving) { leaving = true; leave(); }
  else if (kind === 'left') leave();
});

// The way out first lets the package say its last words.
place.querySelector('[data-leave]').addEventListener('click', event => {
  if (!begin || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (leaving) return;
  leaving = true;
  frame.contentWindow.postMessage({kind: 'leave'}, origin);
  setTimeout(leave, 2000);
});
addEventListener('pagehide', () => { if (latest) post(); });
