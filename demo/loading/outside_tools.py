"""The external tool of the demo: Grove's own for development, with a conversation to practise, as a step of a course.

Without GROVE_DEBUG there is no such tool, and the demo comes without it.
"""

from datetime import datetime
from typing import Any

from django.conf import settings

from ecosystem import clock
from ecosystem.hosts import address_of
from ecosystem.models import Environment, Membership
from ecosystem.scope import open_scope
from lti.models import OpensIn, Pseudonym, Tool, ToolLink
from lti.practice.talk import MOST, comment_on
from lti.practice.tool import NAME, registration
from lti.services import launch_answer, launch_begin, link_make, score_take, tool_save
from lti.services.launching import ASKED

TITLE, SLUG = "Room 4 is awake", "room-4-is-awake"


def step_make(*, by: Membership, admin: Membership, **facts: Any) -> ToolLink | None:
    """Register the tool and make its activity, in the scope of the environment; None outside development."""
    if not settings.DEBUG:
        return None
    tool = tool_save(by=admin, **registration(address_of(admin.environment)))
    return link_make(
        title=TITLE, slug=SLUG, by=by, tool=tool, minutes=10, pass_mark=70, points=MOST, opens_in=OpensIn.FRAME,
        summary="Ten past three, and somebody stands at your desk. You choose what you say, and see what it does.",
        **facts,
    )  # fmt: skip


def tool_follow(environment: Environment, admin: str) -> None:
    """The site may be served on another port than when the demo was loaded: then its registration says where it is now."""
    with open_scope(environment_id=environment.pk):
        tool = Tool.objects.filter(name=NAME).first() if settings.DEBUG else None
        rows = Membership.objects.select_related("person", "environment")
        by = rows.filter(person__email=admin, ended_at=None).first()
        if tool is None or by is None:
            return
        facts = registration(address_of(environment))
        if tool.login_url != facts["login_url"]:
            tool_save(by=by, tool=tool, **facts)


def practise(link: ToolLink, learner: Membership, points: float | None, moment: datetime) -> None:
    """In by the same steps as everybody, and out with a score; None: opened and not finished."""
    environment, tool = learner.environment, link.tool
    with clock.at(moment), open_scope(environment_id=environment.pk, person_id=learner.person_id):
        sent = launch_begin(link=link, by=learner, environment=environment).fields
        asked = {name: sent[name] for name in ("client_id", "login_hint", "lti_message_hint")}
        asked |= {**ASKED, "redirect_uri": tool.redirect_urls[0], "nonce": "demo"}
        launch_answer(asked=asked, by=learner, environment=environment)
        if points is None:
            return
        said = {
            "userId": str(Pseudonym.objects.get(tool=tool, person_id=learner.person_id).sub),
            "timestamp": moment.isoformat(),
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "scoreGiven": points,
            "scoreMaximum": MOST,
            "comment": comment_on(int(points)),
        }
        score_take(tool=tool, link=link, body=said)
