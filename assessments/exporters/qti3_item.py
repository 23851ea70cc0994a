"""One QTI 3 item: what is common to all types."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from assessments.exporters.sources import Media, Source, media_in, xhtml
from assessments.question_types.base import Body

_RULES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
_NAMESPACE = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'


class ItemWriter:
    """One item: its declarations, body, rule and feedback."""

    def __init__(self, source: Source, media: Mapping[str, Media]) -> None:
        self.row, self.version = source.question, source.version
        self.body: Body = source.version.body
        self.used: dict[str, Media] = {}
        self.declarations: list[str] = []
        self.modal: list[str] = []
        self.rule = f'<qti-response-processing template="{_RULES}match_correct.xml"/>'
        self.media = media

    def item(self, body: Callable[["ItemWriter"], str]) -> str:
        """The whole item around what ``body`` writes of its type."""
        inner = body(self)
        if self.version.feedback:
            self.feedback("GENERAL", "FEEDBACK", self.version.feedback)
        for hint in self.version.hints:
            self.feedback(f"H{len(self.modal)}", "HINT", hint)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<qti-assessment-item {_NAMESPACE} identifier={quoteattr(self.row.identifier)} '
            f'title={quoteattr(self.row.name)} adaptive="false" time-dependent="false">{"".join(self.declarations)}'
            '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'
            '<qti-outcome-declaration identifier="FEEDBACK" cardinality="multiple" base-type="identifier"/>'
            '<qti-outcome-declaration identifier="HINT" cardinality="multiple" base-type="identifier"/>'
            f"<qti-item-body>{inner}</qti-item-body>{self.rule}{''.join(self.modal)}</qti-assessment-item>\n"
        )

    def html(self, html: str) -> str:
        return xhtml(media_in(html, self.media, self.used, folder="media/"))

    @property
    def stem(self) -> str:
        return self.html(self.version.stem)

    def feedback(self, name: str, outcome: str, html: str) -> None:
        self.modal.append(
            f'<qti-modal-feedback outcome-identifier="{outcome}" show-hide="show" identifier="{name}"><qti-content-body>'
            f"{self.html(html)}</qti-content-body></qti-modal-feedback>"
        )

    def declare(self, kind: str, base: str, values: Iterable[str], mapping: str = "", name: str = "RESPONSE") -> None:
        said = "".join(f"<qti-value>{escape(value)}</qti-value>" for value in values)
        correct = f"<qti-correct-response>{said}</qti-correct-response>" if said else ""
        self.declarations.append(
            f'<qti-response-declaration identifier="{name}" cardinality="{kind}" base-type="{base}">{correct}{mapping}'
            "</qti-response-declaration>"
        )

    def mapped(self) -> None:
        self.rule = f'<qti-response-processing template="{_RULES}map_response.xml"/>'


def mapping_of(rows: Iterable[tuple[str, Decimal]], *, floor: bool, case: bool | None = None) -> str:
    said = "" if case is None else f' case-sensitive="{str(case).lower()}"'
    entries = "".join(
        f'<qti-map-entry map-key={quoteattr(key)} mapped-value="{value.quantize(Decimal("0.0000001")).normalize():f}"{said}/>'
        for key, value in rows
    )
    lowest = ' lower-bound="0"' if floor else ""
    return f'<qti-mapping default-value="0"{lowest}>{entries}</qti-mapping>'
