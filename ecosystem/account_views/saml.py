"""The way to an organisation's SAML server and back.

The answer comes as a form of another site, without our cookie: it is put aside for a moment, and looked at by the next
request, which the browser makes to us with its cookie.
"""

import logging
import secrets
import time

from allauth.core import ratelimit
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ecosystem.access import requires
from ecosystem.models import IdentityProvider, Person
from ecosystem.navigation import own_path, sign_in_again
from ecosystem.organisation import provider_id_of
from ecosystem.rules import anyone
from ecosystem.saml import SamlError, identity_of, metadata_of, question_to

logger = logging.getLogger(__name__)
STATE = "saml"
WAITS = 10 * 60  # seconds between the question and its answer
ASIDE = 60
LARGEST = 200_000  # characters


@requires(anyone)
@never_cache
@require_safe
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    row = provider_or_404(provider_id)
    address, question = question_to(row, provider_id=provider_id, base=_base(request))
    request.session[STATE] = {
        "question": question, "provider": provider_id, "at": time.time(), "next": own_path(request, default="/"),
    }  # fmt: skip
    return HttpResponseRedirect(address)


@csrf_exempt
@requires(anyone)
@never_cache
@require_POST
def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Only puts it aside: nobody is signed in here, and nothing in it is believed yet.

    What cannot be read is refused by the next request too, which knows the page that was wanted.
    """
    provider_or_404(provider_id)
    said = request.POST.get("SAMLResponse", "")
    if not said or len(said) > LARGEST or not ratelimit.consume(request, action="saml"):
        return HttpResponseRedirect(reverse("saml-finish", args=[provider_id]))
    key = secrets.token_urlsafe(24)
    cache.set(f"{STATE}:{key}", said, ASIDE)
    return HttpResponseRedirect(reverse("saml-finish", args=[provider_id]) + f"?answer={key}")


@requires(anyone)
@never_cache
@require_safe
def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Believe it, if it answers the question that this browser took along, once."""
    row = provider_or_404(provider_id)
    state = request.session.pop(STATE, None) or {}
    key = f"{STATE}:{request.GET.get('answer', '')[:64]}"
    said = cache.get(key)
    cache.delete(key)
    asked = state.get("provider") == provider_id and time.time() - state.get("at", 0) < WAITS
    wanted = state.get("next", "")
    if not said or not asked:
        return _refused(request, wanted)
    try:
        found = identity_of(row, provider_id=provider_id, base=_base(request), answer=said, question=state["question"])
    except SamlError as error:
        logger.warning("an answer by SAML was refused: %s", error)
        return _refused(request, wanted)
    # The organisation vouches for its addresses as it does by OpenID Connect; who is let in is decided in one place.
    claims = {"sub": found.uid, "email": found.email, "email_verified": True, "name": found.name}
    login = SocialLogin(
        user=Person(), account=SocialAccount(provider=provider_id, uid=found.uid, extra_data={"id_token": claims})
    )
    login.state = {"process": "login", "next": wanted}
    response: HttpResponse = complete_social_login(request, login)
    return response


@requires(anyone)
@require_safe
def metadata(request: HttpRequest, provider_id: str) -> HttpResponse:
    row = provider_or_404(provider_id, is_on=False)
    written = metadata_of(row, provider_id=provider_id, base=_base(request))
    return HttpResponse(written, content_type="application/samlmetadata+xml")


def provider_or_404(provider_id: str, *, is_on: bool = True) -> IdentityProvider:
    """One of this environment by its id in addresses; to sign in with it, one that is on."""
    rows = IdentityProvider.objects.filter(protocol=IdentityProvider.Protocol.SAML)
    for row in rows.filter(is_on=True) if is_on else rows:
        if provider_id_of(row) == provider_id:
            return row
    raise Http404


def _base(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _refused(request: HttpRequest, wanted: str) -> HttpResponse:
    messages.error(request, _("That did not work. Please try again, or sign in another way."))
    return sign_in_again(wanted)
