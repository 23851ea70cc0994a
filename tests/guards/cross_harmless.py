"""Neighbours of the planted holes that do the same things rightly. The attack must say nothing of them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core import mail
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.urls import path
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import AllowAny
from rest_framework.serializers import ModelSerializer

from api.authentication import PageSession
from content.models import Page
from ecosystem.models import Credit, Element, Membership
from tests.guards.cross_planted import members_only, number, own, sent_by


def titles() -> list[str]:
    return list(Element.objects.values_list("title", flat=True))


@members_only
def own_list(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"titles": titles()})


@members_only
def own_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(own(slug).title)


@members_only
def own_child(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = Page.objects.filter(pk=pk, element__slug=slug).first()
    if page is None:
        raise Http404
    return HttpResponse(page.markdown)


@members_only
def own_hits(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    return JsonResponse(
        {"hits": list(Element.objects.filter(summary__contains=words).values_list("summary", flat=True))}
    )


@members_only
def own_csv(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse((f"{title}\n" for title in titles()), content_type="text/csv")


@members_only
def own_count(request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse({"count": Credit.objects.filter(element__slug=slug).count()})


@members_only
def own_cache(request: HttpRequest, slug: str) -> HttpResponse:
    key = f"harmless:{request.environment.pk}:{slug}"  # type: ignore[attr-defined]
    return HttpResponse(cache.get_or_set(key, lambda: own(slug).summary, 60))


@members_only
def own_letter(request: HttpRequest, slug: str) -> HttpResponse:
    row = own(slug)
    messages.success(request, f"“{row.title}” is on its way.")
    mail.send_mail(f"About {row.title}", row.summary, None, ["reader@example.org"])
    return HttpResponseRedirect("/")


class _ChoiceForm(forms.Form):
    source = forms.ModelChoiceField(queryset=Element.objects.all())


@members_only
def own_choice(request: HttpRequest) -> HttpResponse:
    form = _ChoiceForm(request.POST or None)
    return HttpResponse("Saved." if form.is_valid() else f"{form.as_p()}{form.errors.as_text()}")


@members_only
def own_bulk(request: HttpRequest) -> HttpResponse:
    """All or nothing, and which are missing."""
    ids = [number(one) for one in sent_by(request).get("ids", [])]
    rows = Element.objects.filter(pk__in=ids)
    if len(rows) < len(ids):
        return JsonResponse({"missing": ids}, status=400)
    return JsonResponse({"changed": rows.update(minutes=9)})


@members_only
def own_person(request: HttpRequest, person_id: int) -> HttpResponse:
    membership = Membership.objects.select_related("person").filter(person_id=person_id).first()
    if membership is None:
        raise Http404
    return HttpResponse(membership.person.name)


class _ElementSerializer(ModelSerializer):
    class Meta:
        model = Element
        fields = ("title", "summary")


class OwnByViewset(RetrieveAPIView):
    queryset = Element.objects.all()
    serializer_class = _ElementSerializer
    authentication_classes = (PageSession,)
    permission_classes = (AllowAny,)


HARMLESS = [
    path("own-list/", own_list),
    path("own-detail/<slug:slug>/", own_detail),
    path("page-child/<slug:slug>/<int:pk>/own/", own_child),
    path("own-hits/", own_hits),
    path("own-csv/", own_csv),
    path("own-count/<slug:slug>/", own_count),
    path("own-cache/<slug:slug>/", own_cache),
    path("own-letter/<slug:slug>/", own_letter),
    path("own-choice/", own_choice),
    path("own-bulk/", own_bulk),
    path("own-person/<int:person_id>/", own_person),
    path("own-by-viewset/<int:pk>/", OwnByViewset.as_view()),
]
