from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("seen/", views.seen, name="seen"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
