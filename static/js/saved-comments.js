// A saved comment goes where somebody last wrote: the feedback, a criterion or a remark. Without this file the buttons put
// it into the feedback, by way of the server.
const panel = document.querySelector('[data-comments]');
let field = document.getElementById('id_comment');

document.addEventListener('focusin', event => {
  if (event.target.matches('textarea:not([name=quote])')) field = event.target;
});
panel?.addEventListener('click', event => {
  const button = event.target.closest('[data-words]');
  if (!button || !field) return;
  event.preventDefault();
  const typed = field.value.trimEnd();
  field.value = typed ? `${typed}\n${button.dataset.words}` : button.dataset.words;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
});

const search = panel?.querySelector('input[type=search]');
search?.closest('[hidden]')?.removeAttribute('hidden');
search?.addEventListener('input', () => {
  const words = search.value.toLowerCase().split(/\s+/);
  for (const item of panel.querySelectorAll('li')) {
    item.hidden = !words.every(word => item.textContent.toLowerCase().includes(word));
  }
});
search?.addEventListener('keydown', event => { if (event.key === 'Enter') event.preventDefault(); });
