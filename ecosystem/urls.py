from django.urls import include, path

from ecosystem import health, views
from ecosystem.access import requires
from ecosystem.gallery import gallery
from ecosystem.people_views import privacy, profile
from ecosystem.people_views.accepting import accept
from ecosystem.rules import anyone

urlpatterns = [
    path("", views.home, name="home"),
    path("theme/<slug:digest>.css", views.theme, name="theme"),
    path("me/appearance/", views.appearance, name="appearance"),
    path("i18n/setlang/", views.language, name="set-language"),
    path("people/", include("ecosystem.people_urls")),
    path("invitations/<str:token>/", accept, name="invitation"),
    path("me/profile/", profile.profile, name="my-profile"),
    path("me/environments/", profile.environments, name="my-environments"),
    path("me/data/", privacy.my_data, name="my-data"),
    path("me/data/export/", privacy.ask_export, name="my-data-export"),
    path("me/data/erase/", privacy.ask_erasure, name="my-data-erase"),
    path("me/data/<uuid:uid>/", privacy.download, name="my-data-download"),
    path("ui/", requires(anyone)(gallery), name="gallery"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
