"""XML from strangers as a plain tree with line numbers. No document type, no entities, nothing fetched, limits on size,
depth and count."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError
from django.utils.translation import gettext as _

LARGEST_FILE = 50 * 1024 * 1024  # bytes; pictures travel inside these files
DEEPEST = 40  # levels; Moodle's own files have fewer than 12
MOST_ELEMENTS = 400_000


class XmlRefusedError(ValueError):
    """The file is not read; the message says why, `line` where (0: the whole file)."""

    def __init__(self, reason: str, *, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(slots=True)
class XmlElement:
    """An element: its name, its line from 1, and its texts and children in the order of the file."""

    tag: str
    attributes: dict[str, str]
    line: int
    content: list["str | XmlElement"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text joined, also what stands after children."""
        return "".join(part for part in self.content if isinstance(part, str))

    @property
    def children(self) -> list["XmlElement"]:
        return [part for part in self.content if not isinstance(part, str)]

    def all(self, tag: str) -> Iterator["XmlElement"]:
        return (part for part in self.content if not isinstance(part, str) and part.tag == tag)

    def first(self, tag: str) -> "XmlElement | None":
        return next(self.all(tag), None)

    def walk(self) -> Iterator["XmlElement"]:
        """It and everything below it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


class _Tree:
    """The target that the parser feeds; keeps what the standard tree builder forgets (lines) and stops where that one
    would go on."""

    def __init__(self) -> None:
        self.parser: DefusedXMLParser | None = None
        self.root: XmlElement | None = None
        self._open: list[XmlElement] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.line()
        self._count += 1
        if len(self._open) >= DEEPEST:
            raise XmlRefusedError(
                _("The file is nested more than %(most)s levels deep.") % {"most": DEEPEST}, line=line
            )
        if self._count > MOST_ELEMENTS:
            raise XmlRefusedError(_("The file has more than %(most)s elements.") % {"most": MOST_ELEMENTS}, line=line)
        element = XmlElement(tag=tag, attributes=attributes, line=line)
        if self._open:
            self._open[-1].content.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].content.append(text)

    def close(self) -> XmlElement | None:
        return self.root

    def line(self) -> int:
        """Return the line that the parser has reached, from 1."""
        return int(self.parser.parser.CurrentLineNumber) if self.parser is not None else 0


def read_xml(data: bytes) -> XmlElement:
    """Return the root of the document, or raise XmlRefusedError with the reason and the line."""
    if not data.strip():
        raise XmlRefusedError(_("The file is empty."))
    if len(data) > LARGEST_FILE:
        raise XmlRefusedError(_("The file is larger than %(most)s MB.") % {"most": LARGEST_FILE // 1024 // 1024})
    tree = _Tree()
    parser = DefusedXMLParser(target=tree, forbid_dtd=True)
    tree.parser = parser
    try:
        parser.feed(data)
        root = parser.close()
    except DefusedXmlException:
        reason = _("The file defines a document type or entities. That can be an attack, so it is not read.")
        raise XmlRefusedError(reason, line=tree.line()) from None
    except ParseError as error:
        line, column = error.position
        reason = _(
            "This is not valid XML (column %(column)s). The file may be cut off or in another encoding than it says."
        )
        raise XmlRefusedError(reason % {"column": column + 1}, line=line) from None
    except (LookupError, ValueError, UnicodeError) as error:
        if isinstance(error, XmlRefusedError):
            raise
        raise XmlRefusedError(_("The encoding that the file names cannot be read. Save it as UTF-8."), line=1) from None
    if root is None:
        raise XmlRefusedError(_("The file is empty."))
    return root
