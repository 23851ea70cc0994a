"""Writing a page as it looks, in a real browser: by keyboard, with what was not touched kept, and without what must not come in."""

from content.models import Page
from content.services import page_create
from ecosystem.scope import open_scope
from tests.live.browsing import Visitor

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
PLACE = "document.querySelector('.ProseMirror').editor.state.selection.$from.parent.textContent"


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
    while ada.page.evaluate(PLACE) != "Drive carefully.":  # the browser tells of it a little later
        ada.page.wait_for_timeout(20)
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
    ada.go("/content/night/edit/").press("Write with marks")
    ada.page.fill("[name=markdown]", "<b>Bold</b>")
    ada.press("Write as it looks")
    ada.look("3-letters-only", shoot_desktop=True)
    assert "This text has HTML or a formula in it" in ada.text()
    assert not ada.page.evaluate("window.evil")
    assert ada.wrong == [], ada.wrong
    ada.close()


def saved(ada: Visitor, number: int) -> None:
    ada.press("Save")
    ada.page.wait_for_selector(f"text=Version {number}")


def markdown(env) -> str:
    with open_scope(environment_id=env.pk):
        return Page.objects.get(element__slug="night").markdown
