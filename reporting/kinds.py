"""What reporting adds to the site."""

from django.utils.translation import gettext_lazy as _

from ecosystem.addresses import address
from ecosystem.registry import Measure, RolePage, measures, role_pages
from ecosystem.rules import may_report
from reporting.measures import certificates, enrolled, finished, funnel, pass_rate, reached, started

role_pages.register("report", RolePage(_("Report"), lambda: address("reporting:home"), may_report, is_term=True))

for measure in (
    Measure(
        "reached",
        _("Reached"),
        _("people"),
        _("Members with at least one learning record, of all who are members today."),
        reached,
        narrows=True,
    ),
    Measure(
        "enrolled",
        _("Enrolled"),
        _("enrolments"),
        _("A person in a run of a course. Withdrawn enrolments do not count."),
        enrolled,
        narrows=True,
    ),
    Measure(
        "started",
        _("Started"),
        _("enrolments"),
        _("Enrolments in which at least one step was done or opened."),
        started,
        narrows=True,
    ),
    Measure(
        "finished",
        _("Finished"),
        _("enrolments"),
        _("Enrolments in which every required step is done."),
        finished,
        narrows=True,
    ),
    Measure(
        "pass_rate",
        _("Passed first time"),
        "%",
        _("The share of first attempts at a quiz that were passed, of all that were finished."),
        pass_rate,
        narrows=True,
    ),
    Measure(
        "certificates",
        _("Certificates"),
        "",
        _("Certificates given, without those withdrawn."),
        certificates,
        narrows=True,
    ),
    Measure(
        "funnel",
        _("How far people come"),
        _("enrolments"),
        _("Of all enrolments: started, at least half of the steps done, finished."),
        funnel,
        narrows=True,
    ),
):
    measures.register(measure.key, measure)
