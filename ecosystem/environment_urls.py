from django.urls import path

from ecosystem.environment_views import audit, look, settings

app_name = "settings"
urlpatterns = [
    path("", settings.index, name="list"),
    path("values/<slug:key>/", settings.edit, name="value"),
    path("audit/", audit.index, name="audit"),
    path("audit/export/", audit.export, name="audit-export"),
    path("audit/<int:pk>/", audit.entry, name="audit-entry"),
    path("look/", look.edit, name="look"),
    path("look/preview/", look.preview, name="look-preview"),
    path("look/preview.css", look.preview_css, name="look-preview-css"),
    path("look/<int:pk>/back/", look.put_back, name="look-back"),
]
