from django.urls import path

from ecosystem.environment_views import audit, below, look, settings, sharing

app_name = "settings"
urlpatterns = [
    path("", settings.index, name="list"),
    path("values/<slug:key>/", settings.edit, name="value"),
    path("audit/", audit.index, name="audit"),
    path("audit/export/", audit.export, name="audit-export"),
    path("audit/<int:pk>/", audit.entry, name="audit-entry"),
    path("environments/", below.index, name="environments"),
    path("environments/new/", below.create, name="environment-new"),
    path("environments/<slug:slug>/", below.detail, name="environment"),
    path("environments/<slug:slug>/archive/", below.archive, name="environment-archive"),
    path("environments/<slug:slug>/restore/", below.restore, name="environment-restore"),
    path("environments/<slug:slug>/copy/", below.copy, name="environment-copy"),
    path("environments/<slug:slug>/copy/<uuid:uid>/", below.download, name="environment-download"),
    path("environments/<slug:slug>/remove/", below.remove, name="environment-remove"),
    path("courses/", sharing.index, name="sharing"),
    path("courses/<slug:slug>/", sharing.share, name="share"),
    path("look/", look.edit, name="look"),
    path("look/preview/", look.preview, name="look-preview"),
    path("look/preview.css", look.preview_css, name="look-preview-css"),
    path("look/<int:pk>/back/", look.put_back, name="look-back"),
]
