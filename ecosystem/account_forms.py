"""allauth's forms, told about membership."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm

from ecosystem.models import Membership


class MemberLoginForm(LoginForm):
    """Without the "forgot your password" inside the field: the page has that link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)  # it would say the label again


class MemberResetPasswordForm(ResetPasswordForm):
    """Writes only to members of the environment asked on; anybody else gets the same answer and no mail."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        members = Membership.objects.filter(person__in=self.users, ended_at=None).values_list("person_id", flat=True)
        here = set(members)
        self.users = [person for person in self.users if person.pk in here]
        return email
