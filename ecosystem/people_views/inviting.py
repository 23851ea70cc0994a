"""Invitations: one by one, and the list of all."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Invitation, InvitationState
from ecosystem.navigation import own_path
from ecosystem.people_access import may_see_people, roles_to_give
from ecosystem.people_forms import InviteForm
from ecosystem.people_views.reading import actor, chosen
from ecosystem.services.invitations import Invited, invitation_create, invitations_resend, invitations_withdraw

PER_PAGE = 50


@requires(may_see_people)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, roles=roles_to_give(actor(request)))
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        invited = Invited(
            email=facts["email"],
            roles=tuple(facts["roles"]),
            name=facts["name"],
            job_title=facts["job_title"],
            group_id=facts["group"].pk if facts["group"] else None,
        )
        try:
            invitation = invitation_create(invited=invited, by=actor(request))
        except EcosystemError as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email})
            return redirect("people:invitations")
    return render(request, "ecosystem/people/invite.html", {"form": form})


@requires(may_see_people)
def index(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in InvitationState.values else InvitationState.OPEN.value
    rows = Invitation.objects.filter(state=state).select_related("group", "invited_by").order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "ecosystem/people/invitations.html",
        {"page": page, "state": state, "states": InvitationState.choices, "is_open": state == InvitationState.OPEN},
    )


@requires(may_see_people)
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Send the ticked invitations again, or withdraw them."""
    rows = list(Invitation.objects.filter(pk__in=chosen(request)))
    if not rows:
        messages.info(request, _("Tick the people first."))
    elif request.POST.get("act") == "withdraw":
        count = invitations_withdraw(invitations=rows, by=actor(request))
        said = ngettext("%(n)s invitation withdrawn.", "%(n)s invitations withdrawn.", count) % {"n": count}
        messages.success(request, said)
    else:
        count = invitations_resend(invitations=rows, by=actor(request))
        said = ngettext("%(n)s invitation is sent again.", "%(n)s invitations are sent again.", count) % {"n": count}
        if count < len(rows):
            said += " " + _("What went out less than five minutes ago is not sent twice.")
        messages.success(request, said)
    return redirect(own_path(request, default="/people/invitations/"))
