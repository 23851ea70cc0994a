"""A person's own transcript: everything they have completed, wherever that was."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ecosystem.access import requires
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_member
from ecosystem.services.transcript_pdf import transcript_pdf
from ecosystem.transcripts import transcript_of


@requires(is_member)
def transcript(request: HttpRequest) -> HttpResponse:
    parts = transcript_of(person_id=actor(request).person_id)
    context = {"parts": parts, "is_empty": not any(part.sections for part in parts), "several": len(parts) > 1}
    return render(request, "ecosystem/people/transcript.html", context)


@requires(is_member)
@never_cache
def printed(request: HttpRequest) -> HttpResponse:
    person = actor(request).person
    parts = [part for part in transcript_of(person_id=person.pk) if part.sections]
    pdf = transcript_pdf(person=person, parts=parts, environment=request.environment)  # type: ignore[attr-defined]
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": 'attachment; filename="transcript.pdf"'}
    )
