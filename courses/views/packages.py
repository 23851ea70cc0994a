"""A course goes out as a package, and comes in from one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from courses.exceptions import AlreadyHereError
from courses.models import CourseVersion
from courses.services.package_uploads import package_import_kept, package_keep
from courses.services.packages_in import package_preview
from courses.services.packages_out import course_export
from courses.views.building import course_to_build
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_author

SHOWN = 100


class PackageFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Package"),
        help_text=gettext_lazy(
            "A course that was exported here or on another Grove: a ZIP of at most 190 MB."
            " Common Cartridges and Moodle backups cannot be read."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What goes along and what does not; a post is the file itself."""
    course = course_to_build(request, slug)
    numbers = set(CourseVersion.objects.filter(element=course).values_list("number", flat=True))
    if not numbers:
        raise Http404
    refusal = ""
    what = request.POST.get("what", "published")
    if request.method == "POST" and what not in {"published", "draft"}:
        refusal = _("Choose what the file should hold.")
    elif request.method == "POST":
        try:
            written = course_export(course=course, by=actor(request), draft=what == "draft")
        except EcosystemError as error:
            refusal = str(error)
        else:
            return FileResponse(
                written.file, as_attachment=True, filename=f"{slug}.zip", content_type="application/zip"
            )  # fmt: skip
    context = {"course": course, "number": max(numbers), "has_draft": 0 in numbers, "refusal": refusal}
    return render(request, "courses/export.html", context, status=409 if refusal else 200)


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest) -> HttpResponse:
    """Choose a package; see what would come in; then have it done."""
    if request.method == "POST" and "key" in request.POST:
        return _bring_in(request)
    form = PackageFileForm(request.POST or None, request.FILES or None)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        upload, by = form.cleaned_data["file"], actor(request)
        try:
            preview = package_preview(file=upload.file, size=upload.size, by=by)
            key = "" if preview.problems else package_keep(upload=upload, by=by)
        except EcosystemError as refusal:
            form.add_error("file", str(refusal))
        else:
            elements, notes = preview.elements, preview.notes
            context |= {
                "preview": preview, "key": key, "filename": upload.name,
                "elements": elements[:SHOWN], "more": max(len(elements) - SHOWN, 0),
                "notes": notes[:SHOWN], "more_notes": max(len(notes) - SHOWN, 0), "problems": preview.problems[:SHOWN],
            }  # fmt: skip
    return render(request, "courses/import.html", context)


def _bring_in(request: HttpRequest) -> HttpResponse:
    try:
        course = package_import_kept(
            key=request.POST.get("key", ""), by=actor(request), again=request.POST.get("again") == "1"
        )  # fmt: skip
    except AlreadyHereError as refusal:
        messages.info(request, str(refusal))
        return redirect("courses:build", slug=refusal.course.slug)
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
        return redirect("studio:import")
    messages.success(request, _("The course is here, as a draft. Look at it, then publish it."))
    return redirect("courses:build", slug=course.slug)
