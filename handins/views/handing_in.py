"""Hand-ins for whoever writes them: what there is to do, the draft, the rounds with their feedback, the files."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.models import Membership
from ecosystem.navigation import own_path
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_here, is_member
from ecosystem.selectors import makers_of
from ecosystem.serving import stored_file
from ecosystem.slugs import row_of_slug
from ecosystem.supervising import supervisors_of
from ecosystem.uids import uid_of
from handins.access import rounds_of
from handins.anonymity import is_hidden
from handins.exceptions import ClashError, HandinError
from handins.files.pictures import MEDIA_TYPE
from handins.forms.handing_in import DraftForm
from handins.models import Assignment, FeedbackFile, HandinFile, Round, RoundState, Submission, Upload
from handins.selectors import (
    RoundShown,
    Terms,
    assignments_for,
    file_for,
    newest_rubric,
    own_submission,
    rounds_shown,
    terms_of,
    words_in,
)
from handins.selectors.assignments import how_far, own_assignments
from handins.selectors.confirming import confirmations_set, terms_again
from handins.selectors.double import feedback_sealed
from handins.selectors.exemplars import exemplars_of, own_exemplars
from handins.selectors.peers import is_under_review, peer_phase_of
from handins.selectors.remarks import remarks_of
from handins.selectors.rounds import feedback_file_for, page_for
from handins.selectors.teams import TeamWork, team_parts_set, team_rounds_shown, team_work
from handins.selectors.uploads import uploads_of
from handins.services import (
    handin_file_add,
    handin_file_remove,
    round_save,
    round_start,
    round_submit,
    round_withdraw,
)
from handins.services.uploading import upload_drop
from handins.views.nameless import nameless_download
from handins.views.playing import players_set, playing

PER_PAGE = 30


def assignment_of_slug(request: HttpRequest, slug: str) -> Assignment:
    return row_of_slug(assignments_for(actor(request)), slug, element="element__")


@requires(is_member)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one has begun or handed in, and what else there is."""
    by = actor(request)
    mine = Paginator(own_assignments(by), PER_PAGE).get_page(request.GET.get("page"))
    begun = [row.element_id for row in own_assignments(by)[:500]]
    others = assignments_for(by).exclude(element__in=begun).order_by("due_at", "pk")[:PER_PAGE]
    rows = [(row, how_far(row.newest)) for row in mine.object_list]
    return render(request, "handins/index.html", {"page": mine, "rows": rows, "others": others})


@requires(is_member)
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """One assignment with one's own rounds. A post begins, saves, hands in or takes back, as its button says."""
    by, found = actor(request), assignment_of_slug(request, slug)
    if closed := closed_page(request, found.element):
        return closed
    refused, form, clashes = "", None, False
    if request.method == "POST":
        draft = _draft(request, found)
        form = DraftForm(request.POST, assignment=found) if draft else None
        try:
            if _done(request, found, draft, form):
                return redirect(request.get_full_path())
        except EcosystemError as refusal:
            refused, clashes = str(refusal), isinstance(refusal, ClashError)
    submission = own_submission(by, element_id=found.element_id)
    shared = team_work(by, element_id=found.element_id) if found.is_group else None
    shown, now = _rounds(by, found, submission, shared)
    players_set(request, shown)
    if found.is_on_the_job:
        confirmations_set(shown)
    remarked = remarks_of(shown, for_reviewer=False)
    for one in shown:
        one.remarked = remarked[one.round.pk]
    draft = now.round if now and now.round.state == RoundState.DRAFT else None
    peers = peer_phase_of(found.element_id)
    if draft and form is None:
        form = DraftForm(assignment=found, initial={"text": draft.text, "link": draft.link})
    context = {
        "assignment": found, "submission": submission, "draft": draft, "form": form if draft else None,
        "draft_files": now.files if now and draft else [], "uploads": uploads_of(draft, by) if draft else [], "past": [one for one in shown if one.round != draft],
        "now": now, "terms": _terms(by, found, now), "rubric": newest_rubric(found),
        "words": words_in(draft.text) if draft else 0, "may_begin": _may_begin(found, shared.submission if shared else submission, (shared.last if shared else now and now.round)),
        "peers": peers, "is_under_review": bool(peers and now) and is_under_review(now.round),
        "i_agree": bool(draft and shared and found.all_agree and now.team.agrees(by.person_id) and now.team.waiting),
        "is_supervised": found.is_on_the_job and bool(supervisors_of(person_id=by.person_id, element_id=found.element_id)),
        "shared": shared, "clash": _saved_meanwhile(draft, form) if clashes else "",
        "exemplars": exemplars_of(by, element_id=found.element_id),
        "asked": own_exemplars(by, element_id=found.element_id) if submission else [],
        "refused": refused, "onward": own_path(request, default=""),
        "makers": makers_of(elements=[found.element]).get(found.element_id, []),
        "kinds": ",".join(f".{ending}" for ending in found.endings),
    }  # fmt: skip
    status = 400 if refused or (form and form.errors) else 200
    return playing(request, render(request, "handins/work.html", context, status=status))


def _rounds(
    by: Membership, found: Assignment, submission: Submission | None, shared: TeamWork | None
) -> tuple[list[RoundShown], RoundShown | None]:
    """One's own, or those that one had part in; and the newest, if one has part in that."""
    if shared is None:
        alone = rounds_shown(submission, for_reviewer=False) if submission else []
        return alone, alone[-1] if alone else None
    shown = team_rounds_shown(by, shared, element_id=found.element_id)
    team_parts_set(shown, assignment=found, only=by.person_id)
    return shown, next((one for one in shown if one.round == shared.last), None)


