"""What somebody who needs help now gets to see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from content.enums import HELPED, NOT_HELPED
from content.models import MissedSearch, Page, Tick
from ecosystem.gates import closed_to
from ecosystem.markup import plain_text
from ecosystem.models import Element, Membership
from ecosystem.registry import ElementKind, element_kinds
from ecosystem.scope import current_scope
from ecosystem.search import hits
from ecosystem.visibility import elements_for
from records.models import Fact

AIDS = ("job_aid", "checklist")
MOST = 20
WORDS = 45  # of the text of the best answer


@dataclass(frozen=True)
class Answer:
    element: Element
    kind: ElementKind
    begins: str = ""

    @property
    def href(self) -> str:
        return self.kind.href(self.element)


def answers_to(*, text: str, membership: Membership) -> list[Answer]:
    """What fits the words and the person may open: help first, each in the order of the search."""
    ids = hits(text=text)
    if not ids:
        return []
    rows = {row.pk: row for row in elements_for(membership).filter(pk__in=ids)}
    found = [rows[pk] for pk in ids if pk in rows and rows[pk].kind in element_kinds]
    found.sort(key=lambda row: row.kind not in AIDS)
    return _with_beginnings(found[:MOST], membership)


def _with_beginnings(rows: list[Element], membership: Membership) -> list[Answer]:
    """The best begin to answer at once, except what is closed to the person now."""
    open_ids = [row.pk for row in rows[:3] if closed_to(membership, row) is None]
    texts = dict(Page.objects.filter(element__in=open_ids).values_list("element_id", "html"))
    return [Answer(row, element_kinds[row.kind], _beginning(texts.get(row.pk, ""))) for row in rows]


def _beginning(html: str) -> str:
    words = plain_text(html).replace("[ ] ", "").split()
    return " ".join(words[:WORDS]) + ("…" if len(words) > WORDS else "")


def aids_here(*, membership: Membership, limit: int = MOST) -> list[Answer]:
    """Help that was used most, then newest."""
    opened = Fact.objects.filter(element_id=OuterRef("pk"), verb="launched").order_by().values("element_id")
    used = Coalesce(Subquery(opened.annotate(all=Sum("times")).values("all")), 0)
    rows = elements_for(membership).filter(kind__in=AIDS).order_by(used.desc(), "-pk")
    return [Answer(row, element_kinds[row.kind]) for row in rows[:limit]]


def ticked_by(*, page: Page, person_id: int) -> set[str]:
    return set(Tick.objects.filter(person_id=person_id, element_id=page.element_id).values_list("item", flat=True))


def help_counts(*, element_ids: list[int]) -> dict[int, tuple[int, int]]:
    """(people it helped, people it did not) by element."""
    rows = Fact.objects.filter(element_id__in=element_ids, verb__in=(HELPED, NOT_HELPED)).values("element_id")
    counts = rows.annotate(yes=Count("pk", filter=Q(verb=HELPED)), no=Count("pk", filter=Q(verb=NOT_HELPED)))
    return {row["element_id"]: (row["yes"], row["no"]) for row in counts}


def missed_searches() -> QuerySet[MissedSearch]:
    """What nobody has seen to yet, what is missed most first."""
    here = current_scope().environment_id
    return MissedSearch.objects.filter(environment_id=here, handled_at=None).order_by("-times", "-last_at", "pk")


def embeddable_page(*, slug: str) -> Page | None:
    """A page of this environment that anybody may read inside another site."""
    rows = Page.objects.filter(environment_id=current_scope().environment_id, embeddable=True)
    return rows.select_related("element").filter(element__slug=slug).first()
