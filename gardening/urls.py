from django.urls import URLPattern

app_name = "gardening"
urlpatterns: list[URLPattern] = []
