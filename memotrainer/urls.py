from django.urls import path

from memotrainer import card_views, course_views, goal_making_views, goal_views, mending_views, views

app_name = "memotrainer"
urlpatterns = [
    path("", views.session, name="session"),
    path("session/", views.session_data, name="session-data"),
    path("answers/", views.answers, name="answers"),
    path("card/<int:pk>/", card_views.card, name="card"),
    path("card/<int:pk>/report/", card_views.report, name="report"),
    path("card/<int:pk>/media/<str:sha256>/", card_views.media, name="media"),
    path("undo/", card_views.undo, name="undo"),
    path("extra/", views.extra, name="extra"),
    path("pause/", views.pause, name="pause"),
    path("courses/", course_views.index, name="courses"),
    path("courses/<slug:slug>/", course_views.course, name="course"),
    path("goals/", goal_making_views.index, name="goals"),
    path("goals/<slug:slug>/", goal_views.goal, name="goal"),
    path("goals/<slug:slug>/settings/", goal_making_views.settings, name="goal-settings"),
    path("goals/<slug:slug>/end/", goal_making_views.end, name="goal-end"),
    path("questions/", mending_views.questions, name="questions"),
    path("questions/<int:pk>/settle/", mending_views.settle, name="question-settle"),
    path("progress/", views.progress, name="progress"),
    path("settings/", views.wishes, name="settings"),
    path("sw.js", views.worker, name="worker"),
]
