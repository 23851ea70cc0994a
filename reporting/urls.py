from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.home, name="home"),
    path("ecosystem/", views.ecosystem, name="ecosystem"),
    path("ecosystem.csv", views.ecosystem_csv, name="ecosystem-csv"),
    path("ecosystem.pdf", views.ecosystem_pdf, name="ecosystem-pdf"),
]
