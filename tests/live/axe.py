"""axe, which looks for what keeps people out of a page. Half of all that the browser does in tests is axe, so it is spared the
work of which nothing is read here; that it finds the same without is in test_planted_faults.py."""

import re

from axe_playwright_python.base import AXE_SCRIPT

# Best practice beside WCAG 2.2 A and AA.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Of the rules that run, none reads style sheets: css-orientation-lock is experimental. no-autoplay-audio looks at media.
    "preload": {"assets": ["media"]},
}
# What its functions have said of an element is kept in lists, which are looked through from the beginning each time.
IN_LISTS, IN_MAPS = re.escape("e=(0,so.default)(e),axe._memoizedFns"), "e=rememberSaid(e),axe._memoizedFns"
# The same few selectors are understood anew for each element.
ANEW, ONCE = (
    re.escape("function gu(e){"),
    "function gu(e){return selector(e,understandSelector)}function understandSelector(e){",
)
# The six parts of a colour stand in maps beside it, and to each leads a call: a seventh of what axe does.
PARTS = "Se|_e|Me|Pe|Ie|Be"
ASKED, SAID, MADE = rf"\bve\(({PARTS}),this\)", rf"\bbe\(({PARTS}),this,", rf"\bme\(this,({PARTS}),void 0\),"


def quickened(script: str) -> str:
    """The same script: what is remembered is found without looking through a list, and the parts of a colour stand in it."""
    replaced = (
        *((IN_LISTS, IN_MAPS, 1), (ANEW, ONCE, 1)),
        *((ASKED, r"this.$\1", 6), (SAID, r"(this.$\1=", 12), (MADE, "", 6)),
    )
    for found, instead, expected in replaced:
        script, times = re.subn(found, instead, script)
        assert times == expected, f"this axe is another one: {found} is there {times} times"
    return script


# The browser gets it once and has it ready on each page, where it is compiled when somebody looks.
LOADED = f"""globalThis.loadAxe = () => {{
  const rememberSaid = make => {{
    let known = new Map();
    const remembered = function () {{
      // From the last: that is how somebody asks, of which there are few ways; the first is one of many elements.
      let at = known, place = make.length - 1;
      for (; place > 0; place--) {{
        if (!at.has(arguments[place])) at.set(arguments[place], new Map());
        at = at.get(arguments[place]);
      }}
      const key = make.length ? arguments[0] : undefined;
      if (!at.has(key)) at.set(key, make.apply(this, arguments));
      return at.get(key);
    }};
    remembered.clear = () => {{ known = new Map(); }};
    return remembered;
  }};
  const selectors = new Map();
  const selector = (words, understand) => {{
    if (!selectors.has(words)) selectors.set(words, understand(words));
    return selectors.get(words);
  }};
  {quickened(AXE_SCRIPT)}
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
