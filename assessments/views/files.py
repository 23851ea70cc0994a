"""Files handed in as answers: taken from the form of the player, given to their learner and whoever marks."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Answer
from assessments.selectors.files import answer_file_for
from assessments.services.answer_files import answer_file_add
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.nameless.giving import nameless_file
from ecosystem.rules import is_here, is_member
from ecosystem.serving import stored_file


@requires(is_member)
@require_POST
def answer_files(request: HttpRequest, uid: uuid.UUID, position: int) -> HttpResponse:
    """Take one file into the answer of one's own open attempt."""
    upload = request.FILES.get("file")
    person_id = request.membership.person_id  # type: ignore[attr-defined]
    if upload is None:
        messages.error(request, _("Choose a file first."))
        return redirect("assessments:question", uid, position)
    try:
        answer_file_add(attempt_uid=uid, person_id=person_id, position=position, upload=upload)
    except Answer.DoesNotExist:
        raise Http404 from None
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    return redirect("assessments:question", uid, position)


@requires(is_here)
@require_safe
def answer_file(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """A file of an answer; never shown as a page of ours. Where markers see no names, it names nobody either."""
    found = answer_file_for(request.membership, uid=uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    file, name, nameless = found
    if nameless:
        back = reverse("assessments:mark", args=[file.answer_id])
        return nameless_file(request, file.file, media_type=file.media_type, size=file.size, name=name, back=back)
    return stored_file(request, file.file, media_type=file.media_type, name=name, as_attachment=True)
