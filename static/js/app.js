// Small extras. Every page works without this file.
const root = document.documentElement;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

// Messages: a close button, and success goes by itself after ten seconds unless someone is reading it.
function setUpToast(toast) {
  const close = toast.querySelector('[data-dismiss]');
  const leave = () => { toast.style.visibility = 'hidden'; };
  close.hidden = false;
  close.addEventListener('click', leave);
  if (toast.getAttribute('role') === 'alert') return;
  let timer = setTimeout(leave, 10_000);
  for (const name of ['mouseenter', 'focusin']) toast.addEventListener(name, () => clearTimeout(timer));
  for (const name of ['mouseleave', 'focusout']) toast.addEventListener(name, () => { timer = setTimeout(leave, 10_000); });
}

// data-autosubmit on a form or field: sends the form when a choice changes. The form keeps its button for others.
document.addEventListener('change', event => {
  const place = event.target.closest('[data-autosubmit]');
  if (place) (place.form ?? event.target.form ?? place).requestSubmit();
});

// data-confirm on a button or form: asks before what cannot be undone.
const confirmed = new WeakSet();
document.addEventListener('submit', event => {
  const form = event.target, button = event.submitter;
  const question = button?.dataset.confirm ?? form.dataset.confirm;
  const dialog = document.getElementById('confirm');
  if (!question || !dialog || confirmed.has(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.querySelector('h2').textContent = question;
  dialog.returnValue = '';
  dialog.addEventListener('close', () => {
    if (dialog.returnValue !== 'yes') { button?.focus(); return; }
    confirmed.add(form);
    form.requestSubmit(button);
    confirmed.delete(form);
  }, {once: true});
  dialog.showModal();
}, {capture: true});

// A form is sent once, however often the button is tapped.
document.addEventListener('submit', event => {
  if (event.defaultPrevented || event.target.method !== 'post' || event.submitter?.formTarget) return;
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = 'yes';
  setTimeout(() => { delete event.target.dataset.sent; }, 4000);
});
// What is kept on this device (support.js, store.js) goes when somebody signs out, and from the pages of visitors, if that
// was somewhere else or without network.
const way = '/accounts/logout/', leave = async () => (await import('./store.js')).leaveDevice();
document.addEventListener('submit', event => {
  if (!event.defaultPrevented && event.target.getAttribute('action') === way) leave().catch(() => {});
});
if ('visitor' in document.documentElement.dataset && navigator.onLine) leave().catch(() => {});
addEventListener('pageshow', () => { for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent; });

// aria-expanded for buttons that open a popover is the browser's work; here only the pressed state of toggles.
document.addEventListener('click', event => {
  const button = event.target.closest('[data-toggle]');
  if (button) button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
});

// Tabs that do not fit: the one of this page is in sight.
for (const here of document.querySelectorAll('.tabs>[aria-current]')) {
  const all = here.parentElement.getBoundingClientRect(), one = here.getBoundingClientRect();
  here.parentElement.scrollBy({left: one.left + one.width / 2 - all.left - all.width / 2, behavior: 'instant'});
}

// After a refused form, focus goes to the list of what is wrong.
document.querySelector('[data-focus]')?.focus();

// htmx, where a page loads it: no inline style, no eval, and only the attributes that also work on htmx 2.
if (window.htmx) Object.assign(window.htmx.config, {includeIndicatorCSS: false, includeIndicatorStyles: false, allowEval: false, transitions: !calm.matches});

// The badge of a page that stays open: asked for once a minute while somebody looks, and when they come back.
const badges = document.querySelectorAll('[data-unread]');
let asked = Date.now();
async function refreshBadges() {
  if (document.hidden || Date.now() - asked < 55_000) return;
  asked = Date.now();
  const answer = await fetch('/notices/unread/').catch(() => null);
  const told = answer?.ok && !answer.redirected ? await answer.json().catch(() => null) : null;
  for (const badge of told ? badges : []) {
    badge.textContent = told.unread;
    badge.closest('.chip,.dot').hidden = !told.unread;
  }
}
if (badges.length) {
  setInterval(refreshBadges, 60_000);
  document.addEventListener('visibilitychange', refreshBadges);
}

document.querySelectorAll('[data-toast]').forEach(setUpToast);
root.dataset.js = 'yes';

// data-copy="id" on a button: copies the value of that field. Without this file the button stays hidden.
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.querySelector('span').textContent = button.dataset.done;
  });
}
