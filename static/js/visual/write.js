// From the document of the editor to Markdown. A block that nobody touched keeps its letters.
import {MarkdownSerializer} from '../../vendor/tiptap-3.34.0.min.js';
import {sayable} from './marks.js';
import {read, seen} from './read.js';

const fence = (text, least) => '`'.repeat(Math.max(least, ...[...text.matchAll(/`+/g)].map(run => run[0].length + 1)));
const address = ({href, src = href, title}) => {
  const where = /[\s()<>]/.test(src) || !src ? `<${src.replace(/[<>]/g, encodeURIComponent)}>` : src;
  return `(${where}${title ? ` "${title.replace(/["\\]/g, '\\$&')}"` : ''})`;
};
const tick = (node, side) => {
  const text = node.text ?? '', marks = fence(text, 1), gap = /^`|`$|^ .* $/.test(text) ? ' ' : '';
  return side < 0 ? marks + gap : gap + marks;
};
const inOneLine = (state, node) => {
  const start = state.out.length;
  state.renderInline(sayable(node), false);
  state.out = state.out.slice(0, start) + state.out.slice(start).replace(/\\?\n/g, ' ').trim();
};

// Two lists with nothing between them need different signs, or they would be one.
const SAME = {bulletList: '-', taskList: '-', orderedList: '1'};
const others = new WeakSet();
function list(state, node, delimiter) {
  const before = state.closed;
  if (before && SAME[before.type.name] === SAME[node.type.name]) {
    if (!others.has(before)) others.add(node);
    state.flushClose(state.inTightList ? 1 : 2);
  } else if (before && ((node.attrs.start ?? 1) !== 1 || !node.firstChild.textContent)) {
    state.flushClose(2); // a list that does not begin with 1, or begins with nothing, would belong to the line before it
  }
  const sign = delimiter(others.has(node));
  state.renderList(node, ' '.repeat(sign(0).length), sign);
}

function row(state, node) {
  state.write('|');
  node.forEach(cell => {
    state.out += ' ';
    const start = state.out.length;
    cell.forEach((paragraph, _, at) => { if (at) state.out += ' '; inOneLine(state, paragraph); });
    state.out = `${state.out.slice(0, start)}${state.out.slice(start).replace(/\|/g, '\\|')} |`;
  });
}

const NODES = {
  paragraph(state, node) {
    state.renderInline(sayable(node));
    state.out = state.out.replace(/\\\n\s*$/, ''); // a line break with nothing behind it
    state.closeBlock(node);
  },
  heading(state, node) {
    state.write(`${'#'.repeat(node.attrs.level)} `);
    const start = state.out.length;
    inOneLine(state, node);
    state.out = state.out.slice(0, start) + state.out.slice(start).replace(/(^|\s)(#+)$/, '$1\\$2');
    state.closeBlock(node);
  },
  blockquote(state, node) { state.wrapBlock('> ', null, node, () => state.renderContent(node)); },
  codeBlock(state, node) {
    const marks = fence(node.textContent, 3);
    state.write(`${marks}${node.attrs.language ?? ''}\n`);
    state.text(node.textContent, false);
    if (node.textContent) state.out += '\n';
    state.write(marks);
    state.closeBlock(node);
  },
  horizontalRule(state, node) { state.write('---'); state.closeBlock(node); },
  bulletList(state, node) { list(state, node, other => () => other ? '* ' : '- '); },
  orderedList(state, node) {
    const first = node.attrs.start ?? 1, widest = String(first + node.childCount - 1).length;
    list(state, node, other => at => `${first + at}${other ? ')' : '.'}`.padEnd(widest + 2));
  },
  listItem(state, node) { state.renderContent(node); },
  taskList(state, node) { list(state, node, other => () => other ? '* ' : '- '); },
  taskItem(state, node) { state.write('[ ] '); node.forEach(paragraph => inOneLine(state, paragraph)); state.closeBlock(node); },
  table(state, node) {
    node.forEach((one, _, at) => {
      if (at) state.ensureNewLine();
      row(state, one);
      if (at) return;
      state.ensureNewLine();
      state.write('|');
      one.forEach(({attrs: {align}}) => { state.out += ` ${/left|center/.test(align) ? ':' : '-'}-${/right|center/.test(align) ? ':' : '-'} |`; });
    });
    state.closeBlock(node);
  },
  image(state, node) { state.write(`![${state.esc(node.attrs.alt ?? '')}]${address(node.attrs)}`); },
  hardBreak(state, node, parent, index) {
    for (let at = index + 1; at < parent.childCount; at++) if (parent.child(at).type !== node.type) { state.write('\\\n'); return; }
  },
  text(state, node) {
    const isFirst = state.atBlockStart || state.atBlank();
    let words = node.text.replace(/\s*\n\s*/g, ' ');
    if (isFirst) words = words.replace(/^[ \t]+/, '');
    words = state.esc(words, isFirst);
    if (isFirst) words = words.replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2').replace(/^[+=]/, '\\$&');
    state.text(words, false);
  },
};
const MARKS = {
  bold: {open: '**', close: '**', mixable: true, expelEnclosingWhitespace: true},
  italic: {open: '*', close: '*', mixable: true, expelEnclosingWhitespace: true},
  link: {open: '[', close: (_, mark) => `]${address(mark.attrs)}`, mixable: true},
  code: {open: (_, mark, parent, at) => tick(parent.child(at), -1), close: (_, mark, parent, at) => tick(parent.child(at - 1), 1), escape: false},
};
const serializer = new MarkdownSerializer(NODES, MARKS, {
  hardBreakNodeName: 'hardBreak', tightLists: true, escapeExtraCharacters: /<(?=[a-z/!?])|&(?=#?\w+;)/gi,
});

const alone = block => serializer.serialize(block.type.schema.topNodeType.create(null, block)).trim();

/** Its words and blocks, without spaces, marks and breaks with nothing behind them. */
function words(node) {
  const found = [];
  node.descendants(one => { found.push(one.isText ? one.text.replace(/\s+/g, '') : `|${one.type.name}`); });
  return found.join('').replace(/\|hardBreak(?=\||$)/g, '');
}
function without(node, names) {
  if (node.isText) return node.mark(node.marks.filter(mark => !names.includes(mark.type.name)));
  const parts = [];
  node.forEach(one => parts.push(without(one, names)));
  return node.isLeaf ? node : node.copy(node.content.constructor.fromArray(parts));
}
const saysTheSame = (block, ticks) => {
  try { return words(read(alone(block), block.type.schema, ticks).doc) === `|${block.type.name}${words(block)}`; } catch { return false; }
};

// Signs and marks in a pile can say something else in Markdown than they show: the words stay, and marks go until they do.
const MARKS_TO_GO = [['italic'], ['italic', 'bold'], ['italic', 'bold', 'code', 'link']];
const said = new WeakMap();
function faithful(block, ticks) {
  if (!said.has(block)) {
    const barer = () => MARKS_TO_GO.map(names => without(block, names)).find(one => saysTheSame(one, ticks));
    said.set(block, saysTheSame(block, ticks) ? block : barer() ?? block);
  }
  return said.get(block);
}

const hasLink = block => {
  let found = false;
  block.descendants(one => { found ||= one.marks.some(mark => mark.type.name === 'link'); });
  return found;
};

/** The first block that cannot be written with its marks: how it begins, and whether a link goes too. */
export function lost(doc, ticks) {
  let found = null;
  doc.forEach(block => {
    const plain = faithful(block, ticks), isLink = plain !== block && hasLink(block) && !hasLink(plain);
    if (plain !== block && (!found || (isLink && !found.isLink))) found = {words: block.textContent.trim().slice(0, 60), isLink};
  });
  return found;
}

export function whole(doc, ticks) {
  const blocks = [];
  doc.forEach(block => blocks.push(faithful(block, ticks)));
  return `${serializer.serialize(doc.copy(doc.content.constructor.fromArray(blocks))).trim()}\n`;
}

/**
 * The text of the document, and where in it each block ends. `kept` knows the letters of blocks from before; they are
 * used unless with them the text would say something else.
 */
export function write(doc, kept, after, ticks) {
  const plain = whole(doc, ticks);
  const ends = [];
  let text = '', last = null;
  doc.forEach(node => {
    const was = kept(node), letters = was?.letters ?? alone(faithful(node, ticks));
    const isNext = was && (last ? last.place + 1 === was.place : was.place === 0 && !text);
    if (letters) text += (isNext ? was.before : text ? '\n\n' : '') + letters;
    ends.push(text.length);
    last = was ?? {place: NaN};
  });
  text += after;
  return seen(text, ticks) === seen(plain, ticks) ? {text, ends} : {text: plain, ends: ends.map(end => Math.min(end, plain.length))};
}
