"""Discussions, for whoever takes part."""

from django.urls import path

from social.views import discussing, moderating, own

app_name = "discussions"
urlpatterns = [
    path("<slug:slug>/", discussing.discussion, name="discussion"),
    path("threads/<uuid:uid>/", discussing.thread, name="thread"),
    path("threads/<uuid:uid>/pin/", moderating.pin, name="pin"),
    path("posts/mine/", own.mine, name="mine"),
    path("posts/<uuid:uid>/", discussing.edit, name="edit"),
    path("posts/<uuid:uid>/withdraw/", discussing.withdraw, name="withdraw"),
    path("posts/<uuid:uid>/hide/", moderating.hide, name="hide"),
    path("posts/<uuid:uid>/show/", moderating.show, name="show"),
    path("posts/<uuid:uid>/helpful/", moderating.helpful, name="helpful"),
]
