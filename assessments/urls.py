from django.urls import path

from assessments.views import banks, files, taking

app_name = "assessments"
urlpatterns = [
    path("quiz/<slug:slug>/", taking.start, name="start"),
    path("attempts/<uuid:uid>/", taking.overview, name="overview"),
    path("attempts/<uuid:uid>/answers/", taking.answers, name="answers"),
    path("attempts/<uuid:uid>/finish/", taking.finish, name="finish"),
    path("attempts/<uuid:uid>/review/", taking.review, name="review"),
    path("attempts/<uuid:uid>/<int:position>/", taking.question, name="question"),
    path("attempts/<uuid:uid>/<int:position>/files/", files.answer_files, name="answer-files"),
    path("banks/", banks.banks, name="banks"),
    path("banks/<slug:slug>/", banks.bank, name="bank"),
    path("banks/<slug:slug>/import/", banks.bank_file, name="bank-import"),
    path("pictures/<str:sha256>/", banks.picture, name="picture"),
]
