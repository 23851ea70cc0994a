from django.urls import path

from ecosystem.environment_views import look, settings

app_name = "settings"
urlpatterns = [
    path("", settings.index, name="list"),
    path("values/<slug:key>/", settings.edit, name="value"),
    path("look/", look.edit, name="look"),
    path("look/preview/", look.preview, name="look-preview"),
    path("look/preview.css", look.preview_css, name="look-preview-css"),
    path("look/<int:pk>/back/", look.put_back, name="look-back"),
]
