"""A draft that changes a little of everything, and learners on the way."""

from content.services import page_finish, page_open
from courses.services import (
    activity_add,
    activity_change,
    activity_move,
    activity_remove,
    block_add,
    block_rename,
    enrolment_create,
)
from tests.courses.conftest import uids, within


def changed(author, draft, pages):
    """Page 3 is new and first, page 1 waits for nothing any more, page 2 waits for page 0; page 0 is out of the draft."""
    named = uids(draft)
    block_add(draft=draft, title="Three", by=author, seen=0)
    block_rename(draft=draft, uid=named["One"], title="First", by=author, seen=1)
    activity_add(draft=draft, block=named["One"], target=pages[3], by=author, seen=2, position=0)
    activity_change(draft=draft, uid=named["Page 1"], condition=None, weight=2, by=author, seen=3)
    activity_move(draft=draft, uid=named["Page 2"], block=uids(draft)["Three"], by=author, seen=4)
    activity_change(draft=draft, uid=named["Page 2"], condition={"completed": pages[1].pk}, by=author, seen=5)
    activity_remove(draft=draft, uid=named["Page 0"], by=author, seen=6)
    return 7


def learner_with(run, member, pages, *done, started=()):
    learner = member("learner")
    with within(learner):
        enrolment_create(run=run, person=learner.person)
        for page in done:
            page_finish(element=page)
        for page in started:
            page_open(element=page)
    return learner
