"""What external tools bring to an environment of the scene: one tool, an activity in it, a launch and a score."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from ecosystem.scope import open_scope
from lti.claims import SCOPES
from lti.models import Launch, Pseudonym, Score, ServiceToken, SpentAssertion
from lti.reading import hashed
from lti.services import link_make, tool_save
from tests.guards.twins import Twin
from tests.lti.small_tool import KEY


def tool_facts(secret: str) -> dict[str, Any]:
    """The keys are pasted; nobody is asked for any."""
    site = f"https://{secret.lower()}.example.org"
    return {
        "name": f"{secret} simulator", "login_url": f"{site}/login", "target_url": f"{site}/start",
        "redirect_urls": [f"{site}/arrive"], "keys_url": "", "shares": "name", "is_on": True,
    }  # fmt: skip


def bring_tools(twin: Twin, secret: str, prefix: str) -> None:
    admin, learner, now = twin.people["admin"], twin.people["learner"], timezone.now()
    with open_scope(environment_id=twin.environment.pk, person_id=admin.person_id):
        tool = tool_save(by=admin, pasted=json.dumps(KEY.as_dict(private=False)), **tool_facts(secret))
    link = link_make(
        title=f"{secret} external tool", slug=f"{prefix}-tool", by=twin.people["author"], tool=tool,
        custom={"level": secret}, wanted=f"{secret} wanted", target_url=f"https://{secret.lower()}.example.org/2",
    )  # fmt: skip
    here = {"environment": twin.environment, "tool": tool}
    Pseudonym.objects.create(**here, person=learner.person)
    for person in (learner.person, admin.person):
        Launch.objects.create(
            **here,
            person=person,
            element=link.element,
            hint_hash=hashed(f"{secret} {person.pk}"),
            began_at=now,
            came_at=now,
        )
    Score.objects.create(
        **here, person=learner.person, element=link.element, said_at=now, stored_at=now, progress="Completed",
        grading="FullyGraded", given=8, maximum=10, comment=f"{secret} comment of the tool",
    )  # fmt: skip
    later = now + timedelta(hours=1)
    twin.tool_token, twin.tool_key = f"{secret} token", dict(KEY.as_dict(private=True))
    ServiceToken.objects.create(**here, digest=hashed(twin.tool_token), scopes=list(SCOPES), expires_at=later)
    SpentAssertion.objects.create(**here, digest=hashed(uuid4().hex), expires_at=later)
