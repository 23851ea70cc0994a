from django.urls import path

from ecosystem import delegation_views, health, views
from ecosystem.access import requires
from ecosystem.gallery import gallery
from ecosystem.rules import anyone

urlpatterns = [
    path("", views.home, name="home"),
    path("theme/<slug:digest>.css", views.theme, name="theme"),
    path("me/appearance/", views.appearance, name="appearance"),
    path("i18n/setlang/", views.language, name="set-language"),
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
