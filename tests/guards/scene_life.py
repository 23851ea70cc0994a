"""What goes on in an environment of the scene: content, learners, people, software, and what no service makes by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from api.models import (
    IdempotentAnswer,
    OAuthAccessToken,
    OAuthGrant,
    OAuthRefreshToken,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from api.services import token_create
from api.services.applications import application_create
from assessments.models import Answer, AnswerFile, Attempt, Picture
from assessments.services import (
    answer_save,
    assessment_create,
    attempt_finish,
    attempt_start,
    bank_create,
    objective_save,
    question_save,
)
from catalogue.services import offer_make
from certificates.models import Certificate
from certificates.services.issuing import template_save
from content.services import page_create
from courses.models import CourseImport, CourseRun, TaskReport, VersionMove
from courses.services import (
    PlannedActivity,
    PlannedBlock,
    block_add,
    course_publish,
    draft_of,
    enrolment_create,
    run_open,
)
from courses.services.runs import run_group_add, run_guide_add
from ecosystem.models import Element, Group, IdentityProvider
from ecosystem.services.account_letters import account_letter_queue
from ecosystem.services.delegations import delegation_grant, delegation_revoke
from ecosystem.services.elements import element_create, elements_connect
from ecosystem.services.environment_exports import environment_export_ask
from ecosystem.services.erasure import erasure_ask
from ecosystem.services.exports import data_export_ask
from ecosystem.services.groups import group_save
from ecosystem.services.identity_providers import identity_provider_save
from ecosystem.services.imports import people_import_read
from ecosystem.services.invitations import Invited, invitation_create
from ecosystem.services.look import look_save
from ecosystem.services.pictures import picture_set
from ecosystem.services.settings import setting_save
from ecosystem.setting_tree import Own
from gardening.models import Placement
from gardening.services import charter_save, kpi_save, kpi_value_save
from notifications.models import ChannelChoice
from notifications.services import device_add, notify, preference_save
from notifications.webpush import encoded
from records.services import record
from tests.assessments.answering import right_form
from tests.guards.scene_content import LINE, bring_content
from tests.guards.scene_events import bring_events
from tests.guards.scene_handins import bring_handins
from tests.guards.scene_lti import bring_tools
from tests.guards.scene_memory import bring_memory
from tests.guards.scene_quizzes import bring_quizzes
from tests.guards.scene_social import bring_posts, discussion_for
from tests.guards.twins import PNG, SHARED, TAG, WORD, Twin


def grow(twin: Twin, secret: str, prefix: str) -> None:
    """Content first, then what a learner does with it."""
    gardener, learner = twin.people["gardener"].person, twin.people["learner"].person
    facts: dict[str, Any] = {
        "creators": [gardener, f"{secret} outside maker"],
        "summary": f"{secret} summary {WORD}",
        "tags": [TAG, f"{secret}-tag"],
        "why": f"{secret} why",
        "owner": gardener,
        "minutes": 5,
    }
    page = page_create(
        title=f"{secret} page {WORD}", markdown=f"{secret} text {WORD}{LINE}", slug=f"{prefix}-page", **facts
    )
    job_aid = page_create(title=f"{secret} job aid", markdown=f"{secret} aid", kind="job_aid", slug=SHARED, **facts)
    bank = bank_create(title=f"{secret} bank", slug=f"{prefix}-bank", **facts)
    objective = objective_save(bank=bank, slug=f"{prefix}-objective", text=f"{secret} objective")
    body = {
        "choices": [
            {"text": f"{secret} right", "correct": True, "feedback": f"{secret} choice feedback"},
            {"text": f"{secret} wrong", "correct": False},
        ]
    }
    picture = f"{len(secret):064x}"
    questions = [
        question_save(
            bank=bank,
            identifier=f"{prefix}-q{number}",
            type="single",
            stem=f'<p>{secret} stem {number} {WORD}<img src="attachment:{picture}" alt=""></p>',
            body=body,
            feedback=f"<p>{secret} feedback</p>",
            objective=objective,
            source=page.element,
            name=f"{secret} question {number}",
            category=f"{secret} category",
            hints=[f"<p>{secret} hint</p>"],
            tags=[f"{secret} tag"],
            author=gardener,
        ).question
        for number in (1, 2)
    ]
    stored = Picture(
        environment_id=twin.environment.pk, element=bank, sha256=picture, name=f"{secret}.png", media_type="image/png"
    )
    stored.file.save(f"{prefix}.png", ContentFile(PNG + secret.encode()), save=True)
    quiz = assessment_create(
        title=f"{secret} quiz {WORD}", questions=questions, pass_mark=0.5, slug=f"{prefix}-quiz", **facts
    )
    course = element_create(kind="course", title=f"{secret} course {WORD}", slug=f"{prefix}-course", **facts)
    activities = [
        PlannedActivity(page.element, title=f"{secret} activity"),
        PlannedActivity(quiz.element, title=f"{secret} quiz step", condition={"completed": page.element_id}),
    ]
    later = {"any": [{"group": f"{secret} night"}, {"after_enrolment": {"days": 400}}, {"released": True}]}
    activities.append(PlannedActivity(job_aid.element, title=f"{secret} later", optional=True, condition=later))
    task = page_create(
        title=f"{secret} task", kind="task", markdown=f"{secret} to do", slug=f"{prefix}-task", **facts
    ).element
    activities.append(PlannedActivity(task, optional=True))
    talk = discussion_for(twin, secret, prefix)
    activities.append(PlannedActivity(talk, optional=True))
    course_publish(element=course, blocks=[PlannedBlock(f"{secret} block", activities)])
    run = run_open(element=course, title=f"{secret} run")
    offer_make(element=course, run=run)
    template_save(course=course, title=f"{secret} certificate", text=f"{secret} proves", validity_months=12)
    elements_connect(
        source=page.element, target=quiz.element, kind="prepares_for", hypothesis=f"{secret} hypothesis", owner=gardener
    )
    charter = charter_save(
        business_issue=f"{secret} issue", why=f"{secret} why", audience=f"{secret} audience", sponsor=gardener
    )
    kpi = kpi_save(charter=charter, name=f"{secret} kpi", direction="up", baseline=1, target=2, unit=f"{secret} unit")
    kpi_value_save(kpi=kpi, month=date(2026, 5, 1), value=1.5)
    bring_content(twin, secret, prefix, page, facts)
    _learn(twin, secret, run, page.element, job_aid.element, quiz)
    bring_quizzes(twin, secret, prefix, bank, questions, facts)
    bring_memory(twin, secret, prefix, course, questions[0])
    bring_events(twin, secret, prefix)
    bring_handins(twin, secret, prefix)
    bring_posts(twin, secret, run, talk)
    bring_tools(twin, secret, prefix)
    for person in (learner, gardener):
        notify(
            person_id=person.pk,
            key=f"{prefix}:{person.pk}",
            kind="memotrainer",
            title=f"{secret} notice",
            body=f"{secret} notice body",
            href="/memo/",
            mail=True,
        )
    twin.token = token_create(
        person=twin.people["admin"].person,
        name=f"{secret} token",
        scopes=("read", "write"),
        valid_for=timedelta(days=30),
    )[1]


def _learn(twin: Twin, secret: str, run: Any, page: Element, job_aid: Element, quiz: Any) -> None:
    """Learner and administrator finish one attempt and leave another open; the learner finishes the course."""
    for role in ("learner", "admin"):
        person = twin.people[role].person
        enrolment_create(run=run, person=person)
        record(verb="completed", element=page, person_id=person.pk, context={"note": f"{secret} note"})
        for last in (False, True):
            attempt = attempt_start(assessment=quiz, person_id=person.pk, onward="/courses/")
            if last:
                break
            handed = AnswerFile(
                environment_id=twin.environment.pk,
                person=person,
                answer=Answer.objects.filter(attempt=attempt).first(),
                name=f"{secret}.pdf",
                media_type="application/pdf",
                size=9,
            )
            handed.file.save(f"{attempt.uid}.bin", ContentFile(b"%PDF-1.7 x"), save=True)
            for answer in Answer.objects.filter(attempt=attempt).select_related("version"):
                answer_save(
                    attempt_uid=attempt.uid,
                    person_id=person.pk,
                    position=answer.position,
                    response=right_form(answer.version),
                )
            attempt_finish(attempt_uid=attempt.uid, person_id=person.pk)
    enrolment_create(run=run, person=twin.people["gardener"].person)  # and goes no further
    record(verb="viewed", element=job_aid, person_id=twin.people["author"].person_id)


def bring_people(twin: Twin, secret: str, prefix: str) -> None:
    """A group with a rule, an open invitation, a file of people that waits, a copy of data, a wish to be erased."""
    manager, learner = twin.people["admin"], twin.people["learner"]
    rule = {"match": "all", "job_title": f"{secret} job"}
    group = group_save(name=f"{secret} first group", by=manager)
    group_save(group=group, name=f"{secret} group", about=f"{secret} about", rule=rule, by=manager)
    group_save(name=f"{secret} group by hand", by=manager)
    guest = f"guest.{prefix}@example.org"
    file = f"email,name\nnew.{prefix}@example.org,{secret} new name"
    people_import_read(data=file.encode(), by=manager)
    invited = Invited(
        email=guest, roles=("learner",), name=f"{secret} guest", job_title=f"{secret} job", group_id=group.pk
    )
    invitation_create(invited=invited, by=manager)
    face = BytesIO()
    Image.new("RGB", (8, 8)).save(face, "PNG")
    picture_set(person=learner.person, data=face.getvalue())
    data_export_ask(membership=learner)
    environment_export_ask(environment=twin.environment, by=manager)
    erasure_ask(membership=twin.people["sponsor"])
    _plan_on(twin, secret, group)


def _plan_on(twin: Twin, secret: str, group: Group) -> None:
    """A draft with an edit; a run with a mentor, a group that enrols, and a move to another version that is over.

    Two reports of a task, one of them sent back; and the course as if it had come from a package.
    """
    admin, run = twin.people["admin"], CourseRun.objects.select_related("element", "version").get()
    draft = draft_of(element=run.element, by=admin)
    block_add(draft=draft, title=f"{secret} new block", by=admin, seen=0)
    run_guide_add(run=run, person=twin.people["instructor"].person, role="mentor", by=admin)
    run_group_add(run=run, group=group, by=admin)
    VersionMove.objects.create(
        environment=twin.environment, element=run.element, run=run, version=run.version, by=admin.person, total=1, done=1,
        due_at=None, finished_at=timezone.now(),
    )  # fmt: skip
    task, now = Element.objects.get(kind="task"), timezone.now()
    mentor = twin.people["instructor"].person
    for number, state in ((1, "sent_back"), (2, "waiting")):
        answer = {"answer": f"{secret} is missing", "answered_by": mentor, "answered_at": now} if number == 1 else {}
        TaskReport.objects.create(
            environment=twin.environment, person=twin.people["learner"].person, element=task, number=number,
            state=state, note=f"{secret} was done", said_at=now, **answer,
        )  # fmt: skip
    CourseImport.objects.create(
        environment=twin.environment, element=run.element, origin=run.element.uid, digest="0" * 64, by=admin.person
    )


def _doors_for_software(twin: Twin, secret: str, now: datetime) -> None:
    """A webhook with a message, an application with somebody's tokens, an answer that is kept."""
    here, admin, learner = twin.environment, twin.people["admin"], twin.people["learner"].person
    endpoint = WebhookEndpoint.objects.create(
        environment=here, name=f"{secret} webhook", url="https://example.org/", created_by=admin.person
    )
    WebhookSecret.objects.create(environment=here, endpoint=endpoint, sealed="sealed")
    WebhookDelivery.objects.create(
        environment=here,
        endpoint=endpoint,
        message_id=f"msg_{here.slug}",
        kind="record.passed",
        body=f'{{"name": "{secret} body"}}',
        due_at=now,
        created_at=now,
    )
    application, _secret = application_create(
        name=f"{secret} application", kind="server", scopes=["read"], redirect_uris=["https://example.org/"], by=admin
    )
    machine, machine_secret = application_create(name=f"{secret} machine", kind="machine", scopes=["read"], by=admin)
    twin.application = {"client_id": machine.client_id, "client_secret": machine_secret}
    facts = {"environment": here, "application": application, "user": learner}
    access = OAuthAccessToken.objects.create(
        **facts, token="", token_checksum=f"access {here.slug}", expires=now + timedelta(days=1), scope="read"
    )
    OAuthRefreshToken.objects.create(
        **facts, token="", token_checksum=f"refresh {here.slug}", access_token=access, created=now
    )
    OAuthGrant.objects.create(**facts, code=here.slug, expires=now, redirect_uri="https://example.org/", scope="read")
    IdempotentAnswer.objects.create(
        environment=here, caller="token:1", key="key", request_hash="0", status=200, body=f"{secret} answer",
        created_at=now,
    )  # fmt: skip


