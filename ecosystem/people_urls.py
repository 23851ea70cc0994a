from django.urls import path

from ecosystem.account_views import organisation
from ecosystem.people_views import groups, importing, inviting, members, pictures, privacy

app_name = "people"
urlpatterns = [
    path("", members.index, name="list"),
    path("act/", members.act, name="act"),
    path("faces/<uuid:uid>/", pictures.face, name="face"),
    path("export/", members.export, name="export"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/roles/", members.roles, name="roles"),
    path("members/<int:pk>/end/", members.end, name="end"),
    path("members/<int:pk>/sign-out/", members.sign_out, name="sign-out"),
    path("members/<int:pk>/back/", members.take_back, name="take-back"),
    path("members/<int:pk>/erase/", privacy.erase, name="erase"),
    path("invite/", inviting.invite, name="invite"),
    path("invitations/", inviting.index, name="invitations"),
    path("invitations/act/", inviting.act, name="invitations-act"),
    path("import/", importing.upload, name="import"),
    path("import/confirm/", importing.confirm, name="import-confirm"),
    path("import/sample.csv", importing.sample, name="import-sample"),
    path("sign-in/", organisation.index, name="providers"),
    path("sign-in/new/", organisation.provider, name="provider-new"),
    path("sign-in/<int:pk>/", organisation.provider, name="provider"),
    path("groups/", groups.index, name="groups"),
    path("groups/new/", groups.new, name="group-new"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/remove/", groups.remove, name="group-remove"),
    path("groups/<int:pk>/delete/", groups.delete, name="group-delete"),
]
