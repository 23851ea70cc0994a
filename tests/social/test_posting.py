"""What people write: it counts at once, for whom it should, and stays among those who learn together."""

from datetime import timedelta

import pytest

from courses.models import ActivityState, State
from courses.services import enrolment_create
from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Erasure, ErasureState
from ecosystem.services.erasure import erasure_run
from notifications.models import Mail, Notice
from records.models import Statement
from social.models import Participation, Post, Thread
from social.selectors.rooms import post_shown
from social.services import (
    discussion_set,
    post_edit,
    post_hide,
    post_mark_helpful,
    post_show,
    post_withdraw,
    reply_write,
    thread_begin,
    thread_pin,
)
from social.services.posting import MOST_AN_HOUR, thread_open
from social.tasks import judge_anew
from tests.social.conftest import within

pytestmark = pytest.mark.django_db


def states(who):
    with within(who):
        rows = ActivityState.objects.filter(person_id=who.person_id).order_by("activity__position")
        return list(rows.values_list("state", flat=True))


def verbs(who):
    with within(who):
        return list(
            Statement.objects.filter(person_id=who.person_id).order_by("stored_at").values_list("verb", flat=True)
        )


def test_a_thread_and_a_reply_do_what_is_asked_and_open_what_waits(stage):
    it = stage()
    lea, tom, _eva = it.learners
    assert states(lea) == [State.OPEN, State.LOCKED]
    asked = it.asks(lea)
    assert states(lea) == [State.OPEN, State.LOCKED]
    theirs = it.asks(tom)
    answer = it.replies(lea, theirs)
    assert states(lea) == [State.COMPLETED, State.OPEN]
    assert [verb for verb in verbs(lea) if verb != "enrolled"] == ["asked", "replied", "completed"]
    with within(lea):
        post_withdraw(post=answer, by=lea)
        post_withdraw(post=answer, by=lea)
        gone = Post.objects.get(pk=answer.pk)
        assert (gone.text, gone.thread.replies) == ("", 0)
        assert Participation.objects.get(person_id=lea.person_id).completed_at is not None
    # What is done stays done; nobody had begun what waited, so it closes again.
    assert states(lea) == [State.COMPLETED, State.LOCKED]
    assert verbs(lea)[-1] == "retracted"
    assert verbs(lea).count("retracted") == 1
    it.replies(lea, theirs)
    assert states(lea) == [State.COMPLETED, State.OPEN]
    assert verbs(lea).count("completed") == 1
    it.replies(it.guide, asked)
    assert "completed" not in verbs(it.guide)


def test_nobody_of_another_run_or_without_a_part_in_it_writes_or_changes(stage, author, member):
    it = stage()
    lea, tom, eva = it.learners
    asked = it.asks(lea)
    for stranger in (eva, member("learner"), author):
        with within(stranger):
            with pytest.raises(EcosystemError):
                thread_begin(discussion=it.discussion, circle=it.run.uid, title="T", text="t", by=stranger)
            with pytest.raises(EcosystemError):
                reply_write(thread=asked.thread, text="t", by=stranger)
    with within(tom):
        for act in (
            lambda: post_edit(post=asked, text="mine", by=tom),
            lambda: post_withdraw(post=asked, by=tom),
            lambda: post_hide(post=asked, why="no", by=tom),
            lambda: thread_pin(thread=asked.thread, is_pinned=True, by=tom),
        ):
            with pytest.raises(EcosystemError):
                act()
        assert Post.objects.count() == 1
    assert it.asks(eva, run=it.other_run).thread.room_id != asked.thread.room_id


