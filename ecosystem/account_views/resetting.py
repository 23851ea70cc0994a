"""The link that sets a forgotten password anew."""

from allauth.account.views import password_reset_from_key
from django.http import HttpRequest, HttpResponse


def reset_by_link(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """The number of the person ends at the first hyphen; the address is cut at its last, and keys hold one too."""
    person, _hyphen, secret = f"{uidb36}-{key}".partition("-")
    answer: HttpResponse = password_reset_from_key(request, uidb36=person, key=secret)
    return answer
