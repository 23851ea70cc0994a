"""Files handed in as answers: taken from the form of the player."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.models import Answer
from assessments.services.answer_files import answer_file_add
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.rules import is_member


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