def test_words_change_for_half_an_hour_and_are_checked(stage):
    it = stage()
    lea = it.learners[0]
    asked = it.asks(lea, title=" A\r\nB ", text="one\r\ntwo\x00")
    assert (asked.title, asked.text) == ("A B", "one\ntwo")
    with within(lea):
        post_edit(post=asked, text="three", by=lea)
        assert Post.objects.get().edited_at is not None
        with clock.at(asked.posted_at + timedelta(minutes=31)), pytest.raises(EcosystemError):
            post_edit(post=asked, text="four", by=lea)
        for title, text in (("", "t"), ("t", " "), ("t" * 151, "t"), ("t", "t" * 5001)):
            with pytest.raises(EcosystemError):
                thread_begin(discussion=it.discussion, circle=it.run.uid, title=title, text=text, by=lea)
        for _n in range(MOST_AN_HOUR - 1):
            reply_write(thread=asked.thread, text="more", by=lea)
        with pytest.raises(EcosystemError, match="a lot in this hour"):
            reply_write(thread=asked.thread, text="more", by=lea)
        with clock.at(asked.posted_at + timedelta(hours=2)):
            reply_write(thread=asked.thread, text="more", by=lea)


def test_who_guides_hides_with_a_reason_marks_and_pins(stage):
    it = stage()
    lea, tom, _eva = it.learners
    asked = it.asks(lea)
    answer = it.replies(tom, asked)
    with within(it.guide):
        for _twice in range(2):
            post_mark_helpful(post=answer, is_helpful=True, by=it.guide)
            thread_pin(thread=asked.thread, is_pinned=True, by=it.guide)
        with pytest.raises(EcosystemError):
            post_mark_helpful(post=asked, is_helpful=True, by=it.guide)
        with pytest.raises(EcosystemError, match="Say why"):
            post_hide(post=answer, why=" ", by=it.guide)
        for _twice in range(2):
            hidden = post_hide(post=answer, why="It names a patient.", by=it.guide)
        assert (hidden.helpful_at, Thread.objects.get(pk=asked.thread_id).replies) == (None, 0)
        hidden = Post.objects.select_related("thread", "person").get(pk=answer.pk)
        for who, is_guide, text, why in (
            (lea, False, "", ""), (tom, False, "Because.", "It names a patient."),
            (it.guide, True, "Because.", "It names a patient."),
        ):  # fmt: skip
            shown = post_shown(hidden, by=who, is_guide=is_guide)
            assert (shown.text, shown.hidden_why) == (text, why)
        post_show(post=answer, by=it.guide)
        assert Thread.objects.get(pk=asked.thread_id).replies == 1
        post_hide(post=asked, why="Not here.", by=it.guide)
    with within(tom), pytest.raises(EcosystemError, match="no more replies"):
        reply_write(thread=asked.thread, text="t", by=tom)
    with within(lea):
        assert post_withdraw(post=asked, by=lea).text == ""
    with within(lea):
        rows = Notice.objects.filter(kind__startswith="discussion")
        told = set(rows.values_list("kind", "person_id"))
        letters = set(Mail.objects.filter(kind__startswith="discussion").values_list("kind", flat=True))
    assert told == {
        ("discussion-thread", it.guide.person_id), ("discussion-reply", lea.person_id),
        ("discussion-post", tom.person_id), ("discussion-post", lea.person_id),
    }  # fmt: skip
    # No letter of its own for a reply or a new thread: those go into the digest.
    assert letters <= {"discussion-post"}


def test_others_are_seen_after_posting_oneself(stage):
    it = stage(posts_first=True)
    lea, tom, _eva = it.learners
    asked = it.asks(lea)
    with within(tom), pytest.raises(EcosystemError, match="of your own first"):
        reply_write(thread=asked.thread, text="t", by=tom)
    mine = it.asks(tom)
    it.replies(it.guide, asked)
    with within(tom):
        assert thread_open(thread=asked.thread, by=tom).uid == it.run.uid
    with within(it.guide):
        post_hide(post=mine, why="Empty.", by=it.guide)
    with within(tom), pytest.raises(EcosystemError, match="of your own first"):
        reply_write(thread=asked.thread, text="t", by=tom)


