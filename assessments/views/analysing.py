"""What answers tell: the analysis of a quiz and its questions, and the answers to a survey."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessments.selectors.analysing import analysis_of, survey_of
from assessments.services.analysing import analysis_run
from assessments.views.holding import ours, tabs
from ecosystem.access import requires
from ecosystem.rules import is_author


@requires(is_author)
def analysis(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures as they were last computed; a POST computes them anew."""
    assessment = ours(slug)
    if assessment.is_survey:
        return redirect("assessments:survey", slug)
    if request.method == "POST":
        analysis_run(assessment=assessment)
        messages.success(request, _("Computed from the answers so far."))
        return redirect("assessments:analysis", slug)
    context = {**tabs(assessment, "analysis"), **analysis_of(assessment)}
    return render(request, "assessments/analysis.html", context)


@requires(is_author)
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """The answers to a survey, question by question, of enough people together."""
    assessment = ours(slug)
    if not assessment.is_survey:
        raise Http404
    context = {**tabs(assessment, "analysis"), "survey": survey_of(assessment)}
    return render(request, "assessments/survey.html", context)
