from django.urls import include, path

from ecosystem import health, views
from ecosystem.access import requires
from ecosystem.gallery import gallery
from ecosystem.people_views.accepting import accept
from ecosystem.rules import anyone

urlpatterns = [
    path("", views.home, name="home"),
    path("theme/<slug:digest>.css", views.theme, name="theme"),
    path("me/appearance/", views.appearance, name="appearance"),
    path("i18n/setlang/", views.language, name="set-language"),
    path("people/", include("ecosystem.people_urls")),
    path("invitations/<str:token>/", accept, name="invitation"),
    path("ui/", requires(anyone)(gallery), name="gallery"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
