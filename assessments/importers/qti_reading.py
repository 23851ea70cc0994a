"""QTI 2.1, 2.2 and 3.0 items as one shape: names without `qti-` and hyphens, declarations, and the HTML of a body.

Standard: 1EdTech Question and Test Interoperability. Version 3 writes `qti-choice-interaction max-choices`, version 2
`choiceInteraction maxChoices`; both become the latter here.
"""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from django.utils.html import escape
from django.utils.translation import gettext as _

from assessments.importers.pictures import keep_file
from assessments.importers.results import Attachment, QuestionRefusedError
from assessments.importers.safe_xml import XmlElement
from assessments.question_types.base import storable

Files = Callable[[str], bytes | None]

# Where interactions and gaps stood, in private characters that no text of an author keeps.
INTERACTION = "\ue010\ue011"
GAP_MARK = re.compile("\ue010([^\ue010\ue011]{1,200})\ue011")
_PRIVATE = str.maketrans("", "", "\ue010\ue011")

_SKIPPED = frozenset({"stylesheet", "catalogInfo", "companionMaterialsInfo", "templateBlock", "templateInline"})
_NEVER = {
    "math": "MathML",
    "printedVariable": "printedVariable",
    "include": "XInclude",
    "iframe": "iframe",
    "script": "script",
}
_VOID = frozenset({"br", "hr", "img"})
_TRANSPARENT = frozenset({"contentBody", "feedbackBlock", "feedbackInline", "infoControl", "templateBlock", "prompt"})


@dataclass(slots=True)
class Declaration:
    """What is right for one response: its values in their order, and what each value earns; with a floor, all of it
    together is never below nothing."""

    cardinality: str
    base_type: str
    correct: list[str] = field(default_factory=list)
    mapping: dict[str, float] = field(default_factory=dict)
    case_sensitive: set[str] = field(default_factory=set)
    has_floor: bool = False


def normalise(root: XmlElement) -> None:
    """Give every element and attribute below the name of version 2, without namespaces. In place."""
    for element in root.walk():
        element.tag = _camel(_local(element.tag))
        element.attributes = {_camel(_local(name)): value for name, value in element.attributes.items()}


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _camel(name: str) -> str:
    if name.startswith(("data-", "aria-")):
        return name
    head, *rest = name.removeprefix("qti-").split("-")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def declarations_in(item: XmlElement) -> dict[str, Declaration]:
    return {
        one.attributes.get("identifier", ""): _declaration(one)
        for one in item.children
        if one.tag == "responseDeclaration"
    }


def _declaration(element: XmlElement) -> Declaration:
    found = Declaration(
        cardinality=element.attributes.get("cardinality", "single"),
        base_type=element.attributes.get("baseType", "string"),
    )
    correct = element.first("correctResponse")
    if correct is not None:
        found.correct = [" ".join(storable(value.text).split()) for value in correct.all("value")]
    mapping = element.first("mapping")
    found.has_floor = mapping is not None and "lowerBound" in mapping.attributes
    for entry in mapping.all("mapEntry") if mapping is not None else ():
        key = " ".join(storable(entry.attributes.get("mapKey", "")).split())
        found.mapping[key] = _number(entry.attributes.get("mappedValue", ""))
        if entry.attributes.get("caseSensitive", "false").strip().lower() in {"true", "1"}:
            found.case_sensitive.add(key)
    return found


def _number(text: str) -> float:
    """Return a number of the scoring. QuestionRefusedError: it is none, or has no believable size."""
    if not re.fullmatch(r"\s*[+-]?[0-9]{1,9}(?:\.[0-9]{1,12})?(?:[eE]-?[0-9]{1,2})?\s*", text):
        raise QuestionRefusedError(_("The points of an answer are not a number."))
    return float(text)


class HtmlWriter:
    """Turns the mixed content of a body into HTML. `placed` says what stands in the place of an element, or None."""

    def __init__(self, *, files: Files, folder: str, placed: Callable[[XmlElement], str | None]) -> None:
        self.attachments: dict[str, Attachment] = {}
        self._files = files
        self._folder = folder
        self._placed = placed

    def inside(self, element: XmlElement | None) -> str:
        """Return the HTML of everything inside the element; nobody has cleaned it yet."""
        if element is None:
            return ""
        return "".join(
            str(escape(storable(part).translate(_PRIVATE))) if isinstance(part, str) else self._element(part)
            for part in element.content
        )

    def file(self, address: str) -> tuple[str, bytes]:
        """Return the placeholder and the bytes of a file of the package. QuestionRefusedError: it is not in it."""
        path = path_in_package(self._folder, address)
        content = self._files(path) if path else None
        if content is None:
            raise QuestionRefusedError(_("The file %(name)s is not in the package.") % {"name": address[:120]})
        placeholder = keep_file(name=posixpath.basename(path), content=content, taken=self.attachments)
        return placeholder, content

    def _element(self, element: XmlElement) -> str:
        placed = self._placed(element)
        if placed is not None:
            return placed
        if element.tag in _NEVER:
            raise QuestionRefusedError(
                _("The item holds %(name)s, which is not supported.") % {"name": _NEVER[element.tag]}
            )
        if element.tag in _SKIPPED:
            return ""
        if element.tag in _TRANSPARENT:
            return self.inside(element)
        if element.tag == "rubricBlock":
            shown = "candidate" in element.attributes.get("view", "candidate").split()
            return self.inside(element) if shown else ""
        if element.tag == "object":
            return self._object(element)
        return self._html(element)

    def _html(self, element: XmlElement) -> str:
        attributes = dict(element.attributes)
        if element.tag in {"img", "audio", "video", "source"} and attributes.get("src"):
            attributes["src"] = self.file(attributes["src"])[0]
        said = "".join(
            f' {name}="{escape(storable(value))}"'
            for name, value in attributes.items()
            if re.fullmatch(r"[a-zA-Z]+", name)
        )
        if element.tag in {"audio", "video"} and "src" not in attributes:
            source = element.first("source")
            if source is not None and source.attributes.get("src"):
                said = f' src="{self.file(source.attributes["src"])[0]}"'
        if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9]*", element.tag):
            return self.inside(element)
        if element.tag in _VOID:
            return f"<{element.tag}{said}>"
        return (
            f"<{element.tag}{said}>{'' if element.tag in {'audio', 'video'} else self.inside(element)}</{element.tag}>"
        )

    def _object(self, element: XmlElement) -> str:
        kind = element.attributes.get("type", "").partition("/")[0]
        placeholder, _content = self.file(element.attributes.get("data", ""))
        if kind in {"audio", "video"}:
            return f'<{kind} src="{placeholder}"></{kind}>'
        said = element.attributes.get("alt") or " ".join(element.text.split())
        return f'<img src="{placeholder}" alt="{escape(storable(said))}">'


def path_in_package(folder: str, address: str) -> str:
    """Return the path of an address inside the package; empty when it leads out of it."""
    plain = unquote(address.partition("#")[0].partition("?")[0]).replace("\\", "/")
    if not plain or plain.startswith("/") or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", plain):
        return ""
    path = posixpath.normpath(posixpath.join(folder, plain))
    return "" if path.startswith("../") or path in {"..", "."} else path


def attribute(element: XmlElement, name: str, default: str = "") -> str:
    return element.attributes.get(name, default).strip()


def flag(element: XmlElement, name: str) -> bool:
    return attribute(element, name, "false").lower() in {"true", "1"}


def no_files(_path: str) -> bytes | None:
    """The files of an item that came alone: none."""
    return None
