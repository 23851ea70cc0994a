"""Where to go afterwards, when a request may say so."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def own_path(request: HttpRequest, *, default: str = "/") -> str:
    """``next`` of the form or address when it is a path of this host, else ``default``."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wish, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    # Anything else would be taken for the name of a page; no control character can be stored or sent on.
    return wish if safe and wish.startswith(("/", "http")) and wish.isprintable() else default


def with_next(path: str, wanted: str) -> str:
    """``path``, which brings people to ``wanted`` afterwards; the home page needs no saying."""
    return f"{path}?{urlencode({'next': wanted})}" if wanted not in ("", "/") else path


def sign_in_again(wanted: str) -> HttpResponse:
    """After a sign-in that came to nothing: whoever wanted a page still gets it by another way in."""
    return HttpResponseRedirect(with_next(reverse("account_login"), wanted))
