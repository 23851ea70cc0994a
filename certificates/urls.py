from django.urls import path

from certificates import views

app_name = "certificates"
urlpatterns = [
    path("certificates/", views.mine, name="mine"),
    path("certificates/<uuid:uid>.pdf", views.download, name="download"),
    path("verify/", views.verify, name="check"),
    path("verify/<str:serial>/", views.verify, name="verify"),
]
