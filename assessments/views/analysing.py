from django.http import HttpRequest, HttpResponse
from ecosystem.access import requires
from ecosystem.rules import is_author
@requires(is_author)
def analysis(request: HttpRequest, slug: str) -> HttpResponse:
    raise NotImplementedError
@requires(is_author)
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    raise NotImplementedError
