from django.urls import path

from gardening import views

app_name = "gardening"
urlpatterns = [
    path("", views.home, name="home"),
    path("map/", views.ecosystem_map, name="map"),
    path("elements/<slug:slug>/", views.element, name="element"),
]
