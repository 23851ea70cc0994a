"""Peer review of the demo: one assignment whose reviewing is under way, with a sample to practise on."""

from datetime import timedelta

from django.utils import timezone

from demo.loading.guided import AUTHOR, INSTRUCTOR, LEARNERS
from ecosystem import clock
from ecosystem.models import Membership
from handins.models import PeerPhase
from handins.selectors.peers import reviews_by
from handins.services import assignment_make, round_save, round_start, round_submit
from handins.services.peers import peer_plan_set, peers_open
from handins.services.peers_reviewing import peer_review_save, peer_review_send
from handins.services.peers_training import peer_sample_add, peer_sample_try

LEARNER = "learner@demo.example.org"
LETTER = """\
Somebody on your team has had a hard shift and is at home now. Write the **message** you send them this evening.

- At most 120 words, as you would really write it.
- Then two sentences: why these words?

Afterwards you review the messages of others, and they review yours. Nobody sees whose it is.
"""
SAMPLE = """\
Hi, heard about your shift. Don't worry, everybody has days like that! You'll see, tomorrow all is forgotten. Sleep well and call me
if there is anything.

I wanted to cheer them up. Everybody likes a kind message.
"""
WORKS = (
    "I thought of you tonight. You need not answer. Tomorrow at ten I make coffee, and there is a chair beside mine. I name the time, so"
    " that they need not ask.",
    "That was a lot. I saw you stay with the family until the end. I cooked too much: shall I bring some at six, or leave it at the door?"
    " Two choices, both easy, and neither is about talking.",
    "Call me any time. I mean it, also at night. I wanted them to know that they are not alone with it.",
    "You did all you could. Don't blame yourself. We all think so. I wanted to take the guilt away.",
    "How are you now? I go for a walk at seven past your street, slowly. If you feel like it, come down. I did not want to write about"
    " the shift: they have had enough of it today.",
)


def peers_load(who: dict[str, Membership]) -> None:
    """Everybody has handed in; the learner of the demo has practised, has given one review and has one half written."""
    marker, now = who[INSTRUCTOR], timezone.now()
    people = [who[LEARNER], *(who[email] for email in LEARNERS)]
    criteria = [
        {"title": title, "weight": weight, "levels": [{"title": word, "points": n} for n, word in enumerate(levels)]}
        for title, weight, levels in (
            ("Sees the other person", 2, ("about the writer", "in part", "about them")),
            ("Offers something easy", 1, ("nothing", "something vague", "something to say yes to")),
            ("Says why", 1, ("no reason", "a wish", "a reason")),
        )
    ]
    with clock.at(now - timedelta(days=9)):
        letter = assignment_make(
            title="A message after a hard shift", markdown=LETTER, most_words=200, most_rounds=2, pass_mark=50, minutes=20,
            by=who[AUTHOR], summary="Write one message, and review those of others.", criteria=criteria,
            due_at=now - timedelta(days=2),
        )  # fmt: skip
        peer_plan_set(
            assignment=letter, by=who[AUTHOR], is_on=True, each=2, opens_at=now - timedelta(days=2),
            closes_at=now + timedelta(days=4), share=20, quality=10,
        )  # fmt: skip
        said = {"0": "“Don't worry” tells them what to feel.", "1": "“Anything” is hard to ask for."}
        sample = peer_sample_add(
            assignment=letter, title="A kind first try", text=SAMPLE, levels={"0": 1, "1": 1, "2": 1}, comments=said,
            comment="Kind, and still more about us than about them.", by=marker,
        )  # fmt: skip
    with clock.at(now - timedelta(days=3)):
        for one, text in zip(people, WORKS, strict=True):
            draft = round_start(assignment=letter, by=one)
            round_save(round=draft, text=text, by=one)
            round_submit(round=draft, by=one)
    with clock.at(now - timedelta(days=2)):
        peers_open(phase=PeerPhase.objects.get(element_id=letter.element_id), by=marker)
    with clock.at(now - timedelta(days=1)):
        tries = ((1, 1, 2), (1, 1, 1), (2, 1, 1), (1, 0, 1))
        for one, levels in zip(people[:4], tries, strict=True):
            peer_sample_try(sample=sample, levels={str(n): level for n, level in enumerate(levels)}, by=one)
        for one in people[1:3]:
            for row in reviews_by(one, element_id=letter.element_id):
                peer_review_send(
                    review=row, levels={"0": 2, "1": 1, "2": 2}, comments={"0": "It is about them from the first word."},
                    strengths="I would be glad to get this.", advice="Name a time, so that they can just say yes.", by=one,
                )  # fmt: skip
        first, second = reviews_by(people[0], element_id=letter.element_id)
        peer_review_send(
            review=first, levels={"0": 1, "1": 1, "2": 1}, comments={"1": "Could be smaller."}, strengths="Warm and short.",
            advice="Leave out what they should feel.", by=people[0],
        )  # fmt: skip
        peer_review_save(review=second, levels={"0": 2}, strengths="You name a time.", by=people[0])
