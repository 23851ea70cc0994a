"""Events, for who organises them."""

from django.urls import path

from events import here_views, lending_views, organise_views, price_views, rules_views, training_views

app_name = "organise"
urlpatterns = [
    path("", organise_views.home, name="home"),
    path("new/", organise_views.new, name="new"),
    path("requests/", rules_views.requests, name="requests"),
    path("sw.js", training_views.worker, name="worker"),
    path("training/", training_views.home, name="training"),
    path("attendance/<int:pk>/", organise_views.attendance, name="attendance"),
    path("attendance/<int:pk>/marks/", training_views.marks, name="marks"),
    path("attendance/<int:pk>/code/", here_views.code, name="code"),
    path("attendance/<int:pk>/code.svg", here_views.code_drawn, name="code-drawn"),
    path("attendance/<int:pk>/sheet.pdf", here_views.sheet, name="sheet"),
    path("charges/seats.csv", price_views.charges, name="charges-all"),
    path("lending/all/", lending_views.home, name="equipment"),
    path("lending/<int:pk>/", lending_views.one, name="equipment-one"),
    path("<slug:slug>/", organise_views.event, name="event"),
    path("<slug:slug>/settings/", organise_views.settings, name="settings"),
    path("<slug:slug>/sessions/", organise_views.session, name="session-new"),
    path("<slug:slug>/sessions/<int:pk>/", organise_views.session, name="session"),
    path("<slug:slug>/rules/", rules_views.rules, name="rules"),
    path("<slug:slug>/repeat/", rules_views.repeat, name="repeat"),
    path("<slug:slug>/price/", price_views.price, name="price"),
    path("<slug:slug>/price/seats.csv", price_views.charges, name="charges"),
    path("<slug:slug>/questions/", rules_views.questions, name="questions"),
    path("<slug:slug>/move/", rules_views.move, name="move"),
    path("<slug:slug>/people/", organise_views.people, name="people"),
    path("<slug:slug>/cancel/", organise_views.cancel, name="cancel"),
]
