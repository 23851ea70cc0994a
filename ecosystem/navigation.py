"""Where to go afterwards, when a request may say so."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_path(request: HttpRequest, *, default: str = "/") -> str:
    """``next`` of the form or address when it is a path of this host, else ``default``."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wish, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    # Anything else would be taken for the name of a page; no control character can be stored or sent on.
    return wish if safe and wish.startswith(("/", "http")) and wish.isprintable() else default
