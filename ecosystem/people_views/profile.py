"""What people see and say of themselves: their profile, and the environments they are in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.hosts import addresses_of
from ecosystem.people_forms import ProfileForm
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_member
from ecosystem.selectors import places_to_go
from ecosystem.services.memberships import profile_update


@requires(is_member)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    member = actor(request)
    person = member.person
    facts = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
    form = ProfileForm(request.POST or None, initial=facts)
    if request.method == "POST" and form.is_valid():
        profile_update(person=person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("my-profile")
    elsewhere = len(places_to_go()) > 1
    return render(
        request, "ecosystem/people/profile.html", {"form": form, "member": member, "has_elsewhere": elsewhere}
    )


@requires(is_member)
def environments(request: HttpRequest) -> HttpResponse:
    """Each environment is at its own address with its own sign-in; this page only knows the way."""
    here = request.environment.pk  # type: ignore[attr-defined]
    mine = places_to_go()
    addresses = addresses_of(environments=[row.environment for row in mine])
    rows = [
        {"membership": row, "href": addresses[row.environment_id], "is_here": row.environment_id == here}
        for row in mine
    ]
    return render(request, "ecosystem/people/environments.html", {"rows": rows})
