from django.urls import path

from content.views import editing, links, making, packages, reading, support, watching
from ecosystem.routing import by_first_words

app_name = "content"
urlpatterns = by_first_words(
    [
        path("learn/<slug:slug>/", reading.page, name="page"),
        path("learn/<slug:slug>/done/", reading.finish, name="finish"),
        path("images/<str:sha256>/", reading.image, name="image"),
        path("files/<slug:slug>/", reading.document, name="file"),
        path("files/<slug:slug>/download/", reading.download, name="download"),
        path("links/<slug:slug>/", reading.link, name="link"),
        path("videos/<slug:slug>/", watching.video, name="video"),
        path("videos/<slug:slug>/watched/", watching.watched, name="watched"),
        path("videos/<slug:slug>/file/", watching.file, name="video-file"),
        path("videos/<slug:slug>/captions/", watching.captions, name="captions"),
        path("packages/<slug:slug>/", packages.package, name="package"),
        path("packages/<slug:slug>/<int:position>/", packages.play, name="play"),
        path("packages/<slug:slug>/<int:position>/report/", packages.report, name="report"),
        path("support/", support.search, name="support"),
        path("support/sw.js", support.worker, name="support-worker"),
        path("support/missed/", support.missed, name="missed"),
        path("support/missed/<int:pk>/handled/", support.handled, name="missed-handled"),
        path("support/<slug:slug>/", support.aid, name="aid"),
        path("support/<slug:slug>/ticks/", support.ticks, name="ticks"),
        path("support/<slug:slug>/helped/", support.helped, name="helped"),
        path("support/<slug:slug>/code/", support.code, name="code"),
        path("support/<slug:slug>/code.svg", support.code_drawn, name="code-drawn"),
        path("support/<slug:slug>/embeddable/", support.embeddable, name="embeddable"),
        path("support/<slug:slug>/embed/", support.embed, name="embed"),
        path("support/<slug:slug>/embed/<str:sha256>/", support.embed_image, name="embed-image"),
        path("content/", editing.index, name="list"),
        path("content/links/", links.index, name="links"),
        path("content/new/", making.choose, name="choose"),
        path("content/new/<slug:kind>/", making.new, name="new"),
        path("content/preview/", editing.preview, name="preview"),
        path("content/<slug:slug>/edit/", making.edit, name="edit"),
        path("content/<slug:slug>/check/", links.check, name="check"),
        path("content/<slug:slug>/versions/", editing.versions, name="versions"),
        path("content/<slug:slug>/versions/<int:number>/", editing.version, name="version"),
        path("content/<slug:slug>/versions/<int:number>/restore/", editing.restore, name="restore"),
    ]
)
