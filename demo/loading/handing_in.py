"""Hand-ins of the demo: two assignments with rubrics, and people who are somewhere between a draft and a second round."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from demo.loading.guided import ADMIN, AUTHOR, HERE, INSTRUCTOR, LEARNERS, MENTOR
from demo.loading.peer_reviewing import peers_load
from ecosystem import clock
from ecosystem.models import Environment, Membership, Person, Power
from ecosystem.pdf import render_pdf
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.groups import group_members_add, group_save
from handins.models import Assignment, Round
from handins.services import (
    assignment_make,
    handin_file_add,
    mark_give,
    round_save,
    round_start,
    round_submit,
    rounds_release,
)
from handins.services.comments import comment_keep
from handins.services.confirming import confirmation_answer
from handins.services.double import independent_mark_give
from handins.services.exemplars import exemplar_answer, exemplar_ask
from handins.services.moderating import verdict_give
from handins.services.remarks import remark_add
from handins.services.results import adjustment_give
from handins.services.teams import team_make

LEARNER = "learner@demo.example.org"
ROOM = """\
<html lang="en"><head><title>The room</title></head><body><h1>The room</h1><p>The first ten minutes, at the back of the canteen.</p>
<ol><li>Two chairs at the window, hers with the back to the wall.</li><li>Tissues, and a glass of water.</li>
<li>My phone, silent. Her daughter's number on paper.</li><li>The door half open. Ana is in the corridor.</li></ol>
<h2>What I say first</h2><p>“I am Marek. I stay with you. Shall we sit down over there?”</p></body></html>
"""
PLAN = """\
Think of one person you meet at work who may be in distress. Write the plan for your **first ten minutes** with them.

- Where are you, and who else is there?
- What do you *look* at, and what do you *listen* for?
- Whom do you link them to, and by when?

Half a page is enough. Leave out names.
"""
DIARY = """\
Have three conversations this week in which you only listen. After each, note what you wanted to say and did not.

Hand in your notes as a text, or as a PDF if you wrote them by hand.
"""

SHIFT = """\
Lead one handover at which somebody was in distress during the shift. Say what you did, and what you passed on.

Your team lead is asked whether you did it. After that the instructor gives feedback.
"""

RULE = (
    "we do not ask for what somebody has not told, we stay until the tea is finished,"
    " and we write down only what the next shift needs to know."
)
REPORT = """\
Write about one conversation in which you were the first to help. What happened, and what would you do again?
"""


LETTER = """\
Write a letter to somebody you could not help. You will not send it. What happened, and what did you need yourself?
"""


SCENE = """\
Write a scene of one page for two people to play: a moment of the night shift at which somebody chooses to listen, or not.

