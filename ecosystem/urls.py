from django.urls import path

from ecosystem import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("theme/<slug:digest>.css", views.theme, name="theme"),
    path("me/appearance/", views.appearance, name="appearance"),
    path("i18n/setlang/", views.language, name="set-language"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