def _saved_meanwhile(draft: Round | None, form: DraftForm | None) -> str:
    """What is saved, where that in the form is other."""
    if draft is None or form is None:
        return ""
    saved = {"text": draft.text, "link": draft.link}
    return "\n\n".join(saved[name] for name in form.fields if form.data.get(name) != saved[name])


def _terms(by: Membership, found: Assignment, now: RoundShown | None) -> Terms:
    people = [part.person.pk for part in now.team.parts] if now and now.team else [by.person_id]
    terms = terms_of(found, person_ids=people)
    return terms_again(terms, now.round) if found.is_on_the_job and now else terms


def _may_begin(found: Assignment, submission: Submission | None, last: Round | None) -> bool:
    if last is None or submission is None:
        return True
    if last.state != RoundState.RETURNED or (submission.passed and not submission.is_open):
        return False
    return last.number < found.most_rounds + submission.more_rounds


def _draft(request: HttpRequest, found: Assignment) -> Round | None:
    return _last(request, found, state=RoundState.DRAFT)


def _last(request: HttpRequest, found: Assignment, **facts: str) -> Round | None:
    """The newest of one's own, or of the team one is in now."""
    mine = Round.objects.filter(pk__in=rounds_of(actor(request).person_id), element_id=found.element_id, **facts)
    if found.is_group:
        mine = mine.filter(submission__team__members__person_id=actor(request).person_id)
    row: Round | None = mine.order_by("-number").first()
    return row


def _done(request: HttpRequest, found: Assignment, draft: Round | None, form: DraftForm | None) -> bool:
    """Do what the button says: begin, withdraw, or something with the draft; False when the form is wrong."""
    by, wish = actor(request), request.POST.get("do", "begin")
    if wish == "withdraw":
        last = _last(request, found)
        if last is not None:
            round_withdraw(round=last, by=by)
            messages.success(request, _("Taken back. You can go on writing."))
        return True
    if draft is not None and form is not None:
        return _written(request, draft, form)
    if wish == "begin":
        round_start(assignment=found, by=by)
    elif _unheard(request, _last(request, found)):
        raise HandinError(_("These words are not kept: this round was handed in meanwhile, such as in another tab."))
    return True


def _unheard(request: HttpRequest, last: Round | None) -> bool:
    """Whether words arrive after the draft is gone, other than those that were handed in."""
    said = request.POST.get("text", "").replace("\r\n", "\n")
    return bool(said) and (last is None or said != last.text)


def _written(request: HttpRequest, draft: Round, form: DraftForm) -> bool:
    """What was typed is kept, whichever button sent it: ``save``, ``submit`` or ``remove:`` with the uid of a file."""
    by, wish = actor(request), request.POST.get("do", "save")
    if not form.is_valid():
        return False
    # Files and uploads before the words: in the order in which others hold these rows.
    on_its_way = Upload.objects.filter(
        round=draft, person_id=by.person_id, uid=uid_of(wish.removeprefix("drop:"))
    ).first()
    if on_its_way is not None:
        upload_drop(upload=on_its_way, by=by)
    refusal = _files_refused(request, draft)
    said = {name: form.cleaned_data.get(name) for name in ("text", "link")}
    round_save(round=draft, by=by, seen=_seen(request), **said)
    if refusal is not None:
        raise refusal
    if wish == "submit":
        done = round_submit(round=draft, by=by, declares="declares" in request.POST)
        is_draft = done.state == RoundState.DRAFT
        messages.success(request, _("You agree. The others are asked.") if is_draft else _("Handed in."))
        return True
    gone = HandinFile.objects.filter(round=draft, uid=uid_of(wish.removeprefix("remove:"))).first()
    if gone is not None:
        handin_file_remove(file=gone, by=by)
    messages.success(request, _("Saved."))
    return True


def _seen(request: HttpRequest) -> datetime | None:
    try:
        return parse_datetime(request.POST.get("seen", "")[:40])
    except ValueError:  # a day that is none
        return None


def _files_refused(request: HttpRequest, draft: Round) -> EcosystemError | None:
    """Take the files that came along; the first that is refused ends it, and is said once the words are kept."""
    try:
        for upload in request.FILES.getlist("files"):
            handin_file_add(round=draft, upload=upload, by=actor(request))
    except EcosystemError as refusal:
        return refusal
    return None


@requires(is_here)
@require_safe
def download(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """A file, for its learner and whoever marks the work; never shown as a page of ours."""
    by = actor(request)
    found = file_for(by, uid=str(uid))
    if found is not None and is_hidden(found.round_id, by):
        return nameless_download(request, found, back=reverse("reviewing:round", args=[found.round.uid]))
    return _download(request, found)


@requires(is_here)
@require_safe
def page(request: HttpRequest, uid: UUID, number: int) -> HttpResponseBase:
    """A page of such a file as the picture we made of it; it says nothing of who made the file but what is on the page."""
    found = page_for(actor(request), uid=str(uid), number=number)
    if found is None:
        raise Http404
    return stored_file(request, found.picture, media_type=MEDIA_TYPE)


@requires(is_here)
@require_safe
def feedback(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """A file of feedback, for whoever marks the work, and for the learner once it is released."""
    by = actor(request)
    found = feedback_file_for(by, uid=str(uid))
    if found is not None and found.person_id != by.person_id and feedback_sealed(found, by):
        raise Http404
    return _download(request, found)


def _download(request: HttpRequest, found: HandinFile | FeedbackFile | None) -> HttpResponseBase:
    if found is None:
        raise Http404
    return stored_file(request, found.file, media_type=found.media_type, name=found.name, as_attachment=True)
