"""Who may do what here: the list, giving, taking back, why somebody can see something, seeing the site as they do."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem import clock
from ecosystem.access import requires
from ecosystem.authorities import NARROWER, authorities_of
from ecosystem.delegation_forms import GrantForm, UntilForm, end_of
from ecosystem.delegation_words import over_what, summary, summary_of
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Delegation, Element, Group, Membership, Person, Power, Reach, Role
from ecosystem.powers import Reason, reasons_of
from ecosystem.proof import proof_required
from ecosystem.registry import nav, role_pages
from ecosystem.rules import is_here, may_give
from ecosystem.selectors import delegations_here, delegations_over, looked_after, members_with_roles, people_to_ask
from ecosystem.services.delegations import (
    delegation_extend,
    delegation_grant,
    delegation_reattest,
    delegation_revoke,
    delegations_hanging_on,
    may_end,
)
from ecosystem.services.viewing import may_view_as, viewing_start
from ecosystem.signals import SESSION_VIEWING
from ecosystem.spans import Span, span_of
from ecosystem.why import reason_words, why_can

PER_PAGE = 50
SOON = 14


@requires(may_give)
def index(request: HttpRequest) -> HttpResponse:
    """Who may do what here: by delegation, those that end first on top, and by role."""
    span = _span(request)
    rows = Paginator(delegations_here(span=span), PER_PAGE).get_page(request.GET.get("page"))
    now = clock.now()
    staff = Paginator(members_with_roles(span=span), PER_PAGE).get_page(request.GET.get("roles"))
    context = {
        "page": rows,
        "delegations": [
            {
                "row": row,
                "here": row.environment_id == request.environment.pk,  # type: ignore[attr-defined]
                "summary": summary_of(row),
                "soon": (row.ends_at - now).days < SOON,
                "to_confirm": row.attest_at <= now,
                "later": row.starts_at > now,
            }
            for row in rows
        ],
        "staff": staff,
        "people": [
            {"member": member, "roles": ", ".join(str(Role(role).label) for role in member.roles)} for member in staff
        ],
    }
    return render(request, "ecosystem/delegations.html", context)


@requires(may_give)
def choose(request: HttpRequest) -> HttpResponse:
    """Whom to give something: search by name or e-mail address."""
    words = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    people = people_to_ask(words=words, address=words, by=request.membership)  # type: ignore[attr-defined]
    return render(request, "ecosystem/delegation_choose.html", {"words": words, "people": people})


@requires(may_give)
@require_http_methods(["GET", "POST"])
@proof_required(reading_is_free=True)
def grant(request: HttpRequest, person_id: int) -> HttpResponse:
    """What, over what, until when; then one sentence to say yes to; then it holds."""
    person = _person_to_ask(request, person_id)
    authorities = authorities_of(reasons_of(request.membership))  # type: ignore[attr-defined]
    offered = {power.value for one in authorities for power in one.powers}
    form = GrantForm(
        request.POST if request.method == "POST" else None,
        offered=offered,
        reaches=_reaches(authorities),
        span=_span(request),
        initial={"reach": Reach.HERE, "element": request.GET.get("element") or None},
    )
    context: dict[str, Any] = {"form": form, "to": person}
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        facts = form.cleaned_data
        until = end_of(facts["until"])
        if "confirmed" in request.POST:
            try:
                delegation_grant(
                    person=person,
                    powers=facts["powers"],
                    reach=facts["reach"],
                    element=facts["element"],
                    group=facts["group"],
                    until=until,
                    by=request.membership,  # type: ignore[attr-defined]
                )
            except EcosystemError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("%(name)s can start at once.") % {"name": person.name})
                return HttpResponseRedirect(reverse("delegations"))
        else:
            over = over_what(
                reach=facts["reach"],
                environment=request.environment.name,  # type: ignore[attr-defined]
                course=facts["element"].title if facts["element"] else "",
                group=facts["group"].name if facts["group"] else "",
            )
            context["summary"] = summary(name=person.name, powers=facts["powers"], over=over, ends_at=until)
            return render(request, "ecosystem/delegation_confirm.html", context)
    return render(request, "ecosystem/delegation_grant.html", context)


@requires(is_here)
def mine(request: HttpRequest) -> HttpResponse:
    """What I may do here and why, and which environments I look after."""
    membership = request.membership  # type: ignore[attr-defined]
    because: dict[str, list[str]] = {}
    for reason in reasons_of(membership):
        because.setdefault(f"{reason.power.label}{_part(reason)}", []).append(reason_words(reason))
    words = request.environment.words  # type: ignore[attr-defined]
    pages = [(words.get(key) or page.label, page.href()) for key, page in role_pages.items() if page.rule(membership)]
    context = {"powers": because.items(), "looked_after": looked_after(), "pages": pages}
    return render(request, "ecosystem/delegation_mine.html", context)


@requires(may_give)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One delegation: what it says, where it comes from, what hangs on it, and what can be done."""
    return _detail_page(request, _delegation(request, pk), UntilForm())


