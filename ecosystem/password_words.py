"""Passwords that are made of words everybody here knows are refused."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ecosystem.models import Environment, Host, Person
from ecosystem.scope import current_scope, scope_is_open

PRODUCT = "grove"
SHORTEST_WORD, LEFT_AT_LEAST = 4, 8
WORD = re.compile(r"[^\W_]+")


class KnownWordsValidator:
    """Without the words of the product, the environment and the person, enough must be left."""

    def validate(self, password: str, user: Person | None = None) -> None:
        left = password.lower()
        for word in sorted(self._words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < LEFT_AT_LEAST <= len(password):  # that it is short, another says
            raise ValidationError(_("This is too close to a name that others here know."), code="password_known_words")

    def get_help_text(self) -> str:
        return _("Not made of your name, your address or the name of this place.")

    @staticmethod
    def _words(user: Person | None) -> set[str]:
        texts = [PRODUCT]
        if user is not None:
            texts += [user.name, user.email]
        if scope_is_open():
            here = current_scope().environment_id
            texts += Environment.objects.filter(pk=here).values_list("name", flat=True)
            texts += Host.objects.filter(environment_id=here).values_list("name", flat=True)
        return {word for text in texts for word in WORD.findall(text.lower()) if len(word) >= SHORTEST_WORD}
