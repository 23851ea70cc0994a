"""Sentences of Django that learners read, so that locale/ can say them as Grove does: with "je", not "u".

Nothing imports this; makemessages finds them here, and Django looks in locale/ before its own translations.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

PASSWORDS = [
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be entirely numeric."),
    gettext_noop("Your old password was entered incorrectly. Please enter it again."),
]
