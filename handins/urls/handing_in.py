"""Hand-ins, for whoever writes them."""

from django.urls import path

from handins.views import exemplars, handing_in, peers

app_name = "handins"
urlpatterns = [
    path("", handing_in.index, name="home"),
    path("files/<uuid:uid>/", handing_in.download, name="file"),
    path("files/<uuid:uid>/<int:number>/", handing_in.page, name="page"),
    path("feedback/<uuid:uid>/", handing_in.feedback, name="feedback"),
    path("exemplars/<uuid:uid>/", exemplars.exemplar, name="exemplar"),
    path("exemplars/<uuid:uid>/answer/", exemplars.answer, name="exemplar-answer"),
    path("exemplars/<uuid:uid>/<int:number>/", exemplars.exemplar_file, name="exemplar-file"),
    path("peers/<uuid:uid>/", peers.peer_review, name="peer-review"),
    path("peers/<uuid:uid>/<int:number>/", peers.peer_file, name="peer-file"),
    path("peers/<uuid:uid>/answer/", peers.peer_answer, name="peer-answer"),
    path("samples/<uuid:uid>/", peers.sample, name="sample"),
    path("<slug:slug>/", handing_in.work, name="work"),
    path("<slug:slug>/peers/", peers.peers, name="peers"),
]
