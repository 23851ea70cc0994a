// Shows the question as learners see it while it is written; without this file the button does.
const form = document.querySelector('[data-writing]');
const PAUSE = 700;
let timer, running;

async function look() {
  running?.abort();
  running = new AbortController();
  const data = new FormData(form);
  for (const file of ['upload', 'media']) data.delete(file);
  data.set('look', '1');
  try {
    const answer = await fetch(location.href, {method: 'POST', body: data, signal: running.signal});
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('#preview .shown')?.parentElement, here = document.querySelector('#preview');
    if (fresh) { here.querySelector('h2').nextElementSibling.replaceWith(fresh); }
  } catch { /* the next change tries again */ }
}

form?.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
if (form?.querySelector('textarea')?.value) look();
