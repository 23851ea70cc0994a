"""Who is asked for feedback about whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.holding import MomentInput
from assessments.models import Angle
from ecosystem.models import Membership, Person
from ecosystem.scope import current_scope

ADDRESSES = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"})


class RoundForm(forms.Form):
    """People by their e-mail addresses, one a line."""

    about = forms.EmailField(label=_("About whom"), help_text=_("The e-mail address of a member. They answer too."))
    manager = forms.CharField(label=_("Managers"), required=False, max_length=5000, widget=ADDRESSES)
    peer = forms.CharField(label=_("Colleagues"), required=False, max_length=5000, widget=ADDRESSES)
    report = forms.CharField(label=_("People they lead"), required=False, max_length=5000, widget=ADDRESSES)
    other = forms.CharField(
        label=_("Others"),
        required=False,
        max_length=5000,
        widget=ADDRESSES,
        help_text=_(
            "E-mail addresses of members, one a line. A group of fewer than are shown together is shown with others."
        ),
    )
    closes_at = forms.DateTimeField(
        label=_("Closes"),
        widget=MomentInput(),
        help_text=_("Who has not answered is reminded three days and one day before."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        named = {name: self._addresses(cleaned.get(name, "")) for name in Angle.values if name in cleaned}
        if "about" in cleaned:
            named["about"] = [cleaned["about"].lower()]
        known = _members({address for addresses in named.values() for address in addresses})
        for name, addresses in named.items():
            missing = [address for address in addresses if address not in known]
            if missing:
                self.add_error(
                    name, _("Nobody here has this address: %(address)s") % {"address": ", ".join(missing)[:200]}
                )
        self.people = {name: [known[one] for one in addresses if one in known] for name, addresses in named.items()}
        return cleaned

    @staticmethod
    def _addresses(text: str) -> list[str]:
        return list(dict.fromkeys(word.lower() for word in text.replace(",", " ").replace(";", " ").split()))


def _members(addresses: set[str]) -> dict[str, Person]:
    rows = Membership.objects.filter(environment_id=current_scope().environment_id, ended_at=None)
    return {
        row.person.email.lower(): row.person
        for row in rows.filter(person__email__in=addresses).select_related("person")
    }
