// Markdown knows bold and italic only where their signs can be told from letters: "**a:**b" is no bold. Where they could
// not, what stands at the edge (punctuation, code, a link) is written without the mark.
const PUNCTUATION = /[\p{P}\p{S}]/u, SPACE = /\s/;
const solid = node => !node.isText || node.marks.some(mark => ['code', 'link'].includes(mark.type.name));
const edge = (node, side) => {
  if (!node || node.type.name === 'hardBreak') return ' ';
  if (solid(node)) return '.';
  const letters = [...node.text];
  return side < 0 ? letters[0] : letters.at(-1);
};
const outside = (node, side) => node?.isText ? [...node.text].at(side < 0 ? -1 : 0) : node ? edge(node, side) : ' ';
const isLetter = sign => !SPACE.test(sign) && !PUNCTUATION.test(sign);

function without(parts, at, mark, side) {
  const node = parts[at];
  if (solid(node) || node.text.length === 1) { parts[at] = node.mark(mark.removeFromSet(node.marks)); return; }
  const letters = [...node.text], cut = (side < 0 ? letters[0] : letters.slice(0, -1).join('')).length;
  const halves = [node.withText(node.text.slice(0, cut)), node.withText(node.text.slice(cut))];
  const bare = side < 0 ? 0 : 1;
  halves[bare] = halves[bare].mark(mark.removeFromSet(node.marks));
  parts.splice(at, 1, ...halves);
}

/** The same words in the same order, with marks only where Markdown can say them. */
export function sayable(parent) {
  const parts = [];
  parent.forEach(node => parts.push(node));
  const {schema} = parent.type;
  for (const type of [schema.marks.bold, schema.marks.italic]) {
    const has = node => node && type.isInSet(node.marks);
    for (let from = 0; from < parts.length; from++) {
      if (!has(parts[from])) continue;
      let to = from;
      while (has(parts[to + 1])) to++;
      const mark = type.create();
      if (PUNCTUATION.test(edge(parts[from], -1)) && isLetter(outside(parts[from - 1], -1))) { without(parts, from, mark, -1); from--; continue; }
      if (PUNCTUATION.test(edge(parts[to], 1)) && isLetter(outside(parts[to + 1], 1))) { without(parts, to, mark, 1); from--; continue; }
      from = to;
    }
  }
  return parent.copy(parent.content.constructor.fromArray(parts));
}
