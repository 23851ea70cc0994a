"""The verbs of learning records in words, for people who choose among them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Promise] = {
    "enrolled": _("enrols in a course"),
    "registered": _("books a seat at an event"),
    "submitted": _("hands in work"),
    "retracted": _("takes back what was handed in or posted"),
    "returned": _("gets feedback on what was handed in"),
    "withdrawn": _("is withdrawn from a course"),
    "launched": _("opens something"),
    "attempted": _("starts a quiz"),
    "passed": _("passes a quiz"),
    "failed": _("does not pass a quiz"),
    "completed": _("completes something"),
    "issued": _("is given a certificate"),
    "reviewed": _("answers a daily card"),
    "commented": _("reviews the work of a peer"),
    "asked": _("begins a thread in a discussion"),
    "replied": _("replies in a discussion"),
    "helped": _("says that something helped"),
    "not_helped": _("says that something did not help"),
}
