from django.urls import path

from notifications.views import devices, notices, preferences, sent

app_name = "notifications"
urlpatterns = [
    path("", notices.notices, name="notices"),
    path("seen/", notices.seen, name="seen"),
    path("unread/", notices.unread, name="unread"),
    path("<int:pk>/seen/", notices.seen_one, name="seen-one"),
    path("<int:pk>/open/", notices.open_one, name="open"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("devices/", devices.add, name="device-add"),
    path("devices/<int:pk>/remove/", devices.remove, name="device-remove"),
    path("sw.js", devices.worker, name="worker"),
]
# Under /dev/mail/, in development only.
sent_patterns = [
    path("", sent.letters, name="letters"),
    path("<str:name>/", sent.letter, name="letter"),
    path("<str:name>/html/", sent.letter_html, name="letter-html"),
]
