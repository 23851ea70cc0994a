// What is typed on the page of a review stays while another form of it goes (a remark, a file, more or less for one), when
// the page is loaded anew, and when somebody looks elsewhere first. Forms that were changed are kept in this tab and put
// back; the one that was sent only where it was refused. A remark that was typed and not added holds the mark up.
const key = `review:${location.pathname}`, forms = [...document.querySelectorAll('form[data-kept]')];
const said = form => [...new FormData(form)].filter(([name, value]) => name !== 'csrfmiddlewaretoken' && typeof value === 'string');
const asText = form => JSON.stringify(said(form));

function put(form, values) {
  for (const [name, value] of values) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === 'radio') field.checked = field.value === value;
      else field.value = value;
    }
  }
  form.closest('details')?.setAttribute('open', '');
}

const before = new Map(forms.map(form => [form, asText(form)]));
const kept = JSON.parse(sessionStorage.getItem(key) ?? '{}');
sessionStorage.removeItem(key);
const isRefused = document.querySelector('.toast[role=alert]') !== null;
for (const form of forms) {
  const values = kept[form.dataset.kept];
  if (values && (form.dataset.kept !== kept.sent || isRefused)) put(form, values);
}

// The server shows a refused mark again by itself. On the window: after whatever asks first, and may hold it up.
let sent = '';
addEventListener('submit', event => {
  if (!event.defaultPrevented && event.target.method === 'post') sent = event.target.dataset.kept;
});
addEventListener('pagehide', () => {
  const changed = forms.filter(form => asText(form) !== before.get(form)).map(form => [form.dataset.kept, said(form)]);
  if (sent !== 'mark' && changed.length) sessionStorage.setItem(key, JSON.stringify({...Object.fromEntries(changed), sent}));
});

// Before the page asks whether the mark may go (app.js).
addEventListener('submit', event => {
  const words = document.querySelector('#remark-form [name=words]'), note = document.getElementById('remark-left');
  if (event.target.dataset.kept !== 'mark' || !['mark', 'release'].includes(event.submitter?.value) || !words?.value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  note.hidden = false;
  words.focus();
}, {capture: true});
