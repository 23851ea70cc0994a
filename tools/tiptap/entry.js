// The libraries of the editor of pages, and no more of them than static/js/visual/ uses.
export {Editor, Extension, Mark, Node} from '@tiptap/core';
export {Blockquote} from '@tiptap/extension-blockquote';
export {Bold} from '@tiptap/extension-bold';
export {Code} from '@tiptap/extension-code';
export {CodeBlock} from '@tiptap/extension-code-block';
export {Document} from '@tiptap/extension-document';
export {HardBreak} from '@tiptap/extension-hard-break';
export {Heading} from '@tiptap/extension-heading';
export {HorizontalRule} from '@tiptap/extension-horizontal-rule';
export {Italic} from '@tiptap/extension-italic';
export {BulletList, ListItem, ListKeymap, OrderedList, TaskItem, TaskList} from '@tiptap/extension-list';
export {Paragraph} from '@tiptap/extension-paragraph';
export {Text} from '@tiptap/extension-text';
export {Gapcursor, UndoRedo} from '@tiptap/extensions';
export {TextSelection} from '@tiptap/pm/state';
export {addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, tableEditing} from '@tiptap/pm/tables';
export {MarkdownParser, MarkdownSerializer} from 'prosemirror-markdown';
export {default as MarkdownIt} from 'markdown-it';
