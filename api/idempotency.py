"""``Idempotency-Key``: a POST that was sent twice is done once, and both get the same answer."""

import hashlib
from typing import Any
from uuid import uuid4

from django.db import OperationalError, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from api.models import IdempotentAnswer
from api.models.answers import KEPT_FOR
from api.problems import Conflict, Unprocessable
from api.throttling import caller_of
from ecosystem.scope import current_scope

HEADER = "Idempotency-Key"
LONGEST = 255


class Replayed(Exception):  # noqa: N818 -- no error: an answer that was given before
    """Carries the answer of the first request."""

    def __init__(self, answer: IdempotentAnswer) -> None:
        super().__init__(answer.key)
        self.status, self.body = answer.status or 200, answer.body


def claim(request: Request) -> IdempotentAnswer | None:
    """The row that this request will fill, None when it names no key. Raises Replayed for the second of two.

    The unique key of the row makes requests at the same moment wait for each other: the second goes on when the
    first has committed, and finds its answer; or when the first was rolled back, and then does the work itself.
    """
    key = request.headers.get(HEADER, "")
    if request.method != "POST" or not key:
        return None
    if len(key) > LONGEST or not key.isprintable():
        raise ValidationError({HEADER: [f"At most {LONGEST} printable characters."]})
    row = IdempotentAnswer(
        environment_id=current_scope().environment_id,
        caller=caller_of(request),
        key=key,
        claim=uuid4(),
        request_hash=hash_of(request),
        created_at=timezone.now(),
    )
    same = IdempotentAnswer.objects.filter(caller=row.caller, key=key)
    same.filter(created_at__lt=row.created_at - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            IdempotentAnswer.objects.bulk_create([row], ignore_conflicts=True)
    except OperationalError as error:  # lock_timeout
        raise Conflict("The first request with this key is still being answered. Ask again in a moment.") from error
    found = same.get()
    if found.claim == row.claim:
        return found
    if found.request_hash != row.request_hash:
        raise Unprocessable("This key was used for another request. Take a new key for a new request.")
    if found.secret:
        raise Conflict("This was done. Its answer held a secret, which is shown only once.")
    raise Replayed(found)


def hash_of(request: Request) -> str:
    """Method, address and body: what makes two requests the same."""
    start = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(start + request._request.body).hexdigest()


def keep(row: IdempotentAnswer, response: Response) -> None:
    """Write the rendered answer beside its effect. One that must not be stored is only remembered as given."""
    row.secret = "no-store" in response.headers.get("Cache-Control", "")
    row.status, row.body = response.status_code, "" if row.secret else response.content.decode()
    row.save(update_fields=["status", "body", "secret"])


def replay(answer: Replayed) -> Response:
    return Given(answer)


class Given(Response):
    """An answer whose bytes are known already."""

    def __init__(self, answer: Replayed) -> None:
        super().__init__(status=answer.status, headers={"Idempotency-Replayed": "true"})
        self.kept = answer.body.encode()

    @property
    def rendered_content(self) -> Any:
        super().rendered_content  # noqa: B018 -- sets the content type
        self["Content-Type"] = "application/json"
        return self.kept
