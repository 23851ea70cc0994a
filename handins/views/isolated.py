"""Recordings on the isolated host, for who holds a signed address. Nobody is signed in here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase

from ecosystem.access import requires
from ecosystem.isolated import unsign
from ecosystem.rules import anyone
from ecosystem.serving import stored_file
from handins.anonymity import neutral_name
from handins.models import FeedbackFile, HandinFile
from handins.views.playing import FEEDBACK, OWN

MODELS = {OWN: HandinFile, FEEDBACK: FeedbackFile}


@requires(anyone)
def recording(request: HttpRequest, token: str) -> HttpResponseBase:
    """The bytes that a player asks for, as sound or video and as nothing else."""
    match unsign(token):
        case (str(use), int(environment_id), int(pk)) if use in MODELS and environment_id == request.environment.pk:  # type: ignore[attr-defined]
            found = MODELS[use].objects.filter(pk=pk).first()
        case _:
            found = None
    if found is None or found.media_type.partition("/")[0] not in {"audio", "video"}:
        raise Http404
    # Who asks is not known here, so it never has the name that its maker gave it.
    name = found.name if isinstance(found, FeedbackFile) else neutral_name(found)
    return stored_file(request, found.file, media_type=found.media_type, name=name)