@requires(may_give)
@require_http_methods(["GET", "POST"])
@proof_required(reading_is_free=True)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """What would end with it; then end it."""
    delegation = _delegation(request, pk)
    if request.method == "POST":
        try:
            ended = delegation_revoke(delegation=delegation, by=request.membership)  # type: ignore[attr-defined]
        except EcosystemError as refusal:
            messages.error(request, str(refusal))
        else:
            if ended:
                messages.success(request, _("Taken back. It no longer holds."))
        return HttpResponseRedirect(reverse("delegations"))
    hanging = [summary_of(row) for row in _with_parts(delegations_hanging_on([delegation]))]
    context = {"row": delegation, "summary": summary_of(delegation), "hanging": hanging}
    return render(request, "ecosystem/delegation_revoke.html", context)


@requires(may_give)
@require_POST
@proof_required
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    delegation, form = _delegation(request, pk), UntilForm(request.POST)
    if form.is_valid():
        try:
            delegation_extend(delegation=delegation, until=end_of(form.cleaned_data["until"]), by=request.membership)  # type: ignore[attr-defined]
        except EcosystemError as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, _("It lasts longer now."))
            return HttpResponseRedirect(reverse("delegation", args=[pk]))
    return _detail_page(request, delegation, form)


@requires(may_give)
@require_POST
def reattest(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        delegation_reattest(delegation=_delegation(request, pk), by=request.membership)  # type: ignore[attr-defined]
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. We ask again in half a year."))
    return HttpResponseRedirect(reverse("delegation", args=[pk]))


@requires(may_give)
def why(request: HttpRequest) -> HttpResponse:
    """Why can she see this? For a member and an element, another member, or a page."""
    called = request.environment.words  # type: ignore[attr-defined]
    entries = [*role_pages.items(), *nav.items()]
    pages = {str(called.get(key) or page.label).casefold(): page for key, page in entries}
    person, words = request.GET.get("person", "").strip()[:254], request.GET.get("about", "").strip()[:254]
    member = _member_called(request, person)
    # An element may be called like a page: then both are meant.
    page, element = pages.get(words.casefold()), _element_called(words)
    found = (
        [(_("Page"), page), (_("Element"), element)]
        if page and element
        else [("", page or element or _member_called(request, words))]
    )
    context = {
        "asked": bool(person and words),
        "member": member,
        "answers": [
            (kind, getattr(about, "label", None) or str(about), why_can(membership=member, about=about))
            for kind, about in found
            if member and about
        ],
        "person_words": person,
        "about_words": words,
        "pages": list(dict.fromkeys(called.get(key) or page.label for key, page in entries)),
    }
    return render(request, "ecosystem/delegation_why.html", context)


@requires(may_give)
@require_POST
def view_as(request: HttpRequest) -> HttpResponse:
    """From the next page on, see the site as somebody who may do less."""
    number = request.POST.get("member", "")
    rows = Membership.objects.filter(_span(request).of_people(), ended_at=None)
    member = get_object_or_404(rows, pk=number if number.isdecimal() else 0)
    try:
        until = viewing_start(membership=member, by=request.membership)  # type: ignore[attr-defined]
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("delegations"))
    request.session[SESSION_VIEWING] = {"membership": member.pk, "until": until.timestamp()}
    return HttpResponseRedirect("/")


