// The preview follows what is typed: the form is sent to the frame a moment after the last change.
const form = document.querySelector('[data-preview]');
const button = form.querySelector('[formtarget]');
let timer;
form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(() => form.requestSubmit(button), 400);
});
