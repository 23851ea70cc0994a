"""Addresses are found by their first words; what each of them leads to stays as it was written."""

from types import ModuleType

import pytest
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, include, path, re_path, resolve, reverse

from ecosystem.routing import by_first_words


def nowhere(request: HttpRequest, **values: object) -> None: ...


BELOW = ([path("", nowhere, name="top"), path("<int:pk>/", nowhere, name="row")], "below")
WRITTEN = [
    path("", nowhere, name="home"),
    path("a/", nowhere, name="a"),
    path("a/<slug:slug>/", nowhere, name="a-any"),
    path("a/new/", nowhere, name="never"),  # the one above comes first
    path("<slug:slug>/", nowhere, {"said": 1}, name="any"),
    path("b/", nowhere, name="never"),  # as above
    path("b/deep/", include(BELOW)),
    path("b/<int:pk>/c", nowhere, name="b-c"),
    re_path(r"^b/(?P<app>x|y)/$", nowhere, name="b-app"),
    path("a/late/er/", nowhere, {"said": 2}, name="a-late"),
    path("a.txt", nowhere, name="file"),
    path("b/<int:pk>/", include([path("inside/", nowhere, name="inside")])),
    path("glue", include([path("d/<int:pk>/", nowhere, name="glued")])),
    path("", include([path("b/more/", nowhere, name="more"), path("<path:rest>.txt", nowhere, name="text")])),
]
ASKED = ["", "a/", "a/q/", "a/new/", "b/", "z/", "b/deep/", "b/deep/7/", "b/7/c", "b/y/", "a/late/er/", "a.txt", "a", "b/deep/x/", "c/d/", "glued/7/", "b/7/inside/", "b/more/", "a/deep/er.txt", "/", "a//"]  # fmt: skip


def where(urlconf: ModuleType, address: str) -> object:
    try:
        found = resolve(f"/{address}", urlconf=urlconf)
    except Resolver404:
        return None
    return found.view_name, found.kwargs, found.route


@pytest.fixture
def urlconfs():
    plain, grouped = ModuleType("plain"), ModuleType("grouped")
    plain.urlpatterns, grouped.urlpatterns = WRITTEN, by_first_words(WRITTEN)
    return plain, grouped


def test_each_address_leads_where_it_led(urlconfs):
    plain, grouped = urlconfs
    assert len(grouped.urlpatterns) < len(plain.urlpatterns)
    assert {address: where(grouped, address) for address in ASKED} == {
        address: where(plain, address) for address in ASKED
    }
    assert {where(plain, address)[0] for address in ASKED if where(plain, address)} == {
        "home", "a", "a-any", "any", "below:top", "below:row", "b-c", "b-app", "a-late", "file", "glued", "inside", "more", "text"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values"),
    [("a-any", {"slug": "q"}), ("below:row", {"pk": 7}), ("b-c", {"pk": 7}), ("file", {}), ("glued", {"pk": 7})],
)
def test_names_have_the_address_they_had(urlconfs, name, values):
    plain, grouped = urlconfs
    assert reverse(name, kwargs=values, urlconf=grouped) == reverse(name, kwargs=values, urlconf=plain)
    with pytest.raises(NoReverseMatch):
        reverse(name, kwargs={"other": 1}, urlconf=grouped)


def test_what_fits_is_kept_for_no_more_words_than_there_are(urlconfs):
    _plain, grouped = urlconfs
    (first,) = grouped.urlpatterns
    known = len(first._few)
    for number in range(100):
        where(grouped, f"a/{number}/")
        where(grouped, f"{number}/{number}/")
    assert len(first._few) == known
