from django.urls import path

from assessments.views import analysing, banks, holding, marking, remarking, reviewing, taking

app_name = "assessments"
urlpatterns = [
    path("quiz/<slug:slug>/", taking.start, name="start"),
    path("attempts/<uuid:uid>/", taking.overview, name="overview"),
    path("attempts/<uuid:uid>/answers/", taking.answers, name="answers"),
    path("attempts/<uuid:uid>/finish/", taking.finish, name="finish"),
    path("attempts/<uuid:uid>/review/", reviewing.review, name="review"),
    path("attempts/<uuid:uid>/state/", taking.state, name="state"),
    path("attempts/<uuid:uid>/<int:position>/", taking.question, name="question"),
    path("quizzes/", holding.quizzes, name="quizzes"),
    path("quizzes/<slug:slug>/", holding.settings, name="settings"),
    path("quizzes/<slug:slug>/questions/", holding.contents, name="contents"),
    path("quizzes/<slug:slug>/questions/take-out/", holding.take_out, name="take-out"),
    path("quizzes/<slug:slug>/exceptions/", holding.exceptions, name="exceptions"),
    path("quizzes/<slug:slug>/exceptions/<int:pk>/end/", holding.end_exception, name="end-exception"),
    path("quizzes/<slug:slug>/preview/", holding.preview, name="preview"),
    path("quizzes/<slug:slug>/analysis/", analysing.analysis, name="analysis"),
    path("quizzes/<slug:slug>/survey/", analysing.survey, name="survey"),
    path("quizzes/<slug:slug>/again/<int:pk>/", remarking.again, name="again"),
    path("marking/", marking.queue, name="marking"),
    path("marking/question/<int:pk>/", marking.of_question, name="marking-question"),
    path("marking/attempt/<uuid:uid>/", marking.of_attempt, name="marking-attempt"),
    path("marking/<int:pk>/", marking.answer, name="mark"),
    path("banks/", banks.banks, name="banks"),
    path("banks/<slug:slug>/", banks.bank, name="bank"),
    path("banks/<slug:slug>/import/", banks.bank_file, name="bank-import"),
    path("pictures/<str:sha256>/", banks.picture, name="picture"),
]
