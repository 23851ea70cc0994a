"""Hand-ins, for whoever gives feedback."""

from django.urls import path

from handins.views import exemplars, nameless
from handins.views.reviewing import (
    calibration,
    comments,
    conflicts,
    feedback,
    marking,
    moderating,
    pages,
    peers,
    remarks,
    rounds,
    similarity,
    teams,
    worksheets,
)

app_name = "reviewing"
urlpatterns = [
    path("", rounds.queue, name="queue"),
    path("release/", marking.release, name="release"),
    path("stage/", marking.stage, name="stage"),
    path("allocate/", marking.allocate, name="allocate"),
    path("comments/", comments.comments, name="comments"),
    path("<uuid:uid>/", rounds.review, name="round"),
    path("<uuid:uid>/files/", feedback.files, name="files"),
    path("<uuid:uid>/remarks/", remarks.remarks, name="remarks"),
    path("pages/<uuid:uid>/<int:number>/", pages.page, name="page"),
    path("similar/<uuid:uid>/", similarity.similar, name="similar"),
    path("<uuid:uid>/exemplar/", exemplars.ask, name="exemplar"),
    path("<uuid:uid>/reopen/", rounds.reopen, name="reopen"),
    path("<slug:slug>/worksheet/", worksheets.worksheet, name="worksheet"),
    path("<slug:slug>/worksheet/file/", worksheets.download, name="worksheet-file"),
    path("<uuid:uid>/unmark/", marking.unmark, name="unmark"),
    path("<slug:slug>/allocation/", marking.allocation, name="allocation"),
    path("peers/<uuid:uid>/", peers.one, name="peer"),
    path("samples/<uuid:uid>/", peers.sample, name="sample"),
    path("<slug:slug>/samples/", peers.samples, name="samples"),
    path("<slug:slug>/peers/", peers.overview, name="peers"),
    path("teams/<uuid:uid>/", teams.team, name="team"),
    path("<uuid:uid>/verdict/", moderating.verdict, name="verdict"),
    path("calibration/", calibration.calibrations, name="calibrations"),
    path("<slug:slug>/calibration/", calibration.calibration, name="calibration"),
    path("<slug:slug>/calibration/file/", calibration.download, name="calibration-file"),
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("conflicts/<uuid:uid>/end/", conflicts.end, name="conflict-end"),
    path("<uuid:uid>/conflict/", conflicts.declare, name="conflict"),
    path("<uuid:uid>/names/", nameless.names, name="names"),
    path("<uuid:uid>/adjust/", teams.adjust, name="adjust"),
    path("<slug:slug>/teams/", teams.teams, name="teams"),
    path("<slug:slug>/extensions/", rounds.extensions, name="extensions"),
]
