// What is pasted comes with styles, which this page allows none of: bold and italic are taken out of them, the rest goes.
// Whatever else is in it, the schema takes only what it knows.
const STYLE = /\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi;

export function withoutStyles(html) {
  const bare = html.replace(/<style\b[^]*?<\/style\s*>/gi, '');
  return bare.replace(/<([a-z][\w-]*)(\s[^<>]*)>/gi, (all, tag, attributes) => {
    const style = [...attributes.matchAll(STYLE)].map(found => found[1]).join();
    const isBold = /font-weight\s*:\s*(?:bold|[6-9]00)/i.test(style), isPlain = /font-weight\s*:\s*(?:normal|400)/i.test(style);
    const isItalic = /font-style\s*:\s*italic/i.test(style), is = /^span$/i.test(tag);
    // Some writing programs put everything into a <b> that is not bold.
    const name = isPlain && /^(?:b|strong)$/i.test(tag) ? 'span' : tag;
    return `<${name}${attributes.replace(STYLE, '')}${is && isBold ? ' data-bold' : ''}${is && isItalic ? ' data-italic' : ''}>`;
  });
}