def test_what_is_asked_makes_sense_and_changes_only_for_what_comes(stage, author):
    it = stage(replies_asked=0)
    lea = it.learners[0]
    it.asks(lea)
    assert states(lea)[0] == State.COMPLETED
    with within(author):
        for wrong in (
            {"threads_asked": 0, "replies_asked": 0}, {"threads_asked": 21}, {"markdown": " "},
            {"threads_asked": 0, "replies_asked": 1, "posts_first": True},
        ):  # fmt: skip
            with pytest.raises(EcosystemError):
                discussion_set(discussion=it.discussion, by=author, **wrong)
        discussion_set(discussion=it.discussion, by=author, threads_asked=3, markdown="<script>x</script> **b**")
        it.discussion.refresh_from_db()
    assert "<script" not in it.discussion.html
    assert states(lea)[0] == State.COMPLETED


def test_who_has_by_now_what_is_asked_is_done_without_writing_again(stage, author, env, browser_of):
    it = stage(threads_asked=2, replies_asked=0)
    lea, tom, _eva = it.learners
    for who in (lea, tom, it.guide):
        it.asks(who)
    with within(author):
        discussion_set(discussion=it.discussion, by=author, threads_asked=1)
    # The message may be lost: whoever opens it is judged.
    assert b"You have done this" in browser_of(tom).get("/discussions/night-rounds/").content
    assert (states(lea)[0], states(tom)[0]) == (State.OPEN, State.COMPLETED)
    judged = [judge_anew(environment_id=env.pk, element_id=it.discussion.element_id) for _twice in range(2)]
    assert judged == [1, 0]
    assert [verbs(who).count("completed") for who in (lea, tom, it.guide)] == [1, 1, 0]
    assert states(lea)[0] == State.COMPLETED
    # Who guided, wrote, and learns now.
    with within(it.manager):
        enrolment_create(run=it.other_run, person=it.guide.person)
    assert b"You have done this" in browser_of(it.guide).get("/discussions/night-rounds/").content
    assert states(it.guide)[0] == State.COMPLETED


def test_a_post_that_is_shown_again_may_be_what_was_missing(stage):
    it = stage(threads_asked=2, replies_asked=0)
    lea = it.learners[0]
    first = it.asks(lea)
    with within(it.guide):
        post_hide(post=first, why="Not here.", by=it.guide)
    it.asks(lea)
    assert states(lea)[0] == State.OPEN
    with within(it.guide):
        post_show(post=Post.objects.select_related("thread__room").get(pk=first.pk), by=it.guide)
    assert states(lea) == [State.COMPLETED, State.OPEN]


def test_posts_of_somebody_erased_lose_their_words_and_name(stage, env):
    it = stage()
    lea, tom, _eva = it.learners
    asked = it.asks(lea)
    theirs = it.asks(tom)
    it.replies(tom, asked)
    it.replies(tom, theirs)
    for _twice in range(2):
        it.replies(lea, theirs)
    helpful, rude = it.replies(lea, theirs), it.replies(lea, asked)
    with within(it.guide):
        post_mark_helpful(post=helpful, is_helpful=True, by=it.guide)
        post_hide(post=rude, why="Lea names a patient.", by=it.guide)
    with within(lea):
        row = Erasure.objects.create(
            environment=env, person=lea.person, state=ErasureState.CONFIRMED, due_at=clock.now()
        )
    assert erasure_run(environment_id=env.pk, erasure_id=row.pk, person_id=lea.person_id)
    with within(tom):
        post = Post.objects.select_related("thread", "person").get(pk=asked.pk)
        shown = post_shown(post, by=tom, is_guide=False)
        assert (shown.name, shown.title, shown.text, shown.initials) == ("A former member", "", "", "–")
        assert shown.gone
        assert Post.objects.get(pk=helpful.pk).helpful_at is None
        assert Post.objects.get(pk=rude.pk).hidden_why == "–"
        assert [Thread.objects.get(pk=one.thread_id).replies for one in (asked, theirs)] == [1, 1]
        entry = AuditEntry.objects.get(act="discussion.post_hidden")
        assert entry.after == {"post": str(rude.uid)}
        assert not Participation.objects.filter(person_id=lea.person_id).exists()
        with pytest.raises(EcosystemError):
            reply_write(thread=post.thread, text="t", by=tom)