def come_after(twin: Twin, secret: str) -> None:
    """What no service makes by itself."""
    now = timezone.now()
    for index, element in enumerate(Element.objects.all()):
        Placement.objects.get_or_create(
            environment_id=twin.environment.pk, element=element, defaults={"x": 100 * index, "y": 100}
        )
    ChannelChoice.objects.create(
        environment_id=twin.environment.pk, person=twin.people["sponsor"].person, kind=f"{secret} kind", since=now
    )
    look_save(by=twin.people["admin"], legal={"imprint": f"{secret} imprint"}, words={"courses": f"{secret} courses"})
    setting_save(key="mail_sender", own=Own(f"{secret} sender"), by=twin.people["admin"])
    account_letter_queue(
        to=twin.people["learner"].person.email, kind="new_sign_in", facts={"device": f"{secret} device"}
    )
    identity_provider_save(
        by=twin.people["admin"],
        name=f"{secret} provider",
        issuer=f"https://{secret.lower()}.example.org",
        client_id=f"{secret} client",
        secret=f"{secret} client secret",
        is_on=False,
        admits_new=False,
    )
    IdentityProvider.objects.create(
        environment_id=twin.environment.pk,
        protocol="saml",
        name=f"{secret} saml",
        issuer=f"https://{secret.lower()}.example.org/saml",
        sso_url="https://example.org/sso",
        certificate="none",
        is_on=True,
    )
    TOTP.activate(twin.people["admin"].person, generate_totp_secret())
    RecoveryCodes.activate(twin.people["admin"].person)
    for role in ("learner", "gardener"):
        person = twin.people[role].person
        preference_save(
            person_id=person.pk, quiet_from=None, quiet_until=None, quiet_weekends=False, time_zone="", digest="daily"
        )
        browser = ec.generate_private_key(ec.SECP256R1()).public_key()
        device_add(
            person_id=person.pk,
            endpoint=f"https://fcm.googleapis.com/fcm/send/{twin.environment.slug}-{role}",
            p256dh=encoded(browser.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
            auth=encoded(twin.environment.slug.encode().ljust(16, b"x")),
            label=f"{secret} device",
        )
        notify(
            person_id=person.pk,
            key=f"push:{person.pk}",
            kind="memo-reminder",
            title=f"{secret} push",
            body=f"{secret} push body",
        )
    admin, course = twin.people["admin"], Element.objects.filter(kind="course").first()
    for role in ("author", "sponsor"):
        delegation = delegation_grant(
            person=twin.people[role].person, powers=["mark"], until=now + timedelta(days=60), by=admin,
            reach="course", element=course,
        )  # fmt: skip
    delegation_revoke(delegation=delegation, by=admin)
    _doors_for_software(twin, secret, now)
    Certificate.objects.filter(person=twin.people["admin"].person).update(
        revoked_at=now, revoked_because=f"{secret} because"
    )
    Attempt.objects.filter(finished_at=None).update(onward="/courses/")
