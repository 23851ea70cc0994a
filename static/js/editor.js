// The editor of pages: marks by button and key, and the text as it is read beside it.
// Without this file the form has a button that shows the text. Writing it as it looks is visual/main.js.
const form = document.querySelector('[data-editing]');
const field = form.querySelector('[data-editor]');
const shown = form.querySelector('[data-shown]');
const tools = form.querySelector('[data-tools]');
const cursor = form.querySelector('[data-cursor]');

function put(text, from, to) {
  field.focus();
  field.setSelectionRange(from, to);
  // The old command is the only one that keeps the browser's own undo.
  if (!document.execCommand('insertText', false, text)) field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new Event('input', {bubbles: true}));
}

function mark(sign) {
  const {selectionStart: from, selectionEnd: to, value} = field, words = value.slice(from, to);
  put(sign + words + sign, from, to);
  field.setSelectionRange(from + sign.length, from + sign.length + words.length);
}

function line(sign) {
  const {selectionStart, selectionEnd: to, value} = field;
  const from = value.lastIndexOf('\n', selectionStart - 1) + 1;
  put(value.slice(from, to).split('\n').map(one => sign + one).join('\n'), from, to);
}

function link() {
  const {selectionStart: from, selectionEnd: to, value} = field, words = value.slice(from, to);
  put(`[${words}](https://)`, from, to);
  const place = words ? from + words.length + 3 + 8 : from + 1;
  field.setSelectionRange(place, place);
}

tools.hidden = false;
form.querySelector('[data-plain]').hidden = true;
tools.addEventListener('click', event => {
  const {mark: sign, line: start, link: isLink} = event.target.closest('button')?.dataset ?? {};
  if (sign) mark(sign);
  else if (start) line(start);
  else if (isLink !== undefined) link();
});
// One stop for the tab key; arrows move between the buttons.
const buttons = [...tools.querySelectorAll('button')];
buttons.forEach((button, place) => { button.tabIndex = place ? -1 : 0; });
tools.addEventListener('keydown', event => {
  const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  if (!step) return;
  const place = buttons.indexOf(document.activeElement);
  const next = buttons[(place + step + buttons.length) % buttons.length];
  buttons.forEach(button => { button.tabIndex = button === next ? 0 : -1; });
  next.focus();
});
field.addEventListener('keydown', event => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const act = {b: () => mark('**'), i: () => mark('_'), k: link}[event.key];
  if (act) { event.preventDefault(); act(); }
});
for (const name of ['keyup', 'click', 'select', 'input']) field.addEventListener(name, () => { cursor.value = field.selectionStart; });

let timer, asked = 0;
async function show() {
  const mine = ++asked;
  const body = new URLSearchParams({markdown: field.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value});
  const answer = await fetch(form.dataset.preview, {method: 'POST', body}).catch(() => null);
  if (!answer?.ok || answer.redirected || mine !== asked) return;
  const text = await answer.text(), {bottom} = shown.getBoundingClientRect();
  shown.innerHTML = text;
  // What is below stays.
  if (field.getBoundingClientRect().bottom < 0) scrollBy(0, shown.getBoundingClientRect().bottom - bottom);
}
field.addEventListener('input', () => {
  clearTimeout(timer);
  if (!('asItLooks' in form.dataset)) timer = setTimeout(show, 400);
});

// Leaving with unsaved words asks first.
let changed = false;
form.addEventListener('input', () => { changed = true; });
form.addEventListener('submit', () => { changed = false; });
addEventListener('beforeunload', event => { if (changed) event.preventDefault(); });
