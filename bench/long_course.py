"""An environment of its own with one long course, and people in the middle of it."""

import random
import time

from django.contrib.auth.hashers import make_password

from bench.course import BLOCK, PAGE
from bench.scene import Scene
from content.services import page_create
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from demo.loading.forest import PASSWORD
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from records.services import record


class LongCourse(Scene):
    """Each activity waits for some of those before it; of the first half everybody has done most."""

    PATHS = {PAGE: "/courses/long/"}

    def __init__(self, count: int, *, activities: int) -> None:
        chance, slug = random.Random(7), f"long-{int(time.time())}"
        self.environment = environment_create(slug=slug, name="Long", hosts=[f"{slug}.localhost"])
        self.host = f"{slug}.localhost"
        password = make_password(PASSWORD)
        with open_scope(environment_id=self.environment.pk):
            pages = [page_create(title=f"Page {n}", markdown="x", creators=["Ada"]).element for n in range(activities)]
            steps = [PlannedActivity(target=pages[0], minutes=5)]
            for n in range(1, activities):
                named = [{"completed": pages[chance.randrange(n)].pk} for _part in range(4)]
                tree = {"all": [named[0], {"any": named[1:]}]}
                steps.append(PlannedActivity(target=pages[n], minutes=5, condition=tree))
            course = element_create(kind="course", title="Long", slug="long", creators=["Ada"])
            blocks = [PlannedBlock(f"Chapter {at}", steps[at : at + BLOCK]) for at in range(0, activities, BLOCK)]
            course_publish(element=course, blocks=blocks)
            run = run_open(element=course)
            members = [
                member_add(email=f"bench{index}@{slug}.example.org", name=f"Bench {index}", password_hash=password)
                for index in range(count)
            ]
            for member in members:
                enrolment_create(run=run, person=member.person)
        for member in members:
            with open_scope(environment_id=self.environment.pk, person_id=member.person_id):
                for page in pages[: activities // 2 : 2]:
                    record(verb="completed", element=page)
        self.people = [member.person.email for member in members]
        self.persons = {member.person.email: member.person for member in members}
