"""Every route of the API, read from the resolver, with an address that exists in the scene."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from certificates.models import Certificate
from courses.models import Enrolment
from ecosystem.scope import open_scope

# Routes that anybody may call.
PUBLIC = {"schema/", "", "<path:rest>"}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        else:
            yield path, entry


def api_patterns() -> dict[str, URLPattern]:
    """Route below /api/ -> pattern."""
    (api,) = [entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/"]
    return dict(patterns(api))


def methods_of(pattern: URLPattern) -> list[str]:
    actions = getattr(pattern.callback, "actions", None)
    return sorted(actions) if actions else ["get"]


def address_of(route: str, life) -> str:
    """The address of the learner's own row for a route with parameters."""
    with open_scope(environment_id=life.environment.pk):
        person = life.people["learner"].person_id
        enrolment = Enrolment.objects.get(person_id=person).pk
        values = {
            "v1/elements/<slug:slug>/": "v1/elements/page-0/",
            "v1/courses/<slug:slug>/": "v1/courses/course/",
            "v1/courses/<slug:slug>/enrol/": "v1/courses/course/enrol/",
            "v1/enrolments/<int:pk>/": f"v1/enrolments/{enrolment}/",
            "v1/assessments/<str:slug>/": "v1/assessments/quiz/",
            "v1/attempts/<str:uid>/": f"v1/attempts/{life.attempt_of(person).uid}/",
            "v1/certificates/<uuid:uid>/": f"v1/certificates/{Certificate.objects.get(person_id=person).uid}/",
            "v1/measures/<slug:key>/": "v1/measures/enrolled/",
            "v1/tokens/<int:pk>/": "v1/tokens/1/",
        }
    return "/api/" + (values[route] if "<" in route else route)
