from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ecosystem.access import requires
from ecosystem.rules import anyone, is_member
from notifications.exceptions import NotificationsError
from notifications.forms import DeviceForm
from notifications.services import device_add, device_remove


@requires(is_member)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A browser agrees to pushes. Asked by a script, so the answer is JSON; a refusal says why."""
    if not settings.VAPID_KEY:
        raise Http404
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": _("The browser did not say where it can be reached.")}, status=400)
    try:
        device_add(person_id=request.membership.person_id, **form.cleaned_data)  # type: ignore[attr-defined]
    except NotificationsError as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    return JsonResponse({"added": True}, status=201)


@requires(is_member)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    if not device_remove(person_id=request.membership.person_id, device_id=pk):  # type: ignore[attr-defined]
        raise Http404
    messages.success(request, _("This device gets no more pushes."))
    return redirect("notifications:preferences")


@requires(anyone)
@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker that shows pushes. Its scope is /notices/; the one of /memo/ keeps its own."""
    return render(request, "notifications/sw.js", content_type="text/javascript; charset=utf-8")
