"""The members of the environment: found, looked at, changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.member_selectors import STATES, MemberWish, group_names, groups_within, members_found
from ecosystem.models import Group, Membership, Role
from ecosystem.navigation import own_path
from ecosystem.people_access import may_erase, may_give_roles, may_look_after, may_see_people, people_span
from ecosystem.people_forms import MemberForm, RolesForm
from ecosystem.people_views.reading import actor, chosen, number_of, row_or_404, text_of
from ecosystem.proof import proof_required
from ecosystem.rules import may_give, may_read_people
from ecosystem.services.groups import group_members_add
from ecosystem.services.list_exports import members_export
from ecosystem.services.memberships import member_sign_out, member_take_back, member_update, members_end
from ecosystem.services.people import member_roles_set
from ecosystem.services.viewing import may_view_as


@requires(may_read_people)
def index(request: HttpRequest) -> HttpResponse:
    """Search and filter as a plain GET form: every result has an address."""
    wish = _wish(request.GET)
    by = actor(request)
    span = people_span(by)
    page = members_found(wish=wish, span=span)
    kept = {"q": wish.text, "role": wish.role, "group": wish.group or "", "state": wish.state}
    return render(
        request,
        "ecosystem/people/list.html",
        {
            "rows": [
                {"member": row, "groups": page.groups.get(row.person_id, []), "mine": may_look_after(by, row)}
                for row in page.members
            ],
            "wish": wish,
            "roles": Role.choices,
            "groups": groups_within(span),
            "changes": span.everything,
            "states": [("here", _("here now")), ("never", _("never signed in")), ("left", _("no longer here"))],
            "kept": kept,
            "filtered": bool(wish.text or wish.role or wish.group or wish.state != "here"),
            "next": "?" + urlencode({**kept, "after": page.next}) if page.next else "",
            "first": "?" + urlencode(kept) if wish.after else "",
        },
    )


def _wish(query: QueryDict) -> MemberWish:
    state = text_of(query, "state")
    return MemberWish(
        text=text_of(query, "q"),
        role=text_of(query, "role"),
        group=number_of(query, "group"),
        state=state if state in STATES else "here",
        after=number_of(query, "after"),
    )


@requires(may_see_people)
@require_POST
@proof_required
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Everybody who fits the search, as CSV that is written while it is sent."""
    lines = members_export(wish=_wish(request.POST), by=actor(request))
    return StreamingHttpResponse(
        (line.encode() for line in lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="people.csv"', "Cache-Control": "private, no-store"},
    )


@requires(may_see_people)
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """One act on the ticked members; all or nothing."""
    members = list(Membership.objects.select_related("person").filter(pk__in=chosen(request)))
    back = own_path(request, default="/people/")
    if not members:
        messages.info(request, _("Tick the people first."))
        return redirect(back)
    try:
        if request.POST.get("act") == "end":
            count = members_end(memberships=members, by=actor(request))
            said = ngettext("%(n)s membership has ended.", "%(n)s memberships have ended.", count) % {"n": count}
        else:
            group = row_or_404(Group.objects.all(), number_of(request.POST, "group"))
            count = group_members_add(group=group, person_ids=[row.person_id for row in members], by=actor(request))
            said = ngettext("%(n)s person added to %(group)s.", "%(n)s people added to %(group)s.", count)
            said %= {"n": count, "group": group}
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back)


def _member(pk: int) -> Membership:
    return row_or_404(Membership.objects.select_related("person"), pk)


@requires(may_read_people)
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, pk: int) -> HttpResponse:
    by = actor(request)
    span = people_span(by)
    row = row_or_404(Membership.objects.select_related("person").filter(span.of_people()), pk)
    form = MemberForm(request.POST or None, member=row)
    if request.method == "POST" and form.is_valid():
        try:
            member_update(membership=row, by=by, **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("people:member", pk=pk)
    return render(
        request,
        "ecosystem/people/member.html",
        {
            "member": row,
            "form": form,
            "roles_form": RolesForm(initial={"roles": row.roles}),
            "groups": group_names(person_ids=[row.person_id], span=span).get(row.person_id, []),
            "mine": may_look_after(by, row),
            "may_give_roles": may_give_roles(by),
            "may_erase": may_erase(by),
            "may_give": may_give(by) and row.person_id != by.person_id,
            "may_view_as": may_give(by) and may_view_as(membership=row, by=by),
            "role_words": [Role(role).label for role in row.roles],
        },
    )


@requires(may_see_people)
@require_POST
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = _member(pk), RolesForm(request.POST)
    wanted = form.cleaned_data["roles"] if form.is_valid() else []
    try:
        member_roles_set(membership=row, roles=wanted, by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("people:member", pk=pk)


@requires(may_see_people)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        members_end(memberships=[_member(pk)], by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The membership has ended. You can take it back at any time."))
    return redirect("people:member", pk=pk)


@requires(may_see_people)
@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    row = _member(pk)
    try:
        member_sign_out(membership=row, by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is signed out on every device.") % {"name": row.person.name})
    return redirect("people:member", pk=pk)


@requires(may_see_people)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        member_take_back(membership=_member(pk), by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Welcome back: this person can sign in again."))
    return redirect("people:member", pk=pk)
