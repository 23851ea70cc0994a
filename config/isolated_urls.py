"""Every address of the isolated host: nothing of the site, only what strangers made, for who holds a signed address."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

urlpatterns = [
    path("", include("content.isolated_urls")),
    path("", include("handins.urls.isolated")),
    path("", include("lti.isolated_urls")),
]


def _nothing(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    return HttpResponse("There is nothing here.", status=404, content_type="text/plain")


def _failed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Something went wrong.", status=500, content_type="text/plain")


handler400 = handler403 = handler404 = _nothing
handler500 = _failed
