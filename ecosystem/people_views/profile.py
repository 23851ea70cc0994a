"""What people see and say of themselves: their profile, and the environments they are in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.hosts import address_of
from ecosystem.models import Membership
from ecosystem.people_forms import ProfileForm
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_member
from ecosystem.selectors import environments_of_person
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
    elsewhere = len(_places()) > 1
    return render(
        request, "ecosystem/people/profile.html", {"form": form, "member": member, "has_elsewhere": elsewhere}
    )


@requires(is_member)
def environments(request: HttpRequest) -> HttpResponse:
    """Each environment is at its own address with its own sign-in; this page only knows the way."""
    here = request.environment.pk  # type: ignore[attr-defined]
    rows = [
        {"membership": row, "href": address_of(row.environment), "is_here": row.environment_id == here}
        for row in _places()
    ]
    return render(request, "ecosystem/people/environments.html", {"rows": rows})


def _places() -> list[Membership]:
    """Where the person can go: not where everything is archived."""
    return [row for row in environments_of_person() if row.environment.archived_at is None]
