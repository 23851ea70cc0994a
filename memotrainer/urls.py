from django.urls import URLPattern

app_name = "memotrainer"
urlpatterns: list[URLPattern] = []
