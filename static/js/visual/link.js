// The small form that asks where a link leads.
import {LINKS} from './schema.js';

export function linkForm(dialog, current) {
  const form = dialog.querySelector('form'), {address, words} = form.elements, out = form.querySelector('[data-out]');
  const wordsField = words.closest('.field');

  function complete(typed) {
    if (LINKS.test(typed)) return typed;
    if (/^[^\s@/]+@[^\s@/]+$/.test(typed)) return `mailto:${typed}`;
    return /^[^\s:/]+\.[^\s:]+/.test(typed) || /^localhost/.test(typed) ? `https://${typed}` : null;
  }

  const inLink = () => current().chain().focus(undefined, {scrollIntoView: false}).extendMarkRange('link');

  out.addEventListener('click', () => { dialog.close(); inLink().unsetMark('link').run(); });
  address.addEventListener('input', () => address.setCustomValidity(''));
  form.addEventListener('submit', event => {
    event.preventDefault();
    const href = complete(address.value.trim());
    if (!href) { address.setCustomValidity(form.dataset.wrong); address.reportValidity(); return; }
    dialog.close();
    if (wordsField.hidden) inLink().setMark('link', {href}).run();
    else inLink().insertContent({type: 'text', text: words.value.trim() || address.value.trim(), marks: [{type: 'link', attrs: {href}}]}).run();
  });
  dialog.querySelector('[data-cancel]').addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => current()?.commands.focus(undefined, {scrollIntoView: false}));

  return editor => {
    const isLink = editor.isActive('link');
    address.value = isLink ? editor.getAttributes('link').href : '';
    address.setCustomValidity('');
    words.value = '';
    wordsField.hidden = isLink || !editor.state.selection.empty;
    out.hidden = !isLink;
    dialog.showModal();
    (wordsField.hidden ? address : words).focus();
  };
}
