from django.urls import include, path

from ecosystem import delegation_views, health, list_views, views
from ecosystem.access import requires
from ecosystem.environment_views import installing, look
from ecosystem.gallery import gallery
from ecosystem.people_views import pictures, privacy, profile, transcript
from ecosystem.people_views.accepting import accept
from ecosystem.routing import by_first_words
from ecosystem.rules import anyone

urlpatterns = by_first_words(
    [
        path("theme/<slug:digest>.css", views.theme, name="theme"),
        path("theme/<slug:digest>.svg", look.icon, name="icon"),
        path("theme/<slug:digest>/<int:size>.png", installing.icon, name="app-icon"),
        path("manifest.webmanifest", installing.manifest, name="manifest"),
        path("legal/<slug:kind>/", look.legal, name="legal"),
        path("settings/", include("ecosystem.environment_urls")),
        path("me/appearance/", views.appearance, name="appearance"),
        path("i18n/setlang/", views.language, name="set-language"),
        path("people/", include("ecosystem.people_urls")),
        path("invitations/<str:token>/", accept, name="invitation"),
        path("me/profile/", profile.profile, name="my-profile"),
        path("me/picture/", pictures.choose, name="my-picture"),
        path("me/environments/", profile.environments, name="my-environments"),
        path("me/transcript/", transcript.transcript, name="my-transcript"),
        path("me/transcript.pdf", transcript.printed, name="my-transcript-pdf"),
        path("me/data/", privacy.my_data, name="my-data"),
        path("me/data/export/", privacy.ask_export, name="my-data-export"),
        path("me/data/erase/", privacy.ask_erasure, name="my-data-erase"),
        path("me/data/<uuid:uid>/", privacy.download, name="my-data-download"),
        path("lists/<slug:kind>/", list_views.bring_in, name="list-import"),
        path("lists/<slug:kind>/confirm/", list_views.confirm, name="list-import-confirm"),
        path("lists/<slug:kind>/sample.csv", list_views.sample, name="list-import-sample"),
        path("ui/", requires(anyone)(gallery), name="gallery"),
        path("delegations/", delegation_views.index, name="delegations"),
        path("delegations/new/", delegation_views.choose, name="delegation-choose"),
        path("delegations/new/<int:person_id>/", delegation_views.grant, name="delegation-grant"),
        path("delegations/mine/", delegation_views.mine, name="delegation-mine"),
        path("delegations/why/", delegation_views.why, name="delegation-why"),
        path("delegations/view-as/", delegation_views.view_as, name="view-as"),
        path("delegations/view-as/end/", delegation_views.view_as_end, name="view-as-end"),
        path("delegations/<int:pk>/", delegation_views.detail, name="delegation"),
        path("delegations/<int:pk>/revoke/", delegation_views.revoke, name="delegation-revoke"),
        path("delegations/<int:pk>/extend/", delegation_views.extend, name="delegation-extend"),
        path("delegations/<int:pk>/confirm/", delegation_views.reattest, name="delegation-reattest"),
        path("healthz", health.alive, name="healthz"),
        path("readyz", health.ready, name="readyz"),
    ]
)
