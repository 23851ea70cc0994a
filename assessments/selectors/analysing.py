"""What answers tell, as the pages show it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Analysis, Assessment, AssessmentQuestion, ItemFigures, QuestionVersion, SurveyAnswer
from assessments.question_types.registry import question_type
from assessments.registry import Remembered, watches
from assessments.selectors.questions import newest_versions
from ecosystem.markup import plain_text
from ecosystem.scope import current_scope

# name of the flag: (in a word, what it means and what to do)
FLAGS: dict[str, tuple[Promise, Promise]] = {
    "wrong_key": (_("Wrong key?"), _("Those who know least do best here. Check which answer is marked as right.")),
    "misleading": (
        _("Misleading choice"),
        _("A wrong choice draws people who do well elsewhere. Make it clearly wrong."),
    ),
    "guessed": (_("Guessed"), _("It is answered as well as by chance. Explain it better, or ask it in another way.")),
    "weak": (_("Tells little"), _("Who does well elsewhere does no better here.")),
    "too_easy": (_("Too easy"), _("Nearly everybody knows it. Keep it as a warm-up, or retire it.")),
    "too_hard": (_("Too hard"), _("Hardly anybody knows it. Is it taught?")),
    "drift": (_("Changed over time"), _("It is answered otherwise than before. Has it become known, or out of date?")),
}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A question with its figures. ``flags``: (name, word, meaning). ``remembered``: what is known of it after days."""

    item: ItemFigures
    text: str
    flags: list[tuple[str, Promise | str, Promise | str]]
    options: list[dict[str, Any]]
    remembered: Remembered | None = None

    @property
    def curve(self) -> list[float]:
        """Facility in five groups from weak to strong, as percent; without groups of which nothing is known."""
        return [round(value * 100) for value in self.item.figures["curve"] if value is not None]

    @property
    def curve_words(self) -> str:
        known = self.item.figures["curve"]
        return ", ".join("–" if value is None else f"{round(value * 100)}%" for value in known)

    @property
    def exposure(self) -> int:
        return round(self.item.figures["exposure"] * 100)


def analysis_of(assessment: Assessment) -> dict[str, Any]:
    """``analysis`` (None before the first) and ``items``, flagged ones first; as many queries however many questions."""
    here = Analysis.objects.filter(environment_id=current_scope().environment_id, element_id=assessment.element_id)
    analysis = here.first()
    items = list(ItemFigures.objects.filter(analysis=analysis).select_related("question")) if analysis else []
    newest = newest_versions(question_ids=[item.question_id for item in items])
    known: dict[int, Remembered] = {}
    for watch in watches:
        known |= watch.remembered([item.question_id for item in items])
    rows = [_row(item, newest.get(item.question_id), known.get(item.question_id)) for item in items]
    rows.sort(key=lambda row: (-len(row.flags), row.item.figures["facility"]))
    return {"analysis": analysis, "items": rows, "flagged": sum(bool(row.flags) for row in rows)}


def _row(item: ItemFigures, version: QuestionVersion | None, remembered: Remembered | None) -> ItemRow:
    options = []
    if version is not None and version.type == "single":
        choices = version.body.get("choices", [])
        options = [
            {
                "text": plain_text(str(choices[one["option"]].get("text", ""))),
                "right": choices[one["option"]].get("correct") is True,
                "percent": round(one["share"] * 100),
                "rest": round(one["rest"] * 100),
            }
            for one in item.figures["options"]
            if one["option"] < len(choices)
        ]
    flags = [(name, *FLAGS[name]) for name in item.flags if name in FLAGS]
    flags += _forgotten(remembered)
    return ItemRow(item, plain_text(version.stem) if version else item.question.name, flags, options, remembered)


def _forgotten(known: Remembered | None) -> Iterator[tuple[str, str, str]]:
    """The flag of a question that is forgotten far more than its answers let expect."""
    if known is None or not known.misleading:
        return
    share = {"right": known.right, "expected": known.expected}
    meaning = (
        gettext("After days it was right %(right)s%% of the time, where %(expected)s%% was to be expected.") % share
    )
    if known.distractor:
        meaning += " " + gettext("Most wrong answers: “%(answer)s”.") % {"answer": known.distractor}
    yield "forgotten", gettext("Forgotten soon"), meaning


def flagged_by_element() -> dict[int, int]:
    """How many questions stand out, by their answers or because they are forgotten soon, per assessment of this environment."""
    here = ItemFigures.objects.filter(environment_id=current_scope().environment_id).exclude(flags=[])
    found = set(here.values_list("analysis__element_id", "question_id"))
    soon = {pk for watch in watches for pk in watch.misleading()}
    if soon:
        found |= set(AssessmentQuestion.objects.filter(question_id__in=soon).values_list("element_id", "question_id"))
    return Counter(element_id for element_id, _question_id in found)


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """``counts``: (answer, how many, percent), the most given first; ``texts``: what was written, in no order."""

    text: str
    sheets: int
    counts: list[tuple[str, int, int]]
    texts: list[str]


def survey_of(assessment: Assessment) -> list[SurveyQuestion]:
    """Released answers by question; nothing while too few people have answered. Keys have no order, so rows have none."""
    rows = SurveyAnswer.objects.filter(
        environment_id=current_scope().environment_id, element_id=assessment.element_id, released=True
    )
    found: dict[int, tuple[QuestionVersion, list[Any]]] = {}
    for row in rows.select_related("version").order_by("pk"):
        found.setdefault(row.version_id, (row.version, []))[1].append(row.response)
    return [_survey_question(version, responses) for version, responses in found.values()]


def _survey_question(version: QuestionVersion, responses: list[Any]) -> SurveyQuestion:
    kind = question_type(version.type)
    given = [[plain_text(text) for text in kind.reveal(version.body, one)["given"]] for one in responses]
    written = version.type in {"essay", "short_text"}
    counts = Counter(text for texts in given for text in texts)
    total = len(responses)
    return SurveyQuestion(
        text=plain_text(version.stem),
        sheets=total,
        counts=[] if written else [(text, n, round(100 * n / total)) for text, n in counts.most_common()],
        texts=sorted(text for texts in given for text in texts) if written else [],
    )
