"""What travels between the server and a device that may be offline: the cards of today, and the answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from assessments.question_types.registry import question_type
from assessments.selectors import with_pictures
from ecosystem.markup import clean_html
from memotrainer.answer_keys import answer_key
from memotrainer.selectors import Session, ShownCard, pictured
from memotrainer.services import AnswerGiven

MOST_ITEMS = 500
EARLIEST_YEAR = 2020


def session_payload(session: Session) -> dict[str, Any]:
    """Cards with everything to ask, mark and explain them without network, and the words around them."""
    return {"cards": [_card(shown) for shown in session.cards], "minutes": session.minutes, "words": _words()}


def _card(shown: ShownCard) -> dict[str, Any]:
    version = shown.version
    return {
        "id": shown.card.pk,
        "version": version.pk,
        "type": version.type,
        "from": shown.chip,
        "stem": shown.stem,
        "long": shown.is_long,
        "form": reverse("memotrainer:card", args=[shown.card.pk]),
        "report": reverse("memotrainer:report", args=[shown.card.pk]),
        "public": shown.public,
        "key": shown.routed(pictured(answer_key(version.type, version.body))),
        "right": shown.routed(pictured(question_type(version.type).reveal(version.body, None)["right"])),
        "why": shown.routed(str(with_pictures(clean_html(version.feedback)))),
        "place": _place(shown),
    }


def _place(shown: ShownCard) -> dict[str, str] | None:
    if shown.place is None:
        return None
    return {"title": shown.place.title, "href": shown.place_href, "by": shown.made_by, "at": shown.is_at}


def _words() -> dict[str, str]:
    return {
        "cards": _("Card {at} of {of}"),
        "count": _("{at} of {of}"),
        "answer": _("Your answer"),
        "check": _("Check"),
        "pick": _("Choose everything that is right."),
        "open": _("Open this question"),
        "right": _("Right"),
        "partly": _("Partly right"),
        "wrong": _("Not this one"),
        "itwas": _("It was:"),
        "from": _("From:"),
        "continue": _("Continue"),
        "end": _("See how it went"),
        "keysChoice": _("Press {first} to {last} to answer"),
        "keysTruth": _("Press ← or →, or swipe"),
        "keysText": _("Press Enter to check"),
        "done": _("Done for today"),
        "all": _("You knew them all."),
        "back": _("{count} come back soon."),
        "backOne": _("1 comes back soon."),
        "sent": _("All answers sent"),
        "kept": _("Answers kept on this device, sent when you are online"),
        "offline": _("Offline, kept here"),
        "home": _("Back to today"),
        "undo": _("Take back"),
        "odd": _("Something wrong?"),
        "oddAsk": _("What is wrong with this question?"),
        "oddSend": _("Tell its author"),
        "thanks": _("Thank you. Who made this question will see it."),
        "later": _("That could not be sent. Try again when you are online."),
    }


def answers_in(payload: object) -> tuple[list[AnswerGiven], list[str]]:
    """(answers that can be read, ids of those that never can be). More than 500 wait for the next sending."""
    items = payload.get("items") if isinstance(payload, dict) else None
    read, broken = [], []
    for item in (items if isinstance(items, list) else [])[:MOST_ITEMS]:
        answer = _answer(item) if isinstance(item, dict) else None
        if answer is not None:
            read.append(answer)
        elif isinstance(item, dict) and isinstance(item.get("id"), str):
            broken.append(item["id"])
    return read, broken


def _answer(item: dict[str, Any]) -> AnswerGiven | None:
    try:
        uid = UUID(str(item["id"]))
        if "undo" in item:
            card_id = item.get("card")  # which says in what environment
            return AnswerGiven(
                uid=uid,
                card_id=card_id if isinstance(card_id, int) and 0 < card_id < 2**63 else 0,
                answered_at=_moment(item.get("at")),
                data={},
                undoes=UUID(str(item["undo"])),
            )
        card_id, version_id = int(item["card"]), int(item["version"])
        data = {str(name): [str(value) for value in values] for name, values in dict(item["answer"]).items()}
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if not (0 < card_id < 2**63 and 0 < version_id < 2**63):
        return None
    return AnswerGiven(
        uid=uid,
        card_id=card_id,
        answered_at=_moment(item.get("at")),
        data=data,
        version_id=version_id,
        extra=item.get("extra") is True,
    )


def _moment(text: object) -> datetime:
    """When the device says it was; now, when it says nothing that can be read."""
    try:
        moment = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    believable = moment is not None and timezone.is_aware(moment) and moment.year >= EARLIEST_YEAR
    return moment if moment is not None and believable else timezone.now()
