from django.urls import path

from assessments import views

app_name = "assessments"
urlpatterns = [
    path("quiz/<slug:slug>/", views.start, name="start"),
    path("attempts/<uuid:uid>/", views.overview, name="overview"),
    path("attempts/<uuid:uid>/answers/", views.answers, name="answers"),
    path("attempts/<uuid:uid>/finish/", views.finish, name="finish"),
    path("attempts/<uuid:uid>/review/", views.review, name="review"),
    path("attempts/<uuid:uid>/<int:position>/", views.question, name="question"),
    path("banks/", views.banks, name="banks"),
    path("banks/<slug:slug>/", views.bank, name="bank"),
    path("banks/<slug:slug>/import/", views.bank_file, name="bank-import"),
    path("pictures/<str:sha256>/", views.picture, name="picture"),
]
