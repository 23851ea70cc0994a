"""Teams of an assignment and what one of them gets apart from the mark, for whoever gives feedback."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.people_views.reading import actor, key_in
from ecosystem.slugs import row_of_slug
from handins.access import may_review
from handins.forms.teams import AdjustmentForm, TeamDrawForm, TeamForm, TeamGroupsForm, TeamJoinForm
from handins.models import Assignment, Share, Team
from handins.selectors.queue import assignments_reviewed, groups_marked
from handins.selectors.teams import teams_marked, teams_of
from handins.services.results import adjustment_give
from handins.services.teams import team_join, team_leave, team_make, team_remove, teams_draw, teams_from_groups
from handins.views.reviewing.reviewed import reviewed_round


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in which team; a post makes teams, as its button says: ``groups``, ``draw`` or ``make``."""
    by = actor(request)
    found: Assignment = row_of_slug(assignments_reviewed(by).filter(is_group=True), slug, element="element__")
    groups, wish = groups_marked(by), request.POST.get("do", "")
    made: dict[str, forms.Form] = {
        "groups": TeamGroupsForm(request.POST if wish == "groups" else None, groups=groups),
        "draw": TeamDrawForm(request.POST if wish == "draw" else None, groups=groups),
        "make": TeamForm(request.POST if wish == "make" else None),
    }
    form = made.get(wish)
    if request.method == "POST" and form is not None and form.is_valid():
        said = form.cleaned_data
        acts: dict[str, Callable[[], object]] = {
            "groups": lambda: teams_from_groups(assignment=found, groups=said["groups"], by=by),
            "draw": lambda: teams_draw(assignment=found, group=said["group"], size=said["size"], by=by),
            "make": lambda: team_make(
                assignment=found, name=said["name"], person_ids=[one.pk for one in said["emails"]], by=by
            ),
        }
        try:
            acts[wish]()
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("reviewing:teams", slug)
    context = {"assignment": found, "teams": teams_of(found, by), "forms": made, "has_groups": groups.exists()}
    return render(request, "handins/teams.html", context, status=400 if form is not None and form.errors else 200)


@requires(may_review)
@require_http_methods(["POST"])
def team(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put somebody into a team, take out (``do=leave:`` with their number) or take it away (``do=remove``)."""
    by, wish = actor(request), request.POST.get("do", "join")
    found = teams_marked(by).select_related("element").filter(uid=uid).first()
    if found is None:
        raise Http404
    try:
        _team_changed(found, wish, request.POST.get("email", ""), by)
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("reviewing:teams", found.element.slug)


def _team_changed(found: Team, wish: str, email: str, by: Membership) -> None:
    if wish == "remove":
        team_remove(team=found, by=by)
    elif wish.startswith("leave:"):
        gone = found.members.filter(pk=key_in(wish.removeprefix("leave:"))).first()
        if gone is not None:
            team_leave(team=found, person_id=gone.person_id, by=by)
    else:
        form = TeamJoinForm({"email": email})
        if not form.is_valid():
            raise EcosystemError(str(form.errors["email"][0]))
        team_join(team=found, person_id=form.cleaned_data["email"].pk, by=by)


@requires(may_review)
@require_http_methods(["POST"])
def adjust(request: HttpRequest, uid: UUID) -> HttpResponse:
    """More or less than the mark for one person of the team, with a reason."""
    by, found = actor(request), reviewed_round(request, uid)
    people = [one.person for one in Share.objects.filter(round=found, is_gone=False).select_related("person")]
    has_pass_mark = found.submission.assignment.pass_mark is not None
    form = AdjustmentForm(request.POST, people=people, has_pass_mark=has_pass_mark)
    try:
        if form.is_valid():
            adjustment_give(round=found, by=by, **form.facts())
            messages.success(request, _("Saved. The person reads why."))
        else:
            messages.error(request, next(iter(form.errors.values()))[0])
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    return redirect("reviewing:round", uid)
