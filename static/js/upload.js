// Sends a file in parts, and goes on where the server stopped hearing: after a cut, a reload, or another tab. Never more
// of it in memory than a part. What came over is compared by its SHA-256 at the end.
import {sha256} from '../vendor/noble-hashes-1.8.0/sha2.js';
import {csrfToken} from './store.js';

const KB = 1024, LEAST = 64 * KB, MOST = 4 * KB * KB - LEAST, FIRST = 512 * KB;
const QUICK = 1_500, SLOW = 6_000, FIRST_PAUSE = 1_000, LONGEST_PAUSE = 30_000;
const PLACE = '/api/v1/uploads/';

// The server says no, in words for the person.
export class Refused extends Error {}

const bytes = async (file, from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer());

function network(pause) {
  return new Promise(resolve => {
    const go = () => { removeEventListener('online', go); clearTimeout(timer); resolve(); };
    const timer = setTimeout(go, pause);
    addEventListener('online', go);
  });
}

// Until there is an answer that is one: no network, a server that restarts and too many requests only cost time.
async function asked(path, options, {tell, signal}) {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    let answer;
    try {
      answer = await fetch(path, {...options, signal, headers: {'X-CSRFToken': csrfToken(), ...options.headers}});
    } catch (error) { if (signal.aborted) throw error; }
    if (answer && answer.status < 500 && answer.status !== 429) return answer;
    tell('waiting');
    await network(pause);
  }
}

async function said(answer) {
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.errors?.[0]?.detail ?? body.detail ?? '');
  return body;
}
const json = body => ({method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});

// `more` goes with the beginning, such as the draft. Resolves to what the server made of it; `tell(state, bytes)` on the way.
export async function sendFile(file, {more, tell, signal, known = () => {}}) {
  const help = {tell, signal};
  const upload = await said(await asked(PLACE, json({...more, name: file.name, size: file.size}), help));
  known(upload.uid);
  try {
    return await sendOn(file, upload, help);
  } catch (error) {
    // Else the page would ask for the same file again, which is refused again.
    if (error instanceof Refused && error.message) await dropUpload(upload.uid);
    throw error;
  }
}

async function sendOn(file, upload, help) {
  const {tell, signal} = help;
  const sum = sha256.create();
  let at = 0, part = FIRST;
  const passed = async to => {
    for (; at < to; at = Math.min(at + MOST, to)) {
      if (signal.aborted) throw new DOMException('', 'AbortError');
      sum.update(await bytes(file, at, Math.min(at + MOST, to)));
      tell('looking', at);
    }
  };
  await passed(upload.received);
  while (at < file.size) {
    const end = file.size - at - part < LEAST ? file.size : at + part;
    const body = await bytes(file, at, end), began = performance.now();
    const headers = {'Content-Type': 'application/octet-stream', 'Upload-Offset': String(at)};
    const answer = await asked(`${PLACE}${upload.uid}/`, {method: 'PATCH', headers, body}, help);
    if (answer.status === 409) {
      const there = Number(answer.headers.get('Upload-Offset'));
      if (!(there > at)) throw new Refused('');
      await passed(there);
      continue;
    }
    await said(answer);
    sum.update(body);
    at = end;
    tell('sending', at);
    const took = performance.now() - began;
    part = took < QUICK ? Math.min(part * 2, MOST) : took > SLOW ? Math.max(part / 2, LEAST) : part;
  }
  tell('checking', at);
  const hex = [...sum.digest()].map(byte => byte.toString(16).padStart(2, '0')).join('');
  return said(await asked(`${PLACE}${upload.uid}/finish/`, json({sha256: hex}), help));
}

export async function dropUpload(uid) {
  const answer = await fetch(`${PLACE}${uid}/`, {method: 'DELETE', headers: {'X-CSRFToken': csrfToken()}}).catch(() => null);
  return Boolean(answer?.ok || answer?.status === 404);
}
