from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models.base import TenantModel
from ecosystem.models.keys import PersonKey, TenantKey


class Group(TenantModel):
    """Members who belong together: chosen by hand, and, when there is a rule, everybody the rule fits.

    ``rule`` is ``{}`` or ``{"match": "all" | "any", "conditions": [...]}`` (``ecosystem.group_rules``).
    """

    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("what it is for"), max_length=200, blank=True)
    rule = models.JSONField(_("rule"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            models.UniqueConstraint("environment", models.functions.Lower("name"), name="group_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(TenantModel):
    """A person in a group. ``by_rule`` rows come and go with the rule; the others only by hand."""

    group = TenantKey(Group, models.CASCADE, db_index=False, related_name="rows")
    person = PersonKey(db_index=False)
    by_rule = models.BooleanField(_("by the rule"), default=False)

    class Meta:
        verbose_name = _("group member")
        verbose_name_plural = _("group members")
        constraints = [
            models.UniqueConstraint(fields=["environment", "group", "person"], name="group_member_once"),
        ]
        indexes = [models.Index(fields=["environment", "person"], name="groups_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"
