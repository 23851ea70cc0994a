"""Groups: made, changed, looked at before the rule counts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.member_selectors import group_members, groups_with_counts, rule_preview
from ecosystem.models import Group
from ecosystem.people_access import may_see_people
from ecosystem.people_forms import GroupForm
from ecosystem.people_views.reading import actor, number_of, row_or_404
from ecosystem.services.groups import group_delete, group_member_remove, group_save

PER_PAGE = 50


@requires(may_see_people)
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "ecosystem/people/groups.html", {"groups": groups_with_counts()})


@requires(may_see_people)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@requires(may_see_people)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, row_or_404(Group.objects.all(), pk))


def _edit(request: HttpRequest, row: Group | None) -> HttpResponse:
    """``look`` shows who would be in it and saves nothing."""
    form = GroupForm(request.POST or None, initial=_facts(row))
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            if "look" in request.POST:
                preview = rule_preview(rule=form.rule)
            else:
                facts = {"name": form.cleaned_data["name"], "about": form.cleaned_data["about"], "rule": form.rule}
                saved = group_save(group=row, by=actor(request), **facts)
                messages.success(request, _("Saved."))
                return redirect("people:group", pk=saved.pk)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
    members = group_members(group=row) if row else None
    page = Paginator(members, PER_PAGE).get_page(request.GET.get("page")) if members is not None else None
    return render(
        request, "ecosystem/people/group.html", {"group": row, "form": form, "preview": preview, "page": page}
    )


def _facts(row: Group | None) -> dict[str, Any]:
    if row is None:
        return {}
    rule = dict(row.rule)
    if "joined_after" in rule:
        rule["joined_after"] = parse_date(rule["joined_after"])
    return {"name": row.name, "about": row.about, **rule}


@requires(may_see_people)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = row_or_404(Group.objects.all(), pk)
    try:
        group_member_remove(group=row, person_id=number_of(request.POST, "person") or 0, by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken out of the group."))
    return redirect("people:group", pk=pk)


@requires(may_see_people)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    row = row_or_404(Group.objects.all(), pk)
    try:
        group_delete(group=row, by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
        return redirect("people:group", pk=pk)
    messages.success(request, _("The group “%(name)s” is gone. Its members are still here.") % {"name": row.name})
    return redirect("people:groups")
