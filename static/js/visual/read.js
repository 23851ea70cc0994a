// From Markdown to the document of the editor, in the same words as the server: CommonMark with tables, no HTML
// (ecosystem/markup.py), and in checklists and job aids lines to tick off (content/ticks.py).
import {MarkdownIt, MarkdownParser} from '../../vendor/tiptap-3.34.0.min.js';

export const md = new MarkdownIt('commonmark', {html: false, typographer: false}).enable('table');
md.renderer.rules.softbreak = () => ' ';
// Without the style that says how a column is set: the server drops it, and the page allows none.
md.renderer.rules.th_open = () => '<th>';
md.renderer.rules.td_open = () => '<td>';
const TICK = /^\[[ xX]\] +(?=\S)/;
const TICK_LINE = /^\s{0,6}[-*+] \[[ xX]\] +(\S.*)/;
const FENCE = /^\s{0,3}(```|~~~)/;
const MOST_TICKS = 200;
// HTML is shown as its letters and a formula is left to others: who writes them wants to see the letters.
const HTML = /(?<!\\)<(?:\/?[a-z][\w-]*(?:\s[^<>]*)?\/?>|!--)/i, FORMULA = /\\\\[([]|\$\$/, CODE = /(`+)[^`][^]*?\1/g;

const isTight = (tokens, at) => {
  while (tokens[++at]) if (tokens[at].type !== 'list_item_open') return tokens[at].hidden;
  return true;
};
const SPEC = {
  paragraph: {block: 'paragraph'}, blockquote: {block: 'blockquote'}, hr: {node: 'horizontalRule'}, hardbreak: {node: 'hardBreak'},
  heading: {block: 'heading', getAttrs: token => ({level: Number(token.tag[1])})},
  bullet_list: {block: 'bulletList', getAttrs: (_, tokens, at) => ({tight: isTight(tokens, at)})},
  ordered_list: {block: 'orderedList', getAttrs: (token, tokens, at) => ({start: Number(token.attrGet('start') ?? 1), tight: isTight(tokens, at)})},
  list_item: {block: 'listItem'}, task_list: {block: 'taskList'}, task_item: {block: 'taskItem'},
  code_block: {block: 'codeBlock', noCloseToken: true},
  fence: {block: 'codeBlock', noCloseToken: true, getAttrs: token => ({language: token.info.trim() || null})},
  table: {block: 'table'}, thead: {ignore: true}, tbody: {ignore: true}, tr: {block: 'tableRow'}, td: {block: 'tableCell'},
  th: {block: 'tableHeader', getAttrs: token => ({align: /\w+$/.exec(token.attrGet('style') ?? '')?.[0] ?? ''})},
  image: {node: 'image', getAttrs: token => ({
    src: token.attrGet('src'), title: token.attrGet('title') || null, alt: md.renderer.renderInlineAsText(token.children, md.options, {}),
  })},
  em: {mark: 'italic'}, strong: {mark: 'bold'}, code_inline: {mark: 'code', noCloseToken: true},
  link: {mark: 'link', getAttrs: token => ({href: token.attrGet('href'), title: token.attrGet('title') || null})},
};

function closing(tokens, at) {
  const {level} = tokens[at];
  while (tokens[++at].level !== level);
  return at;
}

/** A list of which each line can be ticked off becomes one; any other stays a list. */
function withTicks(tokens, env) {
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at].type !== 'bullet_list_open' || tokens[at].level) continue;
    const end = closing(tokens, at), inside = tokens.slice(at + 1, end), lines = inside.filter(one => one.type === 'inline');
    const isList = inside.length === lines.length * 5
      && lines.every(one => TICK.test(one.content) && one.children.every(child => !/break$/.test(child.type)));
    if (!isList) continue;
    for (const one of [tokens[at], ...inside, tokens[end]]) one.type = one.type.replace('bullet_list', 'task_list').replace('list_item', 'task_item');
    for (const one of lines) one.children = md.parseInline(one.content.replace(TICK, ''), env)[0].children;
  }
  return tokens;
}

/** In the editor the words of a cell stand in a paragraph. */
const withCells = tokens => tokens.flatMap((one, at) => {
  if (one.type !== 'inline' || !/^t[hd]_open$/.test(tokens[at - 1]?.type)) return [one];
  return [new one.constructor('paragraph_open', 'p', 1), one, new one.constructor('paragraph_close', 'p', -1)];
});

/** The text as the server shows it, with lines to tick off apart. */
function htmlOf(text, ticks) {
  if (!ticks) return md.render(text);
  let html = '', lines = [], count = 0, isFenced = false;
  for (const line of text.split('\n')) {
    if (FENCE.test(line)) isFenced = !isFenced;
    const found = !isFenced && count < MOST_TICKS && TICK_LINE.exec(line);
    if (!found) { lines.push(line); continue; }
    count++;
    html += `${md.render(lines.join('\n'))}<label>${md.renderInline(found[1].trim())}</label>`;
    lines = [];
  }
  return html + md.render(lines.join('\n'));
}

const ATTRIBUTES = ['href', 'src', 'alt', 'title', 'start'];
const INLINE = new Set(['A', 'EM', 'STRONG', 'CODE']);
/** What is seen of it: blocks, words and what is done to them, but not in which order marks stand around the same words. */
export function seen(text, ticks) {
  const found = [];
  const told = one => one.tagName + ATTRIBUTES.map(name => one.getAttribute(name) ?? '').join('|');
  const put = (words, marks) => {
    if (!words) return;
    if (found.at(-1)?.marks === marks) found.at(-1).words += words;
    else found.push({words, marks});
  };
  const walk = (one, marks, isPre) => {
    for (const child of one.childNodes) {
      if (child.nodeType === 3) {
        if (isPre || child.data.trim() || INLINE.has(one.tagName) || ['P', 'LI', 'LABEL', 'TD', 'TH'].includes(one.tagName) || /^H\d/.test(one.tagName)) put(isPre ? child.data : child.data.replace(/\s+/g, ' '), marks.join());
      } else if (INLINE.has(child.tagName) && !isPre) walk(child, [...marks, told(child)].sort(), isPre);
      else { found.push({words: `<${told(child)}>`, marks: null}); walk(child, marks, isPre || child.tagName === 'PRE'); found.push({words: '</>', marks: null}); }
    }
  };
  walk(new DOMParser().parseFromString(htmlOf(text, ticks), 'text/html').body, [], false);
  return JSON.stringify(found.filter(one => one.marks === null || one.words !== ' ' || one.marks).map(one => [one.words, one.marks]));
}

/** Whether the author will want to see the letters. */
export function isLettersOnly(text) {
  const words = md.parse(text, {}).filter(block => block.type === 'inline').map(block => block.content.replace(CODE, ''));
  return words.some(one => HTML.test(one) || FORMULA.test(one));
}

/** {doc, blocks}: the document and, unless they hang together, the letters of each of its blocks with what stands before it. */
export function read(text, schema, ticks) {
  const env = {};
  let tokens = md.parse(text, env);
  const tops = tokens.filter(one => one.level === 0 && one.nesting >= 0 && one.map);
  tokens = withCells(ticks ? withTicks(tokens, env) : tokens);
  const known = Object.fromEntries(Object.entries(SPEC).filter(([, spec]) => schema.nodes[spec.block ?? spec.node] || spec.mark || spec.ignore));
  const doc = new MarkdownParser(schema, {parse: () => tokens}, known).parse(text);
  const lines = text.split('\n'), begins = [0];
  for (const line of lines) begins.push(begins.at(-1) + line.length + 1);
  let end = 0;
  const blocks = tops.map(({map: [from, to]}) => {
    const letters = text.slice(begins[from], begins[to]).trimEnd(), before = text.slice(end, begins[from]);
    end = begins[from] + letters.length;
    return {letters, before};
  });
  const isWhole = blocks.length === doc.childCount && !Object.keys(env.references ?? {}).length;
  return {doc, blocks: isWhole ? blocks : null, after: isWhole ? text.slice(end) : '\n'};
}
