"""Planted holes that show no text of another tenant, but whether a row is there."""

from __future__ import annotations

from hashlib import md5

from django import forms
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models.functions import MD5
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path

from ecosystem.models import Credit, Element, Person
from tests.guards.cross_planted import everything, found, members_only, number, sent_by


@members_only
def tells_that_it_exists(request: HttpRequest, slug: str) -> HttpResponse:
    if found(slug).environment_id != request.environment.pk:  # type: ignore[attr-defined]
        raise PermissionDenied
    return HttpResponse("yours")


@members_only
def says_404_otherwise(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing is there for either, in other words."""
    there = everything.filter(slug=slug).exists()
    return HttpResponse("This is kept elsewhere." if there else "There is no such thing.", status=404)


@members_only
def breaks(request: HttpRequest, slug: str) -> HttpResponse:
    row = everything.filter(slug=slug).first()
    if row is not None and row.environment_id != request.environment.pk:  # type: ignore[attr-defined]
        raise RuntimeError
    return HttpResponse("fine")


@members_only
def counts(request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse({"count": Credit._base_manager.filter(element__slug=slug).count(), "results": []})


@members_only
def order_tells(request: HttpRequest, slug: str) -> HttpResponse:
    """Where it would stand among one's own: with enough of them, what it is called."""
    row = everything.filter(slug=slug).first()
    after = Element.objects.filter(title__gt=row.title) if row else Element.objects.none()
    return JsonResponse({"before": after.count()})


@members_only
def taken_anywhere(request: HttpRequest) -> HttpResponse:
    """A name that is unique over all tenants."""
    taken = everything.filter(slug=request.POST.get("slug", "")).exists()
    return HttpResponse("This address is taken." if taken else "This address is free.")


@members_only
def knows_the_address(request: HttpRequest) -> HttpResponse:
    known = Person.objects.filter(email=request.POST.get("email", "")).exists()
    return HttpResponse("Added." if known else "Invited.")


@members_only
def sends_on(request: HttpRequest, slug: str) -> HttpResponse:
    """Going on to a page that is refused, or to another."""
    there = everything.filter(slug=slug).exists()
    return HttpResponseRedirect(f"/learn/{slug}/" if there else "/catalogue/")


@members_only
def by_digest(request: HttpRequest) -> HttpResponse:
    """What was sent is made into something else before it is looked up: no statement names it."""
    digest = md5(request.POST.get("slug", "").encode(), usedforsecurity=False).hexdigest()
    taken = everything.annotate(digest=MD5("slug")).filter(digest=digest).exists()
    return HttpResponse("This address is taken." if taken else "This address is free.")


@members_only
def known_to_the_cache(request: HttpRequest) -> HttpResponse:
    """What its own people's look has kept is told to whoever sends the address, and no statement is made for that."""
    if request.method == "POST":
        known = cache.get(f"planted:{request.POST.get('slug', '')}")
        return HttpResponse("This address is taken." if known else "This address is free.")
    for slug in Element.objects.values_list("slug", flat=True):
        cache.set(f"planted:{slug}", "taken", 60)
    return HttpResponse("Choose an address.")


class _ChoiceForm(forms.Form):
    source = forms.ModelChoiceField(queryset=everything.all())


@members_only
def form_accepts(request: HttpRequest) -> HttpResponse:
    form = _ChoiceForm(request.POST or None)
    return HttpResponse("Saved." if form.is_valid() else form.errors.as_text())


@members_only
def says_which_are_missing(request: HttpRequest) -> HttpResponse:
    ids = [number(one) for one in sent_by(request).get("ids", [])]
    there = set(everything.filter(pk__in=ids).values_list("pk", flat=True))
    return JsonResponse({"missing": [one for one in ids if one not in there]})


@members_only
def patch_accepts(request: HttpRequest) -> HttpResponse:
    """A reference in one's own row, looked up without a scope."""
    wish = sent_by(request).get("element")
    if request.method == "PATCH" and not everything.filter(pk=number(wish)).exists():
        return JsonResponse({"element": ["There is no such row."]}, status=400)
    return JsonResponse({})


def any_session_will_do(request: HttpRequest) -> HttpResponse:
    """Signed in somewhere is taken for signed in here."""
    session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    if "_auth_user_id" not in session:
        raise Http404
    return HttpResponse("Welcome.")


def whoever_has_signed_in(request: HttpRequest) -> HttpResponse:
    """As above, by the session that has been opened already."""
    if "_auth_user_id" not in request.session:
        raise Http404
    return HttpResponse("Welcome.")


HOLES = [
    path("tells-that-it-exists/<slug:slug>/", tells_that_it_exists),
    path("says-404-otherwise/<slug:slug>/", says_404_otherwise),
    path("breaks/<slug:slug>/", breaks),
    path("counts/<slug:slug>/", counts),
    path("order-tells/<slug:slug>/", order_tells),
    path("taken-anywhere/", taken_anywhere),
    path("knows-the-address/", knows_the_address),
    path("sends-on/<slug:slug>/", sends_on),
    path("by-digest/", by_digest),
    path("known-to-the-cache/", known_to_the_cache),
    path("form-accepts/", form_accepts),
    path("says-which-are-missing/", says_which_are_missing),
    path("patch-accepts/", patch_accepts),
    path("any-session-will-do/", any_session_will_do),
    path("whoever-has-signed-in/", whoever_has_signed_in),
]
