"""Webhooks: where they go, and the log of what was sent. For administrators."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from api.exceptions import ApiError
from api.forms import PeriodForm, WebhookForm
from api.models import WebhookDelivery, WebhookEndpoint
from api.services.webhooks import (
    delivery_replay,
    webhook_create,
    webhook_delete,
    webhook_ping,
    webhook_replay,
    webhook_secret_rotate,
    webhook_update,
)
from ecosystem.access import requires
from ecosystem.outbound import UnsafeAddressError
from ecosystem.proof import proof_required
from ecosystem.rules import is_admin

PER_PAGE = 50


@requires(is_admin)
@never_cache
@proof_required(reading_is_free=True)
def webhooks(request: HttpRequest) -> HttpResponse:
    """All endpoints, and a new one: its secret is on the answer to the form and nowhere else."""
    form, secret = WebhookForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _made, secret = webhook_create(by=request.membership, **form.cleaned_data)  # type: ignore[attr-defined]
            form = WebhookForm()
        except UnsafeAddressError as refusal:
            form.add_error("url", str(refusal))
        except ApiError as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "secret": secret, "webhooks": WebhookEndpoint.objects.order_by("name", "pk")}
    return render(request, "api/webhooks.html", context)


@requires(is_admin)
@never_cache
@proof_required(reading_is_free=True)
def webhook(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One endpoint: change it, and see what was sent."""
    endpoint = _found(uid)
    first = {"name": endpoint.name, "url": endpoint.url, "verbs": endpoint.verbs}
    form = WebhookForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            webhook_update(endpoint=endpoint, by=request.membership, **form.cleaned_data)  # type: ignore[attr-defined]
        except UnsafeAddressError as refusal:
            form.add_error("url", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("developers:webhook", uid)
    return _shown(request, endpoint, form=form)


def _shown(request: HttpRequest, endpoint: WebhookEndpoint, **more: object) -> HttpResponse:
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("-created_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    first = {"name": endpoint.name, "url": endpoint.url, "verbs": endpoint.verbs}
    context = {
        "webhook": endpoint,
        "form": WebhookForm(initial=first),
        "period": PeriodForm(),
        "page": page,
        "log": page.object_list,
        **more,
    }
    return render(request, "api/webhook.html", context)


@requires(is_admin)
@require_POST
@never_cache
@proof_required
def rotate(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A new secret, shown on this answer only."""
    endpoint = _found(uid)
    secret = webhook_secret_rotate(endpoint=endpoint, by=request.membership)  # type: ignore[attr-defined]
    return _shown(request, endpoint, secret=secret)


@requires(is_admin)
@require_POST
def switch(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """On or off."""
    endpoint = _found(uid)
    webhook_update(endpoint=endpoint, by=request.membership, enabled=request.POST.get("on") == "yes")  # type: ignore[attr-defined]
    return redirect("developers:webhook", uid)


@requires(is_admin)
@require_POST
def ping(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    try:
        webhook_ping(endpoint=_found(uid), by=request.membership)  # type: ignore[attr-defined]
        messages.success(request, _("A test message is on its way. In a moment the log says how it went."))
    except ApiError as refusal:
        messages.error(request, str(refusal))
    return redirect("developers:webhook", uid)


@requires(is_admin)
@require_POST
def replay(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything of a time again."""
    endpoint, form = _found(uid), PeriodForm(request.POST)
    if form.is_valid():
        try:
            count = webhook_replay(endpoint=endpoint, by=request.membership, **form.cleaned_data)  # type: ignore[attr-defined]
        except ApiError as refusal:
            form.add_error(None, str(refusal))
        else:
            text = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", count)
            messages.success(request, text % {"n": count})
            return redirect("developers:webhook", uid)
    return _shown(request, endpoint, period=form)


@requires(is_admin)
@require_POST
def replay_one(request: HttpRequest, uid: uuid.UUID, pk: int) -> HttpResponse:
    rows = WebhookDelivery.objects.select_related("endpoint")
    delivery = get_object_or_404(rows, pk=pk, endpoint__uid=uid)
    try:
        delivery_replay(delivery=delivery, by=request.membership)  # type: ignore[attr-defined]
        messages.success(request, _("It is sent again."))
    except ApiError as refusal:
        messages.error(request, str(refusal))
    return redirect("developers:webhook", uid)


@requires(is_admin)
@require_POST
def delete(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    endpoint = _found(uid)
    webhook_delete(endpoint=endpoint, by=request.membership)  # type: ignore[attr-defined]
    messages.success(request, _("“%(name)s” is gone.") % {"name": endpoint.name})
    return redirect("developers:webhooks")


def _found(uid: uuid.UUID) -> WebhookEndpoint:
    return get_object_or_404(WebhookEndpoint.objects.all(), uid=uid)
