"""Work on the job, for whoever confirms that it was done."""

from django.urls import path

from handins.views import confirming

app_name = "confirming"
urlpatterns = [
    path("", confirming.index, name="home"),
    path("<uuid:uid>/", confirming.one, name="one"),
]
