"""What may be typed on the pages of people."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ecosystem.csv_reading import LARGEST
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Group, IdentityProvider, Membership, Person, Role
from ecosystem.saml import certificate_read
from ecosystem.time_zones import zone_choices


def _labels(roles: list[str]) -> list[tuple[str, str]]:
    return [(role, capfirst(str(Role(role).label))) for role in roles]


class MemberForm(forms.Form):
    """Name and job title; the name only of somebody who has never signed in."""

    name = forms.CharField(label=_("Name"), max_length=120)
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        facts = {"name": member.person.name, "job_title": member.job_title}
        super().__init__(*args, initial=facts, **kwargs)
        if member.person.last_login is not None:
            del self.fields["name"]


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = _labels(list(Role.values))  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """One person to invite. ``roles``: those that may be given."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    group = forms.ModelChoiceField(
        label=_("Group"), queryset=Group.objects.order_by("name"), required=False, empty_label=_("No group")
    )

    def __init__(self, *args: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, initial={"roles": [Role.LEARNER]}, **kwargs)
        self.fields["roles"].choices = _labels(roles)  # type: ignore[attr-defined]
        if len(roles) == 1:
            self.fields["roles"].widget = forms.MultipleHiddenInput()


class PeopleFileForm(forms.Form):
    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 4 MB. Split it."), code="large")
        return file


class ProfileForm(forms.Form):
    """What people say about themselves. Empty: as the environment says."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        as_here = ("", _("As the environment says"))
        self.fields["language"].choices = [as_here, *settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = [as_here, *zone_choices()]  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    """A group with the facts of its rule; an empty fact is not part of the rule."""

    name = forms.CharField(label=_("Name"), max_length=80)
    about = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    match = forms.ChoiceField(
        label=_("Somebody is in it when"),
        choices=[("all", _("all of these are so")), ("any", _("one of these is so"))],
        initial="all",
        required=False,
    )
    role = forms.ChoiceField(label=_("Role"), required=False)
    job_title = forms.CharField(label=_("Job title contains"), max_length=120, required=False)
    joined_after = forms.DateField(
        label=_("Joined after"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Any")), *_labels(list(Role.values))]  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("Any")), *settings.LANGUAGES]  # type: ignore[attr-defined]

    @property
    def rule(self) -> dict[str, Any]:
        data = self.cleaned_data
        day = data.get("joined_after")
        facts = {name: data.get(name) or "" for name in ("role", "job_title", "language")}
        return {"match": data.get("match") or "all", **facts, "joined_after": day.isoformat() if day else ""}


class AcceptForm(forms.Form):
    """A new person's name and password."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = password_validators_help_texts()[0]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, Person(email=self.email, name=self.data.get("name", "")))
        return password


class IdentityProviderForm(forms.Form):
    """The sign-in of the organisation. The secret is written, never read."""

    protocol = forms.ChoiceField(
        label=_("Protocol"),
        choices=IdentityProvider.Protocol.choices,
        initial=IdentityProvider.Protocol.OIDC,
        required=False,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name on the button"), max_length=40)
    issuer = forms.CharField(
        label=_("Issuer"), max_length=300, help_text=_("Such as https://login.example.org; with SAML the entity id.")
    )
    client_id = forms.CharField(
        label=_("Client id"), max_length=190, required=False, help_text=_("For OpenID Connect.")
    )
    secret = forms.CharField(
        label=_("Client secret"),
        max_length=190,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    sso_url = forms.URLField(
        label=_("Sign-in address"), max_length=300, required=False, assume_scheme="https", help_text=_("For SAML.")
    )
    certificate = forms.CharField(
        label=_("Certificate"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("For SAML: with which your provider signs, as PEM."),
    )
    admits_new = forms.BooleanField(
        label=_("Let new people in as learners"),
        required=False,
        help_text=_("Otherwise only people who were invited can use it."),
    )
    is_on = forms.BooleanField(label=_("Offer it on the sign-in page"), required=False)

    def __init__(self, *args: Any, row: IdentityProvider | None, **kwargs: Any) -> None:
        names = ("protocol", "name", "issuer", "client_id", "sso_url", "certificate", "admits_new", "is_on")
        super().__init__(*args, initial={name: getattr(row, name) for name in names} if row else None, **kwargs)
        if row is not None and row.sealed_secret:
            self.fields["secret"].help_text = _("There is one. Leave it empty to keep it.")

    def clean(self) -> dict[str, Any]:
        """Each protocol asks for its own fields."""
        facts: dict[str, Any] = super().clean() or {}
        facts["protocol"] = facts.get("protocol") or IdentityProvider.Protocol.OIDC.value
        is_saml = facts["protocol"] == IdentityProvider.Protocol.SAML
        for name in ("sso_url", "certificate") if is_saml else ("client_id",):
            if not facts.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        if is_saml and facts.get("certificate"):
            try:
                certificate_read(facts["certificate"])
            except EcosystemError as refusal:
                self.add_error("certificate", str(refusal))
        if not is_saml and facts.get("issuer"):
            try:
                facts["issuer"] = forms.URLField(assume_scheme="https").clean(facts["issuer"])
            except forms.ValidationError as error:
                self.add_error("issuer", error)
        return facts
