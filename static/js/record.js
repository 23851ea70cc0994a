// A sound or video recording in the browser: recorded, looked at, recorded again or used. Nothing is sent before it is
// used; until it is sent the device keeps it. Without this file, or on a browser that cannot, a field takes a file.
import {openStore} from './store.js';

const TYPES = {
  audio: [['audio/webm;codecs=opus', 'weba'], ['audio/mp4', 'm4a'], ['audio/webm', 'weba']],
  video: [['video/webm;codecs=vp8,opus', 'webm'], ['video/mp4', 'mp4'], ['video/webm', 'webm']],
};
const ASKED = {audio: {audio: true}, video: {audio: true, video: {facingMode: 'user', width: {ideal: 1280}}}};
const BITS = {audio: {audioBitsPerSecond: 64_000}, video: {videoBitsPerSecond: 1_200_000, audioBitsPerSecond: 64_000}};

const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

// `use(file)` sends it and resolves to whether it is there.
export function recorder(box, name, use) {
  const kind = box.dataset.recorder, store = openStore(`recording-${name}-${kind}`);
  const type = window.MediaRecorder && navigator.mediaDevices && TYPES[kind].find(([mime]) => MediaRecorder.isTypeSupported(mime));
  if (!type) return;
  const part = act => box.querySelector(`[data-act=${act}]`), player = box.querySelector('[data-preview]');
  const say = box.querySelector('[data-say]'), time = box.querySelector('[data-time]');
  let recording, stream, file, ticking;
  box.hidden = false;
  document.getElementById(box.dataset.instead)?.closest('.field').remove();

  function show(state, words = '') {
    for (const act of ['start', 'stop', 'use', 'again']) part(act).hidden = !part(act).dataset.when.split(' ').includes(state);
    player.hidden = state === 'before' || (kind === 'audio' && state === 'recording');
    player.controls = state === 'after';
    time.hidden = state !== 'recording';
    say.textContent = words;
  }
  function preview() {
    player.srcObject = null;
    player.muted = false;
    player.src = URL.createObjectURL(file);
    show('after', box.dataset.ready);
  }
  async function start() {
    try { stream = await navigator.mediaDevices.getUserMedia(ASKED[kind]); }
    catch { show('before', box.dataset.refused); return; }
    const pieces = [], began = performance.now();
    recording = new MediaRecorder(stream, {mimeType: type[0], ...BITS[kind]});
    recording.ondataavailable = event => { if (event.data.size) pieces.push(event.data); };
    recording.onstop = async () => {
      clearInterval(ticking);
      for (const track of stream.getTracks()) track.stop();
      const when = new Date().toLocaleString('sv').slice(0, 16).replace(' ', '-').replace(':', '');
      file = new File(pieces, `recording-${when}.${type[1]}`, {type: type[0].split(';')[0]});
      await store.set('file', file, 20_000);
      preview();
      part('use').focus();
    };
    if (kind === 'video') {
      player.removeAttribute('src');
      player.srcObject = stream;
      player.muted = true;
      player.play().catch(() => {});
    }
    recording.start(1000);
    ticking = setInterval(() => { time.textContent = clock((performance.now() - began) / 1000); }, 500);
    time.textContent = clock(0);
    show('recording', box.dataset.running);
    part('stop').focus();
  }
  async function send() {
    part('use').hidden = part('again').hidden = true;
    say.textContent = box.dataset.sending;
    if (!await use(file)) { show('after', box.dataset.failed); return; }
    await store.remove('file');
    file = undefined;
    player.removeAttribute('src');
    show('before', box.dataset.sent);
  }
  part('start').addEventListener('click', start);
  part('again').addEventListener('click', start);
  part('stop').addEventListener('click', () => recording.stop());
  part('use').addEventListener('click', send);
  show('before');
  store.get('file').then(kept => { if (kept) { file = kept; preview(); } });
}
