// How far an import is: the bar moves, and the page is shown anew when the state changes.
const place = document.querySelector('[data-import]');
const bar = place.querySelector('progress'), words = bar.nextElementSibling;

async function look() {
  const answer = await fetch(place.dataset.import, {headers: {Accept: 'application/json'}}).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const found = await answer.json().catch(() => null);
  if (!found) return;
  if (found.state !== place.dataset.state) { location.reload(); return; }
  bar.max = Math.max(found.total, 1);
  bar.value = found.done;
  if (words) words.textContent = place.dataset.words.replace('DONE', found.done).replace('TOTAL', found.total);
}
setInterval(() => { if (!document.hidden) look(); }, 1000);
look();
