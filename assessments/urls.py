from django.urls import path

from assessments.views import banks, files, objectives, questions, taking

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
    path("banks/new/", banks.bank_new, name="bank-new"),
    path("banks/<slug:slug>/", banks.bank, name="bank"),
    path("banks/<slug:slug>/bulk/", banks.bulk, name="bank-bulk"),
    path("banks/<slug:slug>/export/", banks.bank_export_page, name="bank-export"),
    path("banks/<slug:slug>/objectives/", objectives.objectives, name="objectives"),
    path("banks/<slug:slug>/objectives/<int:objective_id>/", objectives.objective, name="objective"),
    path("banks/<slug:slug>/questions/new/", questions.new, name="question-new"),
    path("banks/<slug:slug>/questions/<int:question_id>/", questions.question, name="bank-question"),
    path("banks/<slug:slug>/questions/<int:question_id>/edit/", questions.edit, name="question-edit"),
    path("banks/<slug:slug>/questions/<int:question_id>/versions/", questions.versions, name="question-versions"),
    path("banks/<slug:slug>/import/", banks.bank_file, name="bank-import"),
    path("pictures/<str:sha256>/", banks.picture, name="picture"),
]