Agree in your team who writes what. It is handed in once all of you agree.
"""


def _criteria(*names: str) -> list[dict[str, object]]:
    words = ("not yet", "in part", "clearly")
    levels = [{"title": word, "points": points} for points, word in enumerate(words)]
    return [{"title": name, "weight": 2 if place == 0 else 1, "levels": levels} for place, name in enumerate(names)]


def handins_load(environment: Environment, people: dict[str, Person]) -> None:
    """In the root of the demo only."""
    if environment.slug != HERE:
        return
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    with open_scope(environment_id=environment.pk, person_id=people[ADMIN].pk):
        who = {
            email: Membership.objects.get(person=people[email])
            for email in (*LEARNERS, LEARNER, ADMIN, AUTHOR, INSTRUCTOR, MENTOR)
        }
        with clock.at(now - timedelta(weeks=3)):
            plan = assignment_make(
                title="Your first ten minutes", markdown=PLAN, takes_files=True, endings=["pdf", "docx"], most_words=400,
                due_at=now + timedelta(days=5), closes_at=now + timedelta(days=12), pass_mark=60, late_points=5, by=who[AUTHOR],
                honour="I wrote this myself, and nobody in it can be recognised.", minutes=30,
                summary="A plan for the moment that counts, with feedback until it fits.",
                criteria=_criteria("Safety first", "Looks and listens", "Links to others", "Own limits"),
            )  # fmt: skip
            diary = assignment_make(
                title="Listening diary", markdown=DIARY, takes_files=True, takes_audio=True, most_rounds=2, by=who[AUTHOR], minutes=45,
                completed_by="returned", summary="Three conversations in which you only listen.",
                criteria=_criteria("Three conversations", "Notices what was held back"),
            )  # fmt: skip
        _live(plan, diary, who)
        _together(who)
        _for_two(who)
        _at_work(who)
        peers_load(who)
        _nameless(who)


def _at_work(who: dict[str, Membership]) -> None:
    """Done on the job: one confirmed, one sent back, and one that waits for whoever may enrol their group: its team lead."""
    _chiara, hannah, leila, marek = (who[email] for email in LEARNERS)
    now, boss, marker = timezone.now(), who[MENTOR], who[INSTRUCTOR]
    with clock.at(now - timedelta(days=10)):
        ward = group_save(name="Night shift, ward 3", about="Who works there at night.", by=who[ADMIN])
        group_members_add(group=ward, person_ids=[one.person_id for one in (hannah, leila, marek)], by=who[ADMIN])
        delegation_grant(
            by=who[ADMIN], person=boss.person, powers=[Power.ENROL], reach="group", group=ward,
            until=now + timedelta(days=300),
        )  # fmt: skip
    with clock.at(now - timedelta(days=9)):
        shift = assignment_make(
            title="A handover that you lead", markdown=SHIFT, is_on_the_job=True, by=who[AUTHOR], minutes=30,
            completed_by="passed", due_at=now + timedelta(days=20), summary="Done at work, and confirmed there.",
            criteria=_criteria("Says what matters", "Passes on only what is needed"),
        )  # fmt: skip
    with clock.at(now - timedelta(days=5)):
        round = _handed_in(
            shift,
            marek,
            "Tuesday night. I told the day shift that the woman in 12 wants no visitors, and why not more.",
        )
        confirmation_answer(
            confirmation=round.confirmations.get(), confirm=True, words="I was there. Calm and short.", by=boss
        )
        _judged(round, marker, (2, 2), {}, "So much said with so little. Thank you.")
        round = _handed_in(shift, hannah, "I led the handover on Monday.")
        confirmation_answer(
            confirmation=round.confirmations.get(), confirm=False,
            words="You were there, but Ana led it. Lead the one on Thursday.", by=boss,
        )  # fmt: skip
    with clock.at(now - timedelta(days=1)):
        _handed_in(shift, leila, "Sunday evening, two people in the waiting room. I passed on whom they wait for.")


def _live(plan: Assignment, diary: Assignment, who: dict[str, Membership]) -> None:
    chiara, hannah, leila, marek = (who[email] for email in LEARNERS)
    marker, now = who[INSTRUCTOR], timezone.now()
    with clock.at(now - timedelta(days=12)):
        words, room = "I sit down beside her and ask what happened. Then I call her daughter.", _room()
        first = _handed_in(plan, marek, words, file=room)
    with clock.at(now - timedelta(days=10)):
        remark_add(round=first, quote="sit down beside her", words="Lovely. And where do the others sit?", by=marker)
        remark_add(round=first, quote="call her daughter", words="Does she want that? Ask her first.", by=marker)
        sketch = first.files.get()
        remark_add(
            round=first, file=sketch, page=1, x=0.88, y=0.305, words="Can she see the door from there?", by=marker
        )
        remark_add(
            round=first,
            file=sketch,
            page=1,
            x=0.38,
            y=0.495,
            words="Good. And then wait: she may need a moment.",
            by=marker,
        )
        said = {"2": "When do you call, and who stays with her?", "0": "Is the room quiet? Look at that first."}
        _judged(first, marker, (0, 1, 1, 1), said, "A warm beginning. Take a moment before you speak.")
    with clock.at(now - timedelta(days=3)):
        words = "I look whether the room is safe and quiet. I sit down, ask, and wait. At ten past I call her daughter; Ana stays."
        _handed_in(plan, marek, words, file=room)
    with clock.at(now - timedelta(days=6)):
        done = _handed_in(diary, hannah, "Monday, the bus driver: I wanted to say that it gets better. I did not.")
        _handed_in(plan, leila, "He is in the hallway at night. I bring him to the kitchen and make tea, and listen.")
    with clock.at(now - timedelta(days=4)):
        _judged(done, marker, (2, 2), {}, "Thank you. The bus driver stays with me.")
        exemplar_answer(exemplar=exemplar_ask(round=done, by=marker), agrees=True, by=hannah)
    with clock.at(now - timedelta(days=1)):
        marked = _handed_in(diary, chiara, "Three talks in the canteen. I said too much in two of them.")
        mark_give(
            round=marked, levels={"0": 2, "1": 1}, comment="Honest. What did you hold back?", passed=True, by=marker
        )
        learner = who[LEARNER]
        draft = round_start(assignment=plan, by=learner)
        round_save(round=draft, text="At the reception, a man who has just had bad news.", by=learner)


def _together(who: dict[str, Membership]) -> None:
    """Two teams: one whose mark is released, with less for one of them; one with the learner of the demo, still writing."""
    chiara, hannah, leila, marek = (who[email] for email in LEARNERS)
    marker, learner, now = who[INSTRUCTOR], who[LEARNER], timezone.now()
    with clock.at(now - timedelta(days=14)):
        scene = assignment_make(
            title="A scene for the night shift", markdown=SCENE, is_group=True, all_agree=True, pass_mark=60,
            takes_files=True, by=who[AUTHOR], minutes=60, summary="Write a short scene together, for others to play.",
            criteria=_criteria("Could have happened", "Shows one choice"),
        )  # fmt: skip
        for name, people in (("Canteen", (hannah, marek)), ("Reception", (learner, chiara, leila))):
            team_make(assignment=scene, name=name, person_ids=[one.person_id for one in people], by=marker)
    with clock.at(now - timedelta(days=8)):
        draft = round_start(assignment=scene, by=hannah)
        round_save(round=draft, text="Two in the morning. A man asks for his daughter, for the third time.", by=hannah)
        round_submit(round=draft, by=hannah)
    with clock.at(now - timedelta(days=7)):
        round_submit(round=draft, by=marek)
    with clock.at(now - timedelta(days=5)):
        why = "You read it and agreed; the writing was Hannah's. Take the pen in the next one."
        adjustment_give(round=draft, person_id=marek.person_id, points=-10, because=why, by=marker)
        _judged(draft, marker, (2, 1), {"1": "Where could she have done something else?"}, "It could be tonight.")
    with clock.at(now - timedelta(days=2)):
        draft = round_start(assignment=scene, by=chiara)
        draft = round_save(round=draft, text="The visitor does not want to leave. Ana stays at the door.", by=chiara)
        round_submit(round=draft, by=chiara)


def _for_two(who: dict[str, Membership]) -> None:
    """What two mark: one hand-in has both marks, one waits for the second. Both quote the same rule, which is a hint that
    they are alike, and no more. And what a marker says often."""
    chiara, hannah, _leila, _marek = (who[email] for email in LEARNERS)
    mia, admin, now = who[INSTRUCTOR], who[ADMIN], timezone.now()
    with clock.at(now - timedelta(days=5)):
        report = assignment_make(
            title="Report of a conversation", markdown=REPORT, is_double=True, pass_mark=50, most_rounds=1, by=who[AUTHOR],
            summary="Read by two people, each on their own.", criteria=_criteria("What happened", "What you would do again"),
        )  # fmt: skip
        first = _handed_in(
            report, chiara, f"She told me about her son. I asked one question, and then I waited. Our rule is: {RULE}"
        )
        second = _handed_in(
            report,
            hannah,
            f"We walked to the tram. He talked about the fire, I listened. I kept to what we agreed: {RULE}",
        )
    with clock.at(now - timedelta(days=2)):
        given = {"levels": {"0": 2, "1": 2}, "comment": "You let the silence work.", "by": mia}
        independent_mark_give(round=first, **given)
        independent_mark_give(round=first, levels={"0": 1, "1": 2}, comment="Warm. What came after the wait?", by=admin)
        independent_mark_give(round=second, levels={"0": 1, "1": 1}, comment="How did it end?", by=admin)
    for words, is_shared in (
        ("What did you want to say, and why did you not?", False), ("Leave out what makes somebody known.", True),
    ):  # fmt: skip
        comment_keep(words=words, is_shared=is_shared, by=mia)


def _nameless(who: dict[str, Membership]) -> None:
    """Marked without names, what fails looked at by a second person: one mark upheld, one that waits, one hand-in to mark."""
    chiara, hannah, leila, marek = (who[email] for email in LEARNERS)
    mia, admin, now = who[INSTRUCTOR], who[ADMIN], timezone.now()
    with clock.at(now - timedelta(days=6)):
        letter = assignment_make(
            title="A letter nobody sends", markdown=LETTER, is_anonymous=True, moderation="failing", pass_mark=60,
            by=who[AUTHOR], minutes=20, summary="To somebody you could not help. Marked without names.",
            criteria=_criteria("Says what happened", "Says what you needed"),
        )  # fmt: skip
        said = {
            chiara: "You sat on the stairs, and I walked past twice.", hannah: "I had no time that night. I still see your coat.",
            leila: "You asked for water, and I brought advice.", marek: "I do not know what to write.",
        }  # fmt: skip
        rounds = {person: _handed_in(letter, person, text) for person, text in said.items()}
    with clock.at(now - timedelta(days=3)):
        given = {chiara: (2, 2), leila: (1, 0), marek: (0, 0)}
        for person, levels in given.items():
            chosen = {str(place): level for place, level in enumerate(levels)}
            mark_give(round=rounds[person], levels=chosen, comment="Stay with the moment itself.", by=mia)
    with clock.at(now - timedelta(days=1)):
        words = "I read it as you do. Could the comment say where to begin?"
        verdict_give(round=rounds[marek], is_upheld=True, words=words, by=admin)


def _room() -> bytes:
    return render_pdf(html=ROOM, css="@page{size:A5;margin:2cm}body{font-family:sans-serif;line-height:1.5}")


def _handed_in(assignment: Assignment, person: Membership, text: str, *, file: bytes = b"") -> Round:
    draft = round_start(assignment=assignment, by=person)
    round_save(round=draft, text=text, by=person)
    if file:
        handin_file_add(round=draft, upload=SimpleUploadedFile("the room.pdf", file), by=person)
    return round_submit(round=draft, declares=True, by=person)


def _judged(round: Round, marker: Membership, levels: tuple[int, ...], said: dict[str, str], comment: str) -> None:
    chosen = {str(place): level for place, level in enumerate(levels)}
    passed = None if round.submission.assignment.pass_mark is not None else True
    mark_give(round=round, levels=chosen, comments=said, comment=comment, passed=passed, by=marker)
    rounds_release(rounds=[round], by=marker)
