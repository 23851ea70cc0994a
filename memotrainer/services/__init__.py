from memotrainer.services.answering import AnswerGiven, Taken, answers_take, card_answer
from memotrainer.services.pooling import cards_first_seen
from memotrainer.services.reminders import trainer_remind
from memotrainer.services.trainers import trainer_settings_save

__all__ = [
    "AnswerGiven",
    "Taken",
    "answers_take",
    "card_answer",
    "cards_first_seen",
    "trainer_remind",
    "trainer_settings_save",
]
