// Keeps where the person is in the video, and which seconds the player has really shown. The server decides what counts.
const place = document.querySelector('[data-watching]');
const video = place.querySelector('video');
const token = place.querySelector('[name=csrfmiddlewaretoken]').value;
const find = name => place.querySelector(`[data-${name}]`);
const EVERY = 10_000;
let spans = [], start = null, last = 0, busy = false;

const begin = Number(place.dataset.position);
video.addEventListener('loadedmetadata', () => {
  if (begin > 1 && begin < video.duration - 3) video.currentTime = begin;
}, {once: true});

function close() {
  if (start !== null && last > start) spans.push([start, last]);
  start = null;
}

video.addEventListener('playing', () => { start = last = video.currentTime; });
video.addEventListener('timeupdate', () => {
  if (video.seeking || video.paused) return;
  const now = video.currentTime;
  // A jump is a new span: what lies between was not shown.
  if (start === null || now < last || now - last > 2 * Math.max(video.playbackRate, 1)) { close(); start = now; }
  last = now;
});
video.addEventListener('seeking', close);

async function report() {
  if (busy || (start === null && !spans.length)) return;
  close();
  if (!video.paused) start = last = video.currentTime;
  const sent = spans;
  spans = [];
  busy = true;
  try {
    const answer = await fetch(place.dataset.watching, {
      method: 'POST', keepalive: true,
      headers: {'Content-Type': 'application/json', 'X-CSRFToken': token},
      body: JSON.stringify({position: video.currentTime, spans: sent}),
    });
    if (!answer.ok) throw new Error(answer.status);
    const {percent, completed} = await answer.json();
    find('share').value = find('percent').textContent = percent;
    find('done').hidden = !completed;
    find('rule').hidden = completed;
    find('trouble').hidden = true;
  } catch {
    spans = [...sent, ...spans];
    find('trouble').hidden = false;
  } finally {
    busy = false;
  }
}

setInterval(report, EVERY);
for (const name of ['pause', 'ended']) video.addEventListener(name, () => { if (last) report(); });
document.addEventListener('visibilitychange', () => { if (document.hidden) report(); });
addEventListener('pagehide', report);
