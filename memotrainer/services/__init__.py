from memotrainer.services.answering import AnswerGiven, Taken, answers_take, card_answer
from memotrainer.services.everywhere import answers_take_everywhere, wish_everywhere
from memotrainer.services.fitting import environment_fit, environments_with_cards
from memotrainer.services.goal_changes import goal_change, goal_end, goal_look_again, goal_resume
from memotrainer.services.goals import goal_look, goal_make
from memotrainer.services.holidays import holiday_forget, holiday_plan, holidays_save, trainer_pause
from memotrainer.services.housekeeping import partitions_ensure
from memotrainer.services.pooling import cards_first_seen
from memotrainer.services.releasing import course_cards_release, extras_release
from memotrainer.services.reminders import trainer_remind
from memotrainer.services.replaying import people_catch_up, people_replay, person_replay
from memotrainer.services.rescheduling import course_cards_reschedule
from memotrainer.services.trainers import trainer_settings_save
from memotrainer.services.wishes import question_report, reports_settle, training_save
from memotrainer.services.withdrawing import answer_withdraw

__all__ = [
    "AnswerGiven",
    "Taken",
    "answer_withdraw",
    "answers_take",
    "answers_take_everywhere",
    "card_answer",
    "cards_first_seen",
    "course_cards_release",
    "course_cards_reschedule",
    "environment_fit",
    "environments_with_cards",
    "extras_release",
    "goal_change",
    "goal_end",
    "goal_look",
    "goal_look_again",
    "goal_make",
    "goal_resume",
    "holiday_forget",
    "holiday_plan",
    "holidays_save",
    "partitions_ensure",
    "people_catch_up",
    "people_replay",
    "person_replay",
    "question_report",
    "reports_settle",
    "trainer_pause",
    "trainer_remind",
    "trainer_settings_save",
    "training_save",
    "wish_everywhere",
]
