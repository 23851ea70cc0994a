"""External tools of the demo: a simulator that some have been in, and a language lab that is switched off.

Neither is really there. The keys of both are made here and thrown away, so nobody can speak for them.
"""

import json
from datetime import datetime, timedelta

from django.utils import timezone

from demo.loading.guided import ADMIN, AUTHOR, HERE, LEARNERS
from ecosystem import clock
from ecosystem.models import Environment, Membership, Person
from ecosystem.scope import open_scope
from lti.messages import key_new
from lti.models import Pseudonym, Tool, ToolLink
from lti.services import launch_answer, launch_begin, link_make, score_take, tool_save
from lti.services.launching import ASKED

SIMULATOR = "Conversation simulator"
LAB = "Language lab"
# What each learner got, of 20 points; None: opened and not finished.
POINTS = (17.0, 12.0, None)


def tools_load(environment: Environment, people: dict[str, Person]) -> None:
    if environment.slug != HERE:
        return
    now = timezone.now()
    with clock.at(now - timedelta(weeks=3)), open_scope(environment_id=environment.pk):
        member = {row.person_id: row for row in Membership.objects.select_related("person")}
        for row in member.values():
            row.environment = environment
        admin, author = member[people[ADMIN].pk], member[people[AUTHOR].pk]
        lab = _tool(admin, LAB, "lab.example.org", is_on=False)
        simulator = _tool(admin, SIMULATOR, "simulator.example.org", is_on=True)
        link_make(
            title="Say it in simple words",
            summary="Ten sentences from a consultation, to be said so that somebody who is learning the language follows.",
            by=author, tool=lab, minutes=15, language="en",
        )  # fmt: skip
        link = link_make(
            title="Practise a first conversation",
            summary="A patient who does not want to talk. You choose what you say, and see what it does.",
            by=author, tool=simulator, minutes=20, language="en", pass_mark=70, points=20, custom={"scene": "waiting-room"},
        )  # fmt: skip
    for number, (email, points) in enumerate(zip(LEARNERS, POINTS, strict=False)):
        learner, moment = member[people[email].pk], now - timedelta(days=3 - number, hours=2)
        with clock.at(moment), open_scope(environment_id=environment.pk, person_id=learner.person_id):
            _practise(link, simulator, learner, environment, points, moment)


def _tool(admin: Membership, name: str, host: str, *, is_on: bool) -> Tool:
    site = f"https://{host}"
    public, _thrown_away = key_new("demo")
    return tool_save(
        by=admin, name=name, login_url=f"{site}/lti/login", target_url=f"{site}/lti/start", is_on=is_on,
        redirect_urls=[f"{site}/lti/start"], keys_url="", pasted=json.dumps(public), shares="nothing",
    )  # fmt: skip


def _practise(
    link: ToolLink, tool: Tool, learner: Membership, environment: Environment, points: float | None, moment: datetime
) -> None:
    """In by the same steps as everybody, and out with a score."""
    sent = launch_begin(link=link, by=learner, environment=environment).fields
    asked = {name: sent[name] for name in ("client_id", "login_hint", "lti_message_hint")}
    asked |= {**ASKED, "redirect_uri": tool.redirect_urls[0], "nonce": "demo"}
    launch_answer(asked=asked, by=learner, environment=environment)
    if points is None:
        return
    score_take(
        tool=tool,
        link=link,
        body={
            "userId": str(Pseudonym.objects.get(tool=tool, person_id=learner.person_id).sub),
            "timestamp": moment.isoformat(),
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "scoreGiven": points,
            "scoreMaximum": 20,
            "comment": "You let the silence last." if points > 14 else "Ask less, and listen for longer.",
        },
    )
