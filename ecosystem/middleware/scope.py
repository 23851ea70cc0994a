"""Host -> environment, session -> person, and the one scope of the request around everything else."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language_from_request
from redis.exceptions import RedisError

from ecosystem.conflicts import TRIES, is_conflict, keep_body, may_repeat
from ecosystem.exceptions import PdfError
from ecosystem.hosts import environment_for_host
from ecosystem.isolated import host_behind
from ecosystem.middleware.telemetry import remember_environment
from ecosystem.models import Membership, SignIn, SignInMethod
from ecosystem.powers import with_hints
from ecosystem.prepared import Given, prepared
from ecosystem.scope import become_person, open_scope
from ecosystem.services.entering import guest_of
from ecosystem.services.identity_providers import is_known_beyond
from ecosystem.services.sign_ins import sign_in_seen, sign_ins_end
from ecosystem.setting_kinds import setting_of
from ecosystem.signals import SESSION_ENVIRONMENT, SESSION_SIGN_IN

logger = logging.getLogger(__name__)

# Answered before any environment is known.
WITHOUT_ENVIRONMENT = ("/healthz", "/readyz")


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # not TRACE, which says back what it was told
SEEN_EVERY = timedelta(minutes=10)
DEVICE_COOKIE_AGE = 400 * 24 * 3600  # as long as browsers keep one


@prepared
def _membership(*, person: Given, sign_in: Given, since: Given) -> QuerySet[Membership]:
    running = SignIn.objects.filter(pk=sign_in, person_id=OuterRef("person_id"), ended_at=None, began_at__gt=since)
    rows = Membership.objects.select_related("person").filter(person_id=person, ended_at=None)
    seen_at, method = Subquery(running.values("seen_at")[:1]), Subquery(running.values("method")[:1])
    return with_hints(rows.annotate(seen_at=seen_at, method=method))


def _guest(*, person_id: int, sign_in_id: int, since: datetime) -> Membership | None:
    """Somebody from above, with how they signed in and when that was last seen."""
    guest = guest_of(person_id=person_id)
    if guest is not None:
        running = SignIn.objects.filter(pk=sign_in_id, person_id=person_id, ended_at=None, began_at__gt=since)
        found = running.values_list("seen_at", "method").first()
        guest.seen_at, guest.method = found or (None, "")  # type: ignore[attr-defined]
    return guest


class Undo(Exception):  # noqa: N818 -- no error: an answer on its way out
    """Carries a finished answer out of a transaction that must be rolled back."""


def holds_nul(request: HttpRequest) -> bool:
    """PostgreSQL cannot keep this character, and no address or search of ours holds it. The API says so itself."""
    in_query = "%00" in request.META.get("QUERY_STRING", "") and not request.path.startswith("/api/")
    return "\x00" in request.path or in_query


def busy() -> HttpResponse:
    """503 with a page that asks nothing of any store."""
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})


def archived(request: HttpRequest) -> HttpResponse:
    """410 with a page that says why there is nothing; as a problem document to other software."""
    name = request.environment.name  # type: ignore[attr-defined]
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": "Archived", "status": 410, "detail": f"{name} is archived."}
        return JsonResponse(body, status=410, content_type="application/problem+json")
    with translation.override(get_language_from_request(request)):
        return HttpResponse(render_to_string("archived.html", {"name": name}), status=410)


class ScopeMiddleware(AuthenticationMiddleware):
    """Open the scope of the request; also does the work of Django's AuthenticationMiddleware.

    Any exception, and any answer marked ``undo``, rolls the whole request back: a refused request has
    written nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.begin(request)
        if request.path in WITHOUT_ENVIRONMENT:
            return self.get_response(request)
        if request.method not in METHODS:
            return HttpResponseNotAllowed(sorted(METHODS))
        if holds_nul(request):
            return HttpResponseNotFound("There is nothing here.", content_type="text/plain")
        try:
            name = request.get_host().split(":")[0].lower()
            behind = host_behind(name)
            request.environment = environment_for_host(behind or name)
            if request.environment is None:
                return HttpResponseNotFound("There is nothing here.", content_type="text/plain")
            remember_environment(slug=request.environment.slug, pk=request.environment.pk)
            if request.environment.archived_at is not None:
                return archived(request)
            if behind is not None:  # nobody is signed in there, whatever cookies a package has set
                request.urlconf = settings.ISOLATED_URLCONF
                request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            keep_body(request)
            return self.answer_again(request)
        except OperationalError:
            logger.exception("the database is away")
            return busy()

    @staticmethod
    def begin(request: HttpRequest) -> None:
        request.user, request.membership, request.viewer = AnonymousUser(), None, None
        request.undo = request.conflict = False

    def answer_again(self, request: HttpRequest) -> HttpResponse:
        """The answer; from the beginning, a few times, while PostgreSQL ends the transaction for the sake of another."""
        for _try in range(TRIES - 1):
            try:
                response = self.answer_in_scope(request)
            except OperationalError as error:
                if not is_conflict(error) or not may_repeat(request):
                    raise
            else:
                if not request.conflict or not may_repeat(request):
                    return response
            logger.warning("two transactions were in each other's way; once more")
            self.begin(request)
        return self.answer_in_scope(request)

    def answer_in_scope(self, request: HttpRequest) -> HttpResponse:
        """The answer, after its transaction has been committed or undone."""
        person_id = self.person_in_session(request)
        response: HttpResponse | None = None
        try:
            with open_scope(environment_id=request.environment.pk, person_id=person_id):
                if person_id is not None:
                    self.sign_in(request, person_id)
                response = self.get_response(request)
                if request.undo or response.status_code >= 500:
                    raise Undo  # noqa: TRY301 -- the transaction around this line is what must roll back
        except Undo:
            pass
        if token := getattr(request, "new_device", None):
            self.remember_device(response, token)
        return response  # type: ignore[return-value]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Undo everything. A store that is away is not a fault of the page: ask to come back in a moment.

        Sign-in needs Redis, because its rate limits do and must not be open without it.
        """
        request.undo, request.conflict = True, is_conflict(exception)
        if isinstance(exception, OperationalError | RedisError):
            logger.warning("a store is away: %s", type(exception).__name__)
            return busy()
        if isinstance(exception, PdfError):
            logger.error("no PDF was made: %s", exception)
            return busy()
        return None

    @staticmethod
    def person_in_session(request: HttpRequest) -> int | None:
        """The id in a session of this environment; checked by ``sign_in``."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        session = request.session
        if session.get(SESSION_ENVIRONMENT) != request.environment.pk or BACKEND_SESSION_KEY not in session:
            return None
        key = session.get(SESSION_KEY)
        return int(key) if key else None

    @staticmethod
    def remember_device(response: HttpResponse | None, token: str) -> None:
        """So that the next sign-in with this browser is nothing new. It opens nothing."""
        if response is not None:
            response.set_cookie(
                settings.DEVICE_COOKIE_NAME,
                token,
                max_age=DEVICE_COOKIE_AGE,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )

    @staticmethod
    def sign_in(request: HttpRequest, person_id: int) -> None:
        """Only while the membership and the sign-in last, in one query. When it was last seen is written now and then.

        A sign-in lasts as long as the environment says, and half as long without a visit.

        An organisation vouches for its own people only: with the first request after they came to belong elsewhere too,
        the sign-in through its provider ends. That costs those who signed in so a question more.
        """
        sign_in_id, now = request.session.get(SESSION_SIGN_IN) or 0, timezone.now()
        longest = timedelta(days=setting_of(request.environment, "session_days"))  # type: ignore[attr-defined]
        membership = next(iter(_membership(person=person_id, sign_in=sign_in_id, since=now - longest)), None)
        membership = membership or _guest(person_id=person_id, sign_in_id=sign_in_id, since=now - longest)
        valid = (
            membership is not None
            and membership.seen_at is not None  # type: ignore[attr-defined]
            and membership.seen_at > now - longest / 2  # type: ignore[attr-defined]
            and membership.person.is_active
            and constant_time_compare(
                request.session.get(HASH_SESSION_KEY, ""), membership.person.get_session_auth_hash()
            )
        )
        if valid and membership.method == SignInMethod.ORGANISATION and is_known_beyond(person=membership.person):  # type: ignore[union-attr]
            sign_ins_end(person=membership.person, only=sign_in_id)  # type: ignore[union-attr]
            valid = False
        if valid:
            request.membership, request.user = membership, membership.person
            if membership.environment_id == request.environment.pk:  # type: ignore[union-attr, attr-defined]
                membership.environment = request.environment  # type: ignore[union-attr, attr-defined]
            if membership.seen_at < now - SEEN_EVERY:  # type: ignore[union-attr]
                sign_in_seen(sign_in_id=sign_in_id)
        else:
            become_person(None)
