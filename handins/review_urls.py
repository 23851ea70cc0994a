"""Hand-ins, for whoever gives feedback."""

from django.urls import path

from handins import (
    calibration_views,
    comment_views,
    conflict_views,
    exemplar_views,
    feedback_views,
    marking_views,
    moderating_views,
    nameless_views,
    remark_views,
    review_views,
    team_views,
    worksheet_views,
)

app_name = "reviewing"
urlpatterns = [
    path("", review_views.queue, name="queue"),
    path("release/", marking_views.release, name="release"),
    path("stage/", marking_views.stage, name="stage"),
    path("allocate/", marking_views.allocate, name="allocate"),
    path("comments/", comment_views.comments, name="comments"),
    path("<uuid:uid>/", review_views.review, name="round"),
    path("<uuid:uid>/files/", feedback_views.files, name="files"),
    path("<uuid:uid>/remarks/", remark_views.remarks, name="remarks"),
    path("<uuid:uid>/exemplar/", exemplar_views.ask, name="exemplar"),
    path("<uuid:uid>/reopen/", review_views.reopen, name="reopen"),
    path("<slug:slug>/worksheet/", worksheet_views.worksheet, name="worksheet"),
    path("<slug:slug>/worksheet/file/", worksheet_views.download, name="worksheet-file"),
    path("<uuid:uid>/unmark/", marking_views.unmark, name="unmark"),
    path("<slug:slug>/allocation/", marking_views.allocation, name="allocation"),
    path("teams/<uuid:uid>/", team_views.team, name="team"),
    path("<uuid:uid>/verdict/", moderating_views.verdict, name="verdict"),
    path("calibration/", calibration_views.calibrations, name="calibrations"),
    path("<slug:slug>/calibration/", calibration_views.calibration, name="calibration"),
    path("<slug:slug>/calibration/file/", calibration_views.download, name="calibration-file"),
    path("conflicts/", conflict_views.conflicts, name="conflicts"),
    path("conflicts/<uuid:uid>/end/", conflict_views.end, name="conflict-end"),
    path("<uuid:uid>/conflict/", conflict_views.declare, name="conflict"),
    path("<uuid:uid>/names/", nameless_views.names, name="names"),
    path("<uuid:uid>/adjust/", team_views.adjust, name="adjust"),
    path("<slug:slug>/teams/", team_views.teams, name="teams"),
    path("<slug:slug>/extensions/", review_views.extensions, name="extensions"),
]