@requires(is_here)
@require_POST
def view_as_end(request: HttpRequest) -> HttpResponse:
    """Back to oneself: ViewingMiddleware has done it."""
    return HttpResponseRedirect(reverse("delegations") if may_give(request.membership) else "/")  # type: ignore[attr-defined]


def _span(request: HttpRequest) -> Span:
    """Over what the person may pass powers on: all of this is about that."""
    return span_of(request.membership, Power.DELEGATE)  # type: ignore[attr-defined]


def _part(reason: Reason) -> str:
    """The course or group that a power is limited to, in brackets."""
    given = reason.delegation
    if given is None or reason.is_whole:
        return ""
    return f" ({given.element.title if given.element_id else given.group.name})"


def _delegation(request: HttpRequest, pk: int) -> Delegation:
    """One given in this environment; those from above are looked after there."""
    rows = Delegation.objects.select_related("person", "environment", "element", "group", "home")
    return get_object_or_404(rows.filter(delegations_over(_span(request))), pk=pk)


def _with_parts(rows: list[Delegation]) -> list[Delegation]:
    titles = Element.objects.in_bulk([row.element_id for row in rows if row.element_id])
    groups = Group.objects.in_bulk([row.group_id for row in rows if row.group_id])
    for row in rows:
        if row.element_id:
            row.element = titles.get(row.element_id) or Element(title="")
        if row.group_id:
            row.group = groups.get(row.group_id) or Group(name="")
    return rows


def _detail_page(request: HttpRequest, delegation: Delegation, form: UntilForm) -> HttpResponse:
    by, now = request.membership, clock.now()  # type: ignore[attr-defined]
    live = delegation.revoked_at is None and delegation.ends_at > now
    member = Membership.objects.select_related("person").filter(person_id=delegation.person_id, ended_at=None).first()
    context = {
        "row": delegation,
        "form": form,
        "summary": summary_of(delegation),
        "hanging": [summary_of(row) for row in _with_parts(delegations_hanging_on([delegation]))],
        "live": live,
        "to_confirm": delegation.attest_at <= now,
        "can_end": live and may_end(delegation=delegation, by=by),
        "own": delegation.person_id == by.person_id,
        "member": member if member and may_view_as(membership=member, by=by) else None,
    }
    return render(request, "ecosystem/delegation.html", context, status=200 if not form.errors else 422)


def _person_to_ask(request: HttpRequest, person_id: int) -> Person:
    """Somebody in sight, or whose whole address is in the question: counting through numbers finds nobody else."""
    person, address = Person.objects.filter(pk=person_id).first(), request.GET.get("q", "").replace("\x00", "")
    known = person and people_to_ask(words=person.email, address=address, by=request.membership)  # type: ignore[attr-defined]
    if not known or all(row.person_id != person_id for row in known):
        raise Http404
    return person


def _reaches(authorities: list[Any]) -> set[str]:
    kinds = {one.basis.reach if one.basis else Reach.BELOW for one in authorities}
    return {str(reach) for kind in kinds for reach in NARROWER[kind]}


def _member_called(request: HttpRequest, email: str) -> Membership | None:
    rows = Membership.objects.filter(_span(request).of_people(), ended_at=None)
    return rows.select_related("person").filter(person__email=email.lower()).first()


def _element_called(words: str) -> Element | None:
    """By address, or by the title when only one has it."""
    found = list(Element.objects.filter(slug=words)[:1]) or list(Element.objects.filter(title__iexact=words)[:2])
    return found[0] if len(found) == 1 else None
