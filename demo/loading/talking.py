"""A discussion of the demo: a step of the course about night shifts, in which its people talk with each other."""

from datetime import timedelta

from django.utils import timezone

from courses.models import CourseRun
from demo.loading.guided import COURSE, HERE, INSTRUCTOR, LEARNERS, TALK
from ecosystem import clock
from ecosystem.models import Environment, Membership, Person
from ecosystem.scope import open_scope
from social.models import Discussion, Post
from social.services import post_mark_helpful, reply_write, thread_begin, thread_pin

# Days ago, who, and what they say; a title begins a thread, and the others reply in the last one.
SAID = (
    (9, 3, "The hour between three and four", "Until three I am fine. Then the house goes quiet and so do I, and I"
     " read the same line of the handover four times. What do you do with that hour?"),
    (9, 1, "", "I walk. Not a round, just to the end of the corridor and back, with the window open at the end."),
    (8, 2, "", "I moved my break from one to half past two. It was a small thing to ask for, and the hour is shorter now."),
    (8, 4, "", "Both of these help the body clock too: light and movement before it is lowest, not after. Leila, would you"
     " tell the others how you asked for it?"),
    (7, 2, "", "I asked Tomasz whether anybody minded. Nobody did. Nobody had ever asked."),
    (6, 0, "Somebody who does not want to talk", "A guest sat in the hallway for two hours and said good evening, nothing"
     " else. I did not know whether to stay or to leave him alone. I stayed near, with my own tea."),
    (5, 3, "", "That is what I would have wanted, I think. Near and busy with something else."),
    (2, 1, "Two links about sleeping by day", "What helped my flatmates understand: https://www.sleepfoundation.org/shift-work-disorder\n"
     "And a sign for the door: sleeping since eight, thank you."),
)  # fmt: skip


def talking_load(environment: Environment, people: dict[str, Person]) -> None:
    """In the root of the demo only."""
    if environment.slug != HERE:
        return
    now = timezone.now()
    with open_scope(environment_id=environment.pk, person_id=people[INSTRUCTOR].pk):
        who = [
            Membership.objects.select_related("person").get(person=people[email]) for email in (*LEARNERS, INSTRUCTOR)
        ]
        discussion = Discussion.objects.select_related("element").get(element__slug=TALK)
        circle = CourseRun.objects.filter(element__slug=COURSE).earliest("pk").uid
        posts: list[Post] = []
        for place, (days, whose, title, text) in enumerate(SAID):
            by = who[whose]
            with clock.at(now - timedelta(days=days, minutes=37 * (9 - place))):
                if title:
                    made = thread_begin(discussion=discussion, circle=circle, title=title, text=text, by=by)
                else:
                    made = reply_write(thread=posts[-1].thread, text=text, by=by)
            posts.append(made)
        with clock.at(now - timedelta(days=7)):
            post_mark_helpful(post=posts[2], is_helpful=True, by=who[4])
            thread_pin(thread=posts[0].thread, is_pinned=True, by=who[4])
