from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel


class Role(models.TextChoices):
    LEARNER = "learner", _("learner")
    INSTRUCTOR = "instructor", _("instructor")
    AUTHOR = "author", _("author")
    GARDENER = "gardener", _("gardener")
    MANAGER = "manager", _("manager")
    SPONSOR = "sponsor", _("sponsor")
    ADMIN = "admin", _("administrator")


STAFF = [role for role in Role.values if role != Role.LEARNER]  # in an index as well: in this order


def words_of_person() -> SearchVector:
    """Name and e-mail as words without endings, the parts of an address each on their own; what people are found by."""
    address = models.Func("email", models.Value("@.-_+"), models.Value("     "), function="translate")
    return SearchVector("name", address, config="simple")


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """One human with one sign-in, in any number of environments. What they are *there* is the membership."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=8, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    picture = models.FileField(_("picture"), upload_to="faces", blank=True)
    # In how many environments they are a member now; counted by the database (the first migration).
    places = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower_case")]
        indexes = [
            models.Index(fields=["name", "id"], name="person_by_name"),
            GinIndex(words_of_person(), name="person_words"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Never writes ``places``: what this object knows of it may be old."""
        if update_fields is None and not self._state.adding:
            update_fields = [field.name for field in self._meta.concrete_fields if field.name not in {"id", "places"}]
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def initials(self) -> str:
        words = self.name.split()
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"

    @property
    def photo(self) -> str:
        """The address of the face on every host, or nothing: then the initials stand for it."""
        return f"/people/{self.picture.name.removesuffix('.webp')}/" if self.picture else ""

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    # Rights come from the membership in the open scope (ecosystem.rules), never from the account.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Membership(TenantModel):
    """A person in an environment, with roles. Ended, never deleted: their records point here."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, verbose_name=_("roles"))
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person"], name="membership_once_per_environment"),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=[role.value for role in Role]), name="membership_roles_known"
            ),
        ]
        indexes = [
            # Few of many: found without reading all members, where a query says both of these.
            models.Index(
                fields=["environment", "person"],
                condition=models.Q(ended_at=None, roles__overlap=STAFF),
                name="membership_of_staff",
            )
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def is_current(self) -> bool:
        """False for who has left, and for who looks after this environment from above without belonging to it."""
        return self.ended_at is None

    def has_role(self, *roles: str) -> bool:
        return not set(roles).isdisjoint(self.roles)
