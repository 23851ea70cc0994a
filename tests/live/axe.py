"""axe, which looks for what keeps people out of a page. Half of all that the browser does in tests is axe, so it is spared the
work of which nothing is read here; that it finds the same without is in test_planted_faults.py."""

from axe_playwright_python.base import AXE_SCRIPT

# Best practice beside WCAG 2.2 A and AA.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Of the rules that run, none reads style sheets: css-orientation-lock is experimental. no-autoplay-audio looks at media.
    "preload": {"assets": ["media"]},
}
# What its functions have said of an element is kept in lists, which are looked through from the beginning each time.
IN_LISTS, IN_MAPS = "e=(0,so.default)(e),axe._memoizedFns", "e=rememberSaid(e),axe._memoizedFns"
assert AXE_SCRIPT.count(IN_LISTS) == 1

# The browser gets it once and has it ready on each page, where it is compiled when somebody looks.
LOADED = f"""globalThis.loadAxe = () => {{
  const rememberSaid = make => {{
    let known = new Map();
    const remembered = function () {{
      let at = known, key = make.length ? arguments[0] : undefined;
      for (let place = 1; place < make.length; place++) {{
        if (!at.has(key)) at.set(key, new Map());
        at = at.get(key);
        key = arguments[place];
      }}
      if (!at.has(key)) at.set(key, make.apply(this, arguments));
      return at.get(key);
    }};
    remembered.clear = () => {{ known = new Map(); }};
    return remembered;
  }};
  {AXE_SCRIPT.replace(IN_LISTS, IN_MAPS)}
  const axe = globalThis.axe;
  // The HTML of each element for each rule, a selector for it, and all that is well: nobody reads those.
  axe.configure({{noHtml: true}});
  axe.addReporter('violations', (results, options, done) => done(results.filter(one => one.violations.length)));
  // The same few colours are on each page again and again, and some take long to understand.
  const {{Color}} = axe.commons.color, understand = Color.prototype.parseString, colours = new Map();
  Color.prototype.parseString = function (words) {{
    if (!colours.has(words)) {{
      understand.call(this, words);
      colours.set(words, [this.r, this.g, this.b, this.alpha]);
    }}
    [this.r, this.g, this.b, this.alpha] = colours.get(words);
    return this;
  }};
}};"""
# Only what is read comes back: all that axe says of a page is some 50 KB, which node and Python would read one after the other.
VIOLATIONS = """async options => {
    if (!globalThis.axe) globalThis.loadAxe();
    const found = await globalThis.axe.run({...options, reporter: 'violations'});
    return found.map(({id, violations}) => ({id, nodes: violations.slice(0, 2).map(({node}) => node.element.outerHTML.slice(0, 160))}));
}"""
