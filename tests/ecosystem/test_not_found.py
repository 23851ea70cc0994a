"""Where there is nothing, everybody sees our page: with GROVE_DEBUG too, which the demo runs with."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_debug", [False, True])
def test_where_there_is_nothing_is_our_own_page(is_debug, settings, member, browser_of, client, env):
    if is_debug:
        settings.DEBUG = True
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, "ecosystem.middleware.not_found.NotFoundMiddleware"]
    for address in ("/events/none-such/", "/nonsense/"):
        page = browser_of(member(name="Lea Brun")).get(address)
        assert (page.status_code, "There is nothing here" in page.text, "URLconf" in page.text) == (404, True, False)
        assert "Lea Brun" in page.text, "it is drawn for whoever is signed in"
