from django.urls import path

from handins import exemplar_views, peer_views, views

app_name = "handins"
urlpatterns = [
    path("", views.index, name="home"),
    path("files/<uuid:uid>/", views.download, name="file"),
    path("feedback/<uuid:uid>/", views.feedback, name="feedback"),
    path("exemplars/<uuid:uid>/", exemplar_views.exemplar, name="exemplar"),
    path("exemplars/<uuid:uid>/answer/", exemplar_views.answer, name="exemplar-answer"),
    path("exemplars/<uuid:uid>/<int:number>/", exemplar_views.exemplar_file, name="exemplar-file"),
    path("peers/<uuid:uid>/", peer_views.peer_review, name="peer-review"),
    path("peers/<uuid:uid>/<int:number>/", peer_views.peer_file, name="peer-file"),
    path("peers/<uuid:uid>/answer/", peer_views.peer_answer, name="peer-answer"),
    path("samples/<uuid:uid>/", peer_views.sample, name="sample"),
    path("<slug:slug>/", views.work, name="work"),
    path("<slug:slug>/peers/", peer_views.peers, name="peers"),
]
