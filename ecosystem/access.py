"""How a page says who may see it. A page that says nothing is caught by tests/guards."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from ecosystem.rules import Rule, anyone

View = Callable[..., HttpResponse]


def requires(rule: Rule) -> Callable[[View], View]:
    """Only for members whom ``rule`` lets in. A visitor is asked to sign in, a stranger gets 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if rule is not anyone and request.membership is None:  # type: ignore[attr-defined]
                return redirect_to_login(request.get_full_path())
            if not rule(request.membership):  # type: ignore[attr-defined]
                raise Http404
            return view(request, *args, **kwargs)

        inner.access_rule = rule  # type: ignore[attr-defined]
        return inner

    return decorate
