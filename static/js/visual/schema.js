// What a text can hold in the editor that shows it as it looks: just what the Markdown of a page can say.
import {
  Blockquote, Bold, BulletList, Code, CodeBlock, Document, Extension, Gapcursor, HardBreak, Heading, HorizontalRule,
  Italic, ListItem, Mark, Node, OrderedList, Paragraph, Text, UndoRedo, addRowAfter, goToNextCell, isInTable, tableEditing,
} from '../../vendor/tiptap-3.34.0.min.js';

export const LINKS = /^(?:https?:|mailto:|\/(?![/\\])|#)/i;
const PICTURE = /^attachment:([0-9a-f]{64})$/;
const tight = {default: true, parseHTML: () => true, renderHTML: () => ({})};
const LINE = '(text | image)*';

const Link = Mark.create({
  name: 'link', inclusive: false,
  addAttributes: () => ({href: {default: ''}, title: {default: null}}),
  parseHTML: () => [{tag: 'a[href]', getAttrs: a => LINKS.test(a.getAttribute('href')) && null}],
  renderHTML: ({HTMLAttributes}) => ['a', HTMLAttributes, 0],
});

// A picture is named by its sum; only the page that shows it knows where it is. Pictures of other sites are not taken in.
const Picture = Node.create({
  name: 'image', inline: true, group: 'inline', draggable: true,
  addOptions: () => ({where: ''}),
  addAttributes: () => ({src: {default: ''}, alt: {default: ''}, title: {default: null}}),
  parseHTML: () => [{
    tag: 'img[data-address]',
    getAttrs: img => PICTURE.test(img.dataset.address) && {src: img.dataset.address, alt: img.alt, title: img.title || null},
  }],
  renderHTML({node: {attrs: {src, alt, title}}}) {
    const sum = PICTURE.exec(src)?.[1];
    return ['img', {'data-address': src, src: sum ? this.options.where.replace('SUM', sum) : null, alt, title}];
  },
});

const TaskList = Node.create({
  name: 'taskList', group: 'block list', content: 'taskItem+',
  parseHTML: () => [{tag: 'ul.ticks', priority: 60}],
  renderHTML: () => ['ul', {class: 'ticks'}, 0],
  addKeyboardShortcuts() { return {'Mod-Shift-9': () => this.editor.commands.toggleList('taskList', 'taskItem')}; },
});

const TaskItem = Node.create({
  name: 'taskItem', content: 'paragraph', defining: true,
  parseHTML: () => [{tag: 'ul.ticks > li', priority: 60}],
  renderHTML: () => ['li', 0],
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem('taskItem'),
      Backspace: () => {
        const {empty, $from} = this.editor.state.selection;
        return empty && $from.parentOffset === 0 && $from.node(-1).type.name === 'taskItem' && this.editor.commands.liftListItem('taskItem');
      },
    };
  },
});

const cell = (name, tag, role) => Node.create({
  name, content: 'paragraph+', isolating: true, tableRole: role,
  addAttributes: () => ({
    // What the tables of ProseMirror ask of a cell; Markdown knows no cell that is wider than its column.
    colspan: {default: 1, rendered: false, parseHTML: () => 1}, rowspan: {default: 1, rendered: false, parseHTML: () => 1},
    colwidth: {default: null, rendered: false, parseHTML: () => null}, align: {default: '', rendered: false, parseHTML: () => ''},
  }),
  parseHTML: () => [{tag}],
  renderHTML: () => [tag, 0],
});
const Table = Node.create({
  name: 'table', group: 'block', content: 'tableRow+', isolating: true, tableRole: 'table',
  parseHTML: () => [{tag: 'table'}],
  renderHTML: () => ['table', ['tbody', 0]],
  extendNodeSchema: ({config}) => config.tableRole ? {tableRole: config.tableRole} : {},
  addProseMirrorPlugins: () => [tableEditing()],
  addKeyboardShortcuts() {
    const go = (step, ifNone) => () => isInTable(this.editor.state)
      && (goToNextCell(step)(this.editor.state, this.editor.view.dispatch) || (ifNone ? ifNone(this.editor.state, this.editor.view.dispatch) : false));
    // Tab leaves the table behind its last cell; Enter makes a row there.
    return {Tab: go(1), 'Shift-Tab': go(-1), Enter: go(1, addRowAfter)};
  },
});
const TableRow = Node.create({
  name: 'tableRow', content: '(tableCell | tableHeader)+', tableRole: 'row',
  parseHTML: () => [{tag: 'tr'}], renderHTML: () => ['tr', 0],
});

// The Tab key must always lead on, so lists go deeper by other keys.
const Keys = Extension.create({
  name: 'listKeys',
  addKeyboardShortcuts() {
    return {
      'Mod-]': () => this.editor.commands.sinkListItem('listItem'),
      'Mod-[': () => this.editor.commands.liftListItem('listItem'),
    };
  },
});

const styled = (mark, tag) => mark.extend({parseHTML() { return [...this.parent(), {tag}]; }});

export const extensions = ({ticks, where}) => [
  Document, Paragraph, Text, Table, TableRow, cell('tableHeader', 'th', 'header_cell'), cell('tableCell', 'td', 'cell'),
  Heading.extend({content: LINE}), HardBreak, HorizontalRule, Blockquote, CodeBlock.configure({languageClassPrefix: 'language-'}),
  ...(ticks ? [TaskList, TaskItem] : []),
  BulletList.extend({addAttributes() { return {...this.parent?.(), tight}; }}),
  OrderedList.extend({addAttributes() { return {...this.parent?.(), tight}; }}),
  ListItem.extend({addKeyboardShortcuts() { return {Enter: () => this.editor.commands.splitListItem(this.name)}; }}),
  Picture.configure({where}), Link, styled(Bold, 'span[data-bold]'), styled(Italic, 'span[data-italic]'), Code.extend({excludes: ''}), UndoRedo, Gapcursor, Keys,
];
