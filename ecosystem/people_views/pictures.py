"""Faces: chosen by the person, shown to the people of the environments they are in."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.people_views.reading import actor
from ecosystem.pictures import LARGEST
from ecosystem.rules import is_here, is_member
from ecosystem.services.pictures import picture_remove, picture_set

YEAR = 365 * 24 * 3600


@requires(is_member)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    person, file = actor(request).person, request.FILES.get("picture")
    if "remove" in request.POST:
        picture_remove(person=person)
        messages.success(request, _("Your picture is gone."))
    elif file is None:
        messages.info(request, _("Choose a picture first."))
    else:
        try:
            picture_set(person=person, data=file.read(LARGEST + 1))
        except EcosystemError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved."))
    return redirect("my-profile")


@requires(is_here)
@require_safe
@cache_control(max_age=YEAR, immutable=True, private=True)
def face(request: HttpRequest, uid: UUID) -> FileResponse:
    """Only of people who are or were members here. A new picture has a new address."""
    name = f"faces/{uid}.webp"
    member = Membership.objects.select_related("person").filter(person__picture=name).first()
    if member is None:
        raise Http404
    try:
        file = member.person.picture.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, content_type="image/webp")
