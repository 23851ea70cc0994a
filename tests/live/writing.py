"""Writing a page as it looks, in a real browser: by keyboard, with what was not touched kept, and without what must not come in."""

from content.models import Page
from content.services import page_create
from ecosystem.scope import open_scope
from tests.content.test_writing import picture
from tests.live.browsing import Visitor
from tests.live.site import wait_for

# Written as the editor never would, so that a block it wrote anew would show.
ORIGINAL = """Take  __along__:
the keys

* Keys
* Lamp

Kind|Number
:-|-:
Lamp|1


Drive _carefully_."""
PASTED = """<style>p {color: red}</style><h2>From elsewhere</h2><p onclick="evil()">Words <span style="font-weight:700">boldly</span><script>window.evil = 1</script>
<img src="x" onerror="window.evil = 1"><a href="javascript:evil()">nowhere</a> <a href="https://example.org/b">there</a></p>"""
PASTE = """html => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""
# Where the editor takes the cursor to be: the browser tells it a little later.
SELECTION = "document.querySelector('.ProseMirror').editor.state.selection"
PLACE = f"{SELECTION}.$from.parent.textContent"


def pages_are_written_as_they_look(env, ada: Visitor) -> None:
    with open_scope(environment_id=env.pk):
        page_create(title="Night", markdown=ORIGINAL, creators=["Ada"])
    ada.go("/content/night/edit/")
    text, keys, pressed = (
        ada.page.locator(".ProseMirror"),
        ada.page.keyboard,
        ada.page.locator(".looks [aria-pressed=true]"),
    )
    text.wait_for()
    ada.page.fill("[name=summary]", "For those who drive")
    saved(ada, 2)
    assert markdown(env) == ORIGINAL
    text.focus()
    keys.press("Control+End")
    waits(ada, f"{PLACE} === 'Drive carefully.'")
    keys.press("Enter")
    keys.press("Alt+F10")
    keys.press("Enter")
    assert pressed.get_attribute("data-do") == "bold"
    keys.type("Slow*ly")
    keys.press("Alt+F10")
    keys.press("Enter")
    keys.type(" to ")
    keys.press("Control+k")
    ada.page.get_by_label("Words of the link").fill("them")
    ada.page.get_by_label("Address").fill("example.org")
    ada.look("1-link")
    keys.press("Enter")
    keys.press("Enter")
    ada.page.evaluate(PASTE, PASTED)
    ada.look("2-written", shoot_desktop=True)
    saved(ada, 3)
    found = markdown(env)
    added = (
        "\n\n**Slow\\*ly** to [them](https://example.org)\n\n## From elsewhere\n\n"
        "Words **boldly** nowhere [there](https://example.org/b)"
    )
    assert found == ORIGINAL + added, found
    ada.press("Show").page.wait_for_selector("main strong:has-text('Slow*ly')")
    words_stay_where_marks_cannot(ada)
    pictures_come_in_at_the_cursor(ada)
    ada.go("/content/night/edit/").press("Write with marks")
    ada.page.fill("[name=markdown]", "<b>Bold</b>")
    ada.press("Write as it looks")
    ada.look("3-letters-only", shoot_desktop=True)
    assert "This text has HTML or a formula in it" in ada.text()
    assert not ada.page.evaluate("window.evil")
    assert ada.wrong == [], ada.wrong
    ada.close()


# Piles that Markdown has no letters for: bold beside italic beside code, each of signs; in the second a link goes, which is said.
PILE = """() => {
  const {editor} = document.querySelector('.ProseMirror'), marked = (text, ...types) => ({type: 'text', text, marks: types.map(type => ({type}))});
  const linked = text => ({type: 'text', text, marks: [{type: 'link', attrs: {href: 'https://example.org'}}, {type: 'bold'}]});
  editor.commands.setContent({type: 'doc', content: [{type: 'paragraph', content: [
    marked('a\\u2009$<!--"', 'italic'), marked('0$', 'bold', 'italic'), marked('`` ', 'bold', 'code'), marked('b', 'italic'),
  ]}, {type: 'paragraph', content: [
    marked('](\\\\!'), linked('[\\\\](!'), marked('<a>)', 'bold', 'italic', 'code'),
  ]}]}, {emitUpdate: true});
  return editor.state.doc.textContent.replace(/\\s/g, '');
}"""
SHOWN = "document.querySelector('.ProseMirror').editor.state.doc.textContent.replace(/\\s/g, '')"


def words_stay_where_marks_cannot(ada: Visitor) -> None:
    ada.go("/content/night/edit/").page.locator(".ProseMirror").wait_for()
    words = ada.page.evaluate(PILE)
    ada.page.locator("[data-lost=link]:visible").wait_for()
    saved(ada, 4)
    ada.go("/content/night/edit/").page.locator(".ProseMirror").wait_for()
    assert ada.page.evaluate(SHOWN) == words


def pictures_come_in_at_the_cursor(ada: Visitor) -> None:
    ada.page.locator(".ProseMirror p").first.click()
    waits(ada, f"{SELECTION}.from > 1")
    ada.page.keyboard.press("Enter")
    ada.page.keyboard.type("Below the picture")
    waits(ada, f"{PLACE} === 'Below the picture'")
    ada.page.keyboard.press("ArrowUp")
    waits(ada, f"{PLACE} !== 'Below the picture'")
    ada.page.locator("[data-do=picture]").click()
    ada.page.set_input_files("[name=image]", {"name": "a.png", "mimeType": "image/png", "buffer": picture()})
    ada.page.fill("[name=image_says]", "A lamp")
    ada.press("Put the picture into the text")
    ada.page.wait_for_selector(".ProseMirror img[alt='A lamp']")
    text = ada.page.input_value("[name=markdown]")
    assert text.index("![A lamp]") < text.index("Below the picture"), text
    saved(ada, 5)


def waits(ada: Visitor, what: str) -> None:
    """Until it is so. The page may not evaluate it again and again by itself: its policy forbids that."""
    wait_for(lambda: ada.page.evaluate(what) or ada.page.wait_for_timeout(20), what=what)


def saved(ada: Visitor, number: int) -> None:
    ada.press("Save")
    ada.page.wait_for_selector(f"text=Version {number}")


def markdown(env) -> str:
    with open_scope(environment_id=env.pk):
        return Page.objects.get(element__slug="night").markdown
