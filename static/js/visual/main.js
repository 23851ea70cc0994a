// Writing a page as it looks. The Markdown in the form is what is sent; here it is shown and changed as a document, and
// whoever prefers the letters, or has a text that only letters can say, writes those (editor.js).
import {Editor} from '../../vendor/tiptap-3.34.0.min.js';
import {linkForm} from './link.js';
import {withoutStyles} from './paste.js';
import {isLettersOnly, read, seen} from './read.js';
import {extensions} from './schema.js';
import {toolbar} from './toolbar.js';
import {lost, whole, write} from './write.js';

const form = document.querySelector('[data-editing]');
const field = form.querySelector('[data-editor]');
const looks = form.querySelector('[data-looks]'), place = looks.querySelector('[data-place]'), bar = looks.querySelector('[role=toolbar]');
const letters = form.querySelector('[data-letters]'), cursor = form.querySelector('[data-cursor]');
const switches = [...form.querySelectorAll('[data-write]')], notes = [...form.querySelectorAll('[data-why]')];
const losses = [...form.querySelectorAll('[data-lost]')];
const ticks = 'ticks' in form.dataset, KEY = 'write-as';
// What lies over the text at the edges of the window: the bars of the page and the buttons.
const BARS = {top: 140, bottom: 96, left: 0, right: 0};
let editor = null, first, kept, after, original, timer;

const askLink = linkForm(document.querySelector('[data-link-form]'), () => editor);
const pictures = document.querySelector('[data-pictures]');
const show = toolbar(bar, () => editor, {
  link: {run: askLink, on: one => one.isActive('link')},
  picture: {run() { pictures.open = true; pictures.querySelector('input').focus(); pictures.scrollIntoView({block: 'center'}); }},
});

/** The text as a document when nothing of it would be lost, else why it is not. */
function opened(text, schema) {
  if (isLettersOnly(text)) return {why: 'letters'};
  try {
    const found = read(text, schema, ticks);
    found.doc.check();
    return seen(whole(found.doc, ticks), ticks) === seen(text, ticks) ? found : {why: 'other'};
  } catch (error) {
    if (error instanceof RangeError) return {why: 'other'}; // no place in the schema
    throw error;
  }
}

function sync(isTold) {
  clearTimeout(timer);
  if (!editor) return;
  const {doc, selection} = editor.state;
  const {text, ends} = write(doc, kept, after, ticks);
  const next = doc.eq(first) ? original : text;
  if (field.value !== next) {
    field.value = next;
    if (isTold) field.dispatchEvent(new Event('input', {bubbles: true})); // so that leaving asks first
  }
  tellLost(next === original ? null : lost(doc, ticks));
  cursor.value = ends[Math.min(selection.$from.index(0), ends.length - 1)] ?? '';
}

/** What is seen here and cannot be written down is said before it is gone. */
function tellLost(what) {
  for (const note of losses) {
    note.hidden = !what || (note.dataset.lost === 'link') !== what.isLink;
    if (!note.hidden) note.querySelector('q').textContent = what.words;
  }
}

function begin(text) {
  const made = new Editor({
    element: place, injectCSS: false, extensions: extensions({ticks, where: looks.dataset.where}),
    editorProps: {scrollThreshold: BARS, scrollMargin: BARS, transformPastedHTML: withoutStyles, attributes: {
      class: 'prose', role: 'textbox', 'aria-multiline': 'true', 'aria-labelledby': 'looks-label', 'aria-describedby': 'looks-keys',
      spellcheck: 'true', lang: form.elements.language?.value ?? '',
    }},
  });
  const found = opened(text, made.schema);
  if (found.why) { made.destroy(); return found.why; }
  // Not a step of the author's, so nothing to undo.
  const {state, view} = made;
  view.dispatch(state.tr.replaceWith(0, state.doc.content.size, found.doc.content).setMeta('addToHistory', false));
  made.commands.setTextSelection(0);
  editor = made;
  original = text;
  first = made.state.doc;
  ({after} = found);
  const blocks = (found.blocks ?? []).map((block, at) => ({...block, place: at, node: first.child(at)}));
  const byNode = new Map(blocks.map(block => [block.node, block]));
  // What was split and joined again is another node that says the same.
  kept = node => byNode.get(node) ?? blocks.find(block => block.node.eq(node));
  made.on('transaction', show);
  for (const what of ['selectionUpdate', 'update']) made.on(what, () => { clearTimeout(timer); timer = setTimeout(sync, 300, true); });
  return null;
}

function change(isLooks, isAsked) {
  notes.forEach(note => { note.hidden = true; });
  if (editor) { sync(true); editor.destroy(); editor = null; }
  if (isLooks) {
    const why = begin(field.value);
    if (why) { notes.find(note => note.dataset.why === why).hidden = false; isLooks = false; }
  }
  form.toggleAttribute('data-as-it-looks', isLooks);
  looks.hidden = !isLooks;
  letters.hidden = isLooks;
  // What nobody sees cannot ask to be filled in; the server asks.
  field.required = !isLooks;
  for (const one of switches) one.ariaPressed = String((one.dataset.write === 'looks') === isLooks);
  if (isLooks) show();
  if (isAsked) (isLooks ? editor.commands : field).focus();
  if (isAsked && !isLooks) field.dispatchEvent(new Event('input')); // for the preview only
}

form.querySelector('[data-switch]').hidden = false;
for (const one of switches) one.addEventListener('click', () => {
  localStorage.setItem(KEY, one.dataset.write);
  change(one.dataset.write === 'looks', true);
});
form.addEventListener('submit', () => sync(false));
form.addEventListener('keydown', event => {
  if (!editor?.isFocused) return;
  if (event.key === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) { event.preventDefault(); askLink(editor); }
  if (event.key === 'F10' && event.altKey) { event.preventDefault(); bar.querySelector('[tabindex="0"]').focus(); }
});
// The words above the form that say what is wrong lead to the field, which may be out of sight.
document.addEventListener('click', event => { if (editor && event.target.closest(`a[href="#${field.id}"]`)) { event.preventDefault(); editor.commands.focus(); } });
change(localStorage.getItem(KEY) !== 'letters', false);
