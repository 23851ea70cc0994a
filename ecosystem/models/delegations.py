"""What a person may do somewhere because somebody gave it to them, for a time."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel
from ecosystem.models.keys import ElementKey, TenantKey
from ecosystem.models.security import CompositeKey

WARN_BEFORE = (timedelta(days=14), timedelta(days=3))
ATTEST_EVERY = timedelta(days=180)


class Power(models.TextChoices):
    """One thing a person may do; the words complete "Anna may ..."."""

    INVITE = "invite", _("invite people")
    ENROL = "enrol", _("enrol people")
    SEE_RESULTS = "see_results", _("see results")
    MARK = "mark", _("mark work")
    MANAGE_CONTENT = "manage_content", _("make and change content")
    MANAGE_EVENTS = "manage_events", _("organise events")
    RUN_REPORTS = "run_reports", _("open reports")
    MANAGE_BRANDING = "manage_branding", _("change the look")
    MANAGE_PEOPLE = "manage_people", _("look after people")
    DELEGATE = "delegate", _("pass these powers on")


class Reach(models.TextChoices):
    HERE = "here", _("this environment only")
    BELOW = "below", _("this environment and everything below it")
    COURSE = "course", _("one course")
    GROUP = "group", _("one group of people")


# What makes sense over a single course, and over a single group. Whoever looks after people of one course or group
# sees them; who belongs where is changed by who looks after all people here.
COURSE_POWERS = frozenset(
    {
        Power.ENROL, Power.SEE_RESULTS, Power.MARK, Power.MANAGE_CONTENT, Power.MANAGE_EVENTS, Power.RUN_REPORTS,
        Power.MANAGE_PEOPLE, Power.DELEGATE,
    }
)  # fmt: skip
GROUP_POWERS = frozenset(
    {Power.ENROL, Power.SEE_RESULTS, Power.MARK, Power.RUN_REPORTS, Power.MANAGE_PEOPLE, Power.DELEGATE}
)


class Delegation(TenantModel):
    """Powers of a person over this environment (and, by ``reach``, what is below it, or one course or group of it).

    The person is a member of ``home``: this environment or one above. It rests on the delegation ``basis`` of the
    grantor, or on their role of administrator, in ``basis_environment``; it is never wider and never longer than that.
    The grantor is no foreign key, as in the audit log: they may be no member here. Changed only by the services.
    """

    system = True  # notifications looks whose reminder is due

    person = models.ForeignKey(
        "ecosystem.Person", on_delete=models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("person")
    )
    home = models.ForeignKey("ecosystem.Environment", on_delete=models.PROTECT, related_name="+")
    powers = ArrayField(models.CharField(max_length=20, choices=Power.choices), verbose_name=_("powers"))
    reach = models.CharField(_("over"), max_length=10, choices=Reach.choices, default=Reach.HERE)
    element = ElementKey(null=True, blank=True, verbose_name=_("course"))
    group = TenantKey("ecosystem.Group", null=True, blank=True, verbose_name=_("group"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    granted_at = models.DateTimeField(_("given at"))
    grantor_id = models.BigIntegerField(null=True)
    grantor_name = models.CharField(_("given by"), max_length=120, blank=True)
    basis = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    basis_environment = models.ForeignKey("ecosystem.Environment", on_delete=models.PROTECT, related_name="+")
    reattested_at = models.DateTimeField(_("confirmed at"), null=True)
    remind_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoker_id = models.BigIntegerField(null=True)
    revoker_name = models.CharField(_("revoked by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.CheckConstraint(
                condition=Q(powers__contained_by=[power.value for power in Power]) & Q(powers__len__gt=0),
                name="delegation_powers_known",
            ),
            models.CheckConstraint(
                condition=Q(reach=Reach.COURSE, element__isnull=False)
                | (~Q(reach=Reach.COURSE) & Q(element__isnull=True)),
                name="delegation_course_has_element",
            ),
            models.CheckConstraint(
                condition=~Q(reach=Reach.COURSE) | Q(powers__contained_by=sorted(COURSE_POWERS)),
                name="delegation_course_powers",
            ),
            # A group may be taken away; what was given over it has ended then.
            models.CheckConstraint(
                condition=(Q(reach=Reach.GROUP) & (Q(group__isnull=False) | Q(revoked_at__isnull=False)))
                | (~Q(reach=Reach.GROUP) & Q(group__isnull=True)),
                name="delegation_group_has_group",
            ),
            models.CheckConstraint(
                condition=~Q(reach=Reach.GROUP) | Q(powers__contained_by=sorted(GROUP_POWERS)),
                name="delegation_group_powers",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(grantor_id=F("person")), name="delegation_not_to_oneself"),
            models.CheckConstraint(condition=~Q(basis=F("id")), name="delegation_not_its_own_basis"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(remind_at__isnull=True), name="delegation_revoked_is_silent"
            ),
            # A member of this environment or of one above it.
            CompositeKey(
                name="delegation_home_is_above",
                columns=("environment_id", "home_id"),
                target="ecosystem_environmentancestor",
                to=("environment_id", "ancestor_id"),
            ),
            CompositeKey(
                name="delegation_person_of_home",
                columns=("home_id", "person_id"),
                target="ecosystem_membership",
                to=("environment_id", "person_id"),
            ),
            # Given by authority over this environment, from here or from above.
            CompositeKey(
                name="delegation_basis_is_above",
                columns=("environment_id", "basis_environment_id"),
                target="ecosystem_environmentancestor",
                to=("environment_id", "ancestor_id"),
            ),
            CompositeKey(
                name="delegation_basis_of_environment",
                columns=("basis_environment_id", "basis_id"),
                target="ecosystem_delegation",
                to=("environment_id", "id"),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "environment"], condition=Q(revoked_at=None), name="delegation_of_person"),
            models.Index(fields=["basis"], condition=Q(revoked_at=None), name="delegation_by_basis"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="delegation_reminder"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.power_words}"

    @property
    def power_words(self) -> str:
        """The powers in the order in which they are always listed."""
        return ", ".join(str(power.label) for power in Power if power.value in self.powers)

    @property
    def attest_at(self) -> datetime:
        """When somebody should say again that it is still needed."""
        return (self.reattested_at or self.granted_at) + ATTEST_EVERY

    def is_live(self, moment: datetime) -> bool:
        return self.revoked_at is None and self.starts_at <= moment < self.ends_at

    def reminder_after(self, moment: datetime) -> datetime | None:
        """The next moment after ``moment`` at which somebody should be told something; None when there is none."""
        moments = [self.ends_at - before for before in WARN_BEFORE] + [self.attest_at]
        return min((one for one in moments if moment < one < self.ends_at), default=None)
