// The buttons above the text: one stop for the Tab key, arrows between them, and which of them are pressed.
import {addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, isInTable} from '../../vendor/tiptap-3.34.0.min.js';

const table = command => ({
  run: editor => { command(editor.state, editor.view.dispatch); editor.commands.focus(); },
  can: editor => isInTable(editor.state) && command(editor.state),
});
const toggle = (name, run, attributes) => ({
  run: editor => run(editor.chain().focus()).run(),
  on: editor => editor.isActive(name, attributes),
  can: editor => run(editor.can().chain()).run(),
});

function insertTable(editor) {
  const {schema, selection} = editor.state, {table: kind, tableRow, tableHeader, tableCell} = schema.nodes;
  const cells = type => [type.createAndFill(), type.createAndFill()];
  const made = kind.create(null, [tableRow.create(null, cells(tableHeader)), tableRow.create(null, cells(tableCell)), tableRow.create(null, cells(tableCell))]);
  const after = selection.$from.end(1) + 1, isEmpty = selection.$from.depth === 1 && !selection.$from.parent.childCount;
  const from = isEmpty ? selection.$from.before(1) : after;
  // Behind it there must be a line to go on in.
  const content = after === editor.state.doc.content.size ? [made.toJSON(), {type: 'paragraph'}] : made.toJSON();
  editor.chain().focus().insertContentAt(isEmpty ? {from, to: after} : from, content).setTextSelection(from + 4).run();
}

const ACTS = {
  bold: toggle('bold', chain => chain.toggleBold()),
  italic: toggle('italic', chain => chain.toggleItalic()),
  code: toggle('code', chain => chain.toggleCode()),
  heading: toggle('heading', chain => chain.toggleHeading({level: 2}), {level: 2}),
  smaller: toggle('heading', chain => chain.toggleHeading({level: 3}), {level: 3}),
  list: toggle('bulletList', chain => chain.toggleBulletList()),
  numbers: toggle('orderedList', chain => chain.toggleOrderedList()),
  ticks: toggle('taskList', chain => chain.toggleList('taskList', 'taskItem')),
  quote: toggle('blockquote', chain => chain.toggleBlockquote()),
  // Behind what is selected, not in its place.
  line: {run: editor => editor.chain().focus().setTextSelection(editor.state.selection.to).setHorizontalRule().run(), can: editor => editor.can().setHorizontalRule()},
  table: {run: insertTable, can: editor => !isInTable(editor.state) && editor.state.selection.$from.depth > 0},
  row: table(addRowAfter), column: table(addColumnAfter), norow: table(deleteRow), nocolumn: table(deleteColumn), notable: table(deleteTable),
  undo: {run: editor => editor.chain().focus().undo().run(), can: editor => editor.can().undo()},
  redo: {run: editor => editor.chain().focus().redo().run(), can: editor => editor.can().redo()},
};

/** `more` are acts that need the page around the editor. Answers with what to call when the text or the place in it changes. */
export function toolbar(bar, current, more) {
  const acts = {...ACTS, ...more}, buttons = [...bar.querySelectorAll('button')];
  const reachable = () => buttons.filter(button => button.checkVisibility());
  const stop = at => buttons.forEach(button => { button.tabIndex = button === at ? 0 : -1; });
  stop(buttons[0]);
  // The place in the text stays when a button is pressed with the mouse.
  bar.addEventListener('mousedown', event => event.preventDefault());
  bar.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button || button.ariaDisabled === 'true' || !current()) return;
    stop(button);
    current().view.focus(); // at once: who goes on typing types into the text
    acts[button.dataset.do].run(current());
  });
  bar.addEventListener('keydown', event => {
    if (event.key === 'Escape') { current().commands.focus(); return; }
    const all = reachable(), at = all.indexOf(document.activeElement), rtl = getComputedStyle(bar).direction === 'rtl' ? -1 : 1;
    const to = {ArrowRight: at + rtl, ArrowLeft: at - rtl, Home: 0, End: all.length - 1}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = all[(to + all.length) % all.length];
    stop(next);
    next.focus();
  });
  return () => {
    const editor = current();
    bar.querySelector('[data-in-table]').hidden = !isInTable(editor.state);
    for (const button of buttons) {
      const act = acts[button.dataset.do];
      if (act.on) button.ariaPressed = String(act.on(editor));
      button.ariaDisabled = String(Boolean(act.can) && !act.can(editor));
    }
    if (!buttons.some(button => button.tabIndex === 0 && button.checkVisibility())) stop(buttons[0]);
  };
}
