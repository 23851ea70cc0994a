"""Sound and video of strangers are played from the isolated host: a player on our page, and nothing of theirs in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from ecosystem.isolated import isolated_origin, sign
from ecosystem.middleware.headers import POLICY
from handins.models import FeedbackFile, HandinFile
from handins.selectors import RoundShown

OWN, FEEDBACK = "handin-file", "handin-feedback"


@dataclass(frozen=True)
class Player:
    """``kind`` is "audio" or "video", empty for what is only downloaded."""

    kind: str
    src: str


def player_of(request: HttpRequest, file: HandinFile | FeedbackFile) -> Player:
    """For whoever may see the file; the address is good for some hours."""
    kind = file.media_type.partition("/")[0]
    if kind not in {"audio", "video"}:
        return Player("", "")
    use = FEEDBACK if isinstance(file, FeedbackFile) else OWN
    token = sign(use, file.environment_id, file.pk)
    return Player(kind, f"{isolated_origin(request)}/handins/{token}/")


def players_set(request: HttpRequest, shown: Iterable[RoundShown]) -> None:
    """Give each file its ``player``, for templates."""
    for one in shown:
        for file in (*one.files, *one.feedback):
            file.player = player_of(request, file)


def playing(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page may play what lies on the isolated host, and what was recorded on it."""
    response.headers["Content-Security-Policy"] = f"{POLICY}; media-src blob: {isolated_origin(request)}"
    return response
