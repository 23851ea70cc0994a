"""Tasks on the job: somebody says that they have done one, and somebody who guides them confirms it or sends it back."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantModel


class ReportState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CONFIRMED = "confirmed", _("confirmed")
    SENT_BACK = "sent_back", _("sent back")


class TaskReport(TenantModel):
    """Somebody says they have done the task (``element``). One that was sent back stays, and the next try is another row."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    person = PersonKey()
    element = ElementKey(verbose_name=_("task"))
    number = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.WAITING)
    note = models.TextField(_("what the learner says"))
    said_at = models.DateTimeField(_("said at"))
    answer = models.TextField(_("what the guide says"), blank=True)
    answered_by = PersonKey(null=True, blank=True, verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of a task")
        verbose_name_plural = _("reports of tasks")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="task_report_uid_once"),
            models.UniqueConstraint(fields=["environment", "person", "element", "number"], name="task_report_once"),
            models.UniqueConstraint(
                fields=["environment", "person", "element"],
                condition=models.Q(state="waiting"),
                name="task_report_one_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", answered_at=None, answered_by=None)
                | (~models.Q(state="waiting") & models.Q(answered_at__isnull=False)),
                name="task_report_answered_when_it_does_not_wait",
            ),
            models.CheckConstraint(condition=models.Q(state__in=ReportState.values), name="task_report_state_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["environment", "said_at"], condition=models.Q(state="waiting"), name="task_report_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.element_id} #{self.number}"
