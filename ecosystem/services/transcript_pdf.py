"""The transcript on paper."""

from django.template.loader import render_to_string
from django.utils import timezone, translation

from ecosystem.models import Environment, Person
from ecosystem.pdf import render_pdf
from ecosystem.theme import tokens
from ecosystem.transcripts import TranscriptPart


def transcript_pdf(*, person: Person, parts: list[TranscriptPart], environment: Environment) -> bytes:
    """A4 (PDF/UA-1) in the colours of ``environment`` and the active language."""
    colours = {
        name.replace("-", "_"): value
        for name, value in tokens(brand=environment.brand, accent=environment.accent).items()
    }
    context = {
        "person": person,
        "parts": parts,
        "environment": environment,
        "made_at": timezone.now(),
        "language": translation.get_language(),
    }
    html = render_to_string("ecosystem/people/transcript_pdf.html", context)
    return render_pdf(html=html, css=render_to_string("ecosystem/people/transcript_pdf.css", {"colours": colours}))
