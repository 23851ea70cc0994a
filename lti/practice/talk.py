"""The conversation: what the other one says, what one could answer, and how far that helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

LANGUAGE = "en"
ENOUGH = 14  # points from which the comment praises


class Answer(NamedTuple):
    """What is said, what comes of it, and its points."""

    words: str
    then: str
    points: int


class Turn(NamedTuple):
    says: str
    answers: tuple[Answer, Answer, Answer]


OPENING = (
    "It is ten past three. The guest from room 4 stands at your desk in her socks. Your round is not finished yet. "
    "Each time you choose one of three things to say."
)
TURNS = (
    Turn(
        "I can't sleep. Every night it is the same. You must think I am difficult.",
        (
            Answer("It is three o'clock. Everybody is asleep.", "“I know what time it is.” She half turns away.", 0),
            Answer("I don't think that. What keeps you awake?", "She sits down. “It is so quiet here. At home something always hummed.”", 5),
            Answer("Have you tried leaving your phone outside the room?", "“I don't have a phone.” She looks at the door.", 2),
        ),
    ),
    Turn(
        "And then I think of tomorrow. They decide about the flat.",
        (
            Answer("First it is quiet, and then tomorrow comes in.", "“Yes. That is exactly it.” Her shoulders drop a little.", 5),
            Answer("At what time is that meeting?", "“At ten.” She waits for the next question.", 3),
            Answer("It will be fine, they are nice people.", "“You don't know them,” she says, not unkindly.", 1),
        ),
    ),
    Turn(
        "What if they say no? I would not know what to do.",
        (
            Answer("Write down your questions before you go.", "“Perhaps.” She has no paper with her, and does not ask for any.", 2),
            Answer("Then we find you another one, I promise.", "She looks up quickly. You know that you cannot keep that.", 0),
            Answer("That sounds frightening. Who could be with you tomorrow?", "She thinks for a while. You let her.", 5),
        ),
    ),
    Turn(
        "My sister, perhaps. I could ring her at eight. But now I just lie there.",
        (
            Answer("Stay and talk for as long as you like.", "You talk until five. The round was not done, and she has slept no minute.", 3),
            Answer("Ten minutes of tea here, with the light low. Then I walk up with you.", "At half past three the light in room 4 is out.", 5),
            Answer("Try to sleep anyway. You need it.", "“I know,” she says, and goes. You hear her walking up and down.", 1),
        ),
    ),
)  # fmt: skip
MOST = sum(max(answer.points for answer in turn.answers) for turn in TURNS)


def points_of(said: Sequence[int]) -> int:
    """``said``: which answer was chosen at each turn."""
    return sum(turn.answers[at].points for turn, at in zip(TURNS, said, strict=True))


def comment_on(points: int) -> str:
    if points >= ENOUGH:
        return "You asked and waited, and she found her own next step."
    return "Ask before you advise, and promise only what is yours to give."
