"""Sign-in: a person may enter where they are a member or look after things from above; elsewhere they do not exist."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from ecosystem.models import Person
from ecosystem.services.entering import environment_enter


class MemberBackend(AuthenticationBackend):
    """E-mail and password of a member, or of who holds powers here. A stranger costs the same time and gets the same answer."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        person = super().authenticate(request, **credentials)
        if person is None or environment_enter(person=person) is None:
            return None
        return person


class AccountAdapter(DefaultAccountAdapter):
    """People are invited, they do not sign themselves up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
