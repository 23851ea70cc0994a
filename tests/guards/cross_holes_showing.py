"""Planted holes that show texts of another tenant, each by another way out or another forgotten filter."""

from __future__ import annotations

import zipfile
from io import BytesIO

from django import forms
from django.contrib import messages
from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.core import mail
from django.db import connection
from django.db.models import F, Func, Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.template import Context, Template
from django.urls import path

from assessments.models import Attempt, Picture
from content.models import Page
from ecosystem.models import Element, Invitation, Membership, Person
from memotrainer.models import Card
from tests.guards.cross_planted import everything, found, members_only, number, own, sent_by


def titles(rows=everything) -> list[str]:
    return list(rows.values_list("title", flat=True))


# --- lists ---------------------------------------------------------------------------------------------------------
@members_only
def unscoped_list(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"titles": titles()})


def anonymous_list(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"titles": titles()})


def preview_for_visitors(request: HttpRequest) -> HttpResponse:
    """Only the branch for visitors forgot the scope."""
    return JsonResponse({"titles": titles(Element.objects if request.membership else everything)})  # type: ignore[attr-defined]


@members_only
def raw_sql(request: HttpRequest, slug: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT summary FROM ecosystem_element WHERE slug = %s", [slug])
        rows = cursor.fetchall()
    if not rows:
        raise Http404
    return HttpResponse(rows[0][0])


@members_only
def prefetched(request: HttpRequest) -> HttpResponse:
    """One's own people, with what else they belong to."""
    everywhere = Prefetch("memberships", queryset=Membership._base_manager.select_related("environment"))
    people = Person.objects.filter(pk__in=Membership.objects.values("person_id")).prefetch_related(everywhere)
    return JsonResponse({person.pk: [str(one.environment) for one in person.memberships.all()] for person in people})


@members_only
def joined_by_name(request: HttpRequest) -> HttpResponse:
    """One's own rows, joined by a key that is unique per tenant only."""
    return JsonResponse(
        {"titles": titles(everything.filter(slug__in=list(Element.objects.values_list("slug", flat=True))))}
    )


@members_only
def facets(request: HttpRequest) -> HttpResponse:
    tags = everything.annotate(tag=Func(F("tags"), function="unnest")).values_list("tag", flat=True).distinct()
    return JsonResponse({"tags": list(tags)})


@members_only
def of_every_membership(request: HttpRequest) -> HttpResponse:
    """What belongs to the person, wherever: too much for who is a member of two."""
    person_id = request.membership.person_id  # type: ignore[attr-defined]
    places = Membership._base_manager.filter(person_id=person_id).values("environment_id")
    return JsonResponse({"titles": titles(everything.filter(environment_id__in=places))})


@members_only
def environment_by_query(request: HttpRequest) -> HttpResponse:
    place = number(request.GET.get("environment", "")) or request.environment.pk  # type: ignore[attr-defined]
    return JsonResponse({"titles": titles(everything.filter(environment_id=place))})


# --- searches ------------------------------------------------------------------------------------------------------
@members_only
def by_query(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "")
    return JsonResponse({"hits": titles(everything.filter(summary__contains=words)) if words else []})


@members_only
def behind_another_parameter(request: HttpRequest) -> HttpResponse:
    """The words count only together with a kind, in an address that nobody's own page has."""
    words = request.GET.get("q", "") if request.GET.get("kind") else ""
    return JsonResponse({"hits": titles(everything.filter(summary__contains=words)) if words else []})


@members_only
def highlighted(request: HttpRequest) -> HttpResponse:
    """The hits are one's own; the part that is shown of them is looked up by the words alone."""
    words = request.GET.get("q", "")
    part = SearchHeadline("summary", SearchQuery(words))
    hits = everything.filter(summary__contains=words).annotate(part=part) if words else everything.none()
    return JsonResponse({"parts": [hit.part for hit in hits]})


@members_only
def suggestions(request: HttpRequest) -> HttpResponse:
    term = request.GET.get("term", "")
    return JsonResponse(
        {"results": [{"id": row.pk, "text": row.title} for row in everything.filter(title__contains=term)]}
    )


# --- one row -------------------------------------------------------------------------------------------------------
@members_only
def unscoped_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(found(slug).summary)


@members_only
def of_other_kinds(request: HttpRequest, slug: str) -> HttpResponse:
    """Right for the kind that is tried first; rows of the others are looked for anywhere."""
    row = Element.objects.filter(slug=slug).first() or everything.filter(slug=slug).exclude(kind="page").first()
    if row is None:
        raise Http404
    return HttpResponse(row.summary)


@members_only
def child_without_parent(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    own(slug)
    page = Page._base_manager.filter(pk=pk).first()
    if page is None:
        raise Http404
    return HttpResponse(page.markdown)


@members_only
def parent_of_own_child(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    if not Page.objects.filter(pk=pk).exists():
        raise Http404
    return HttpResponse(found(slug).summary)


@members_only
def by_body(request: HttpRequest) -> HttpResponse:
    row = everything.filter(pk=number(request.POST.get("target"))).first()
    return HttpResponse(row.title if row else "nothing")


@members_only
def nested_in_json(request: HttpRequest) -> HttpResponse:
    cards = [number(item.get("card")) for item in sent_by(request).get("items", [])]
    return JsonResponse({"of": [str(card.person) for card in Card._base_manager.filter(pk__in=cards)]})


@members_only
def by_uid(request: HttpRequest, uid: object) -> HttpResponse:
    """Nobody guesses it, so nobody is asked whose it is."""
    attempt = Attempt._base_manager.filter(uid=uid).first()
    if attempt is None:
        raise Http404
    return HttpResponse(str(attempt.person))


@members_only
def by_token(request: HttpRequest, token: str) -> HttpResponse:
    """A signed link of another tenant, opened here."""
    for invitation in Invitation._base_manager.all():
        if invitation.token == token:
            return HttpResponse(invitation.name)
    raise Http404


@members_only
def by_hash(request: HttpRequest, sha256: str) -> HttpResponse:
    picture = Picture._base_manager.filter(sha256=sha256).first()
    if picture is None:
        raise Http404
    with picture.file.open() as file:
        return HttpResponse(file.read(), content_type="image/png")


@members_only
def by_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """People have no tenant: whoever names one must ask whether they belong here."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Http404
    return HttpResponse(person.name)


# --- ways out ------------------------------------------------------------------------------------------------------
@members_only
def download(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(b"%PDF", headers={"Content-Disposition": f'attachment; filename="{found(slug).title}.pdf"'})


@members_only
def csv_in_parts(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        (f"{row.title},{row.minutes}\n" for row in list(everything.all())), content_type="text/csv"
    )


@members_only
def archive(request: HttpRequest) -> HttpResponse:
    """Nothing in the answer but the names of packed files."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for row in everything.all():
            file.writestr(f"{row.title}.txt", "x" * 100)
    return HttpResponse(packed.getvalue(), content_type="application/zip")


@members_only
def redirects(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponseRedirect(f"/?from={found(slug).title}")


@members_only
def in_header(request: HttpRequest, slug: str) -> HttpResponse:
    response = HttpResponse("fine")
    row = everything.filter(slug=slug).first()
    response["Link"] = f'</learn/{slug}/>; rel="item"; title="{row.title if row else ""}"'
    return response


@members_only
def sets_cookie(request: HttpRequest, slug: str) -> HttpResponse:
    response = HttpResponse("fine")
    row = everything.filter(slug=slug).first()
    response.set_cookie("last", row.title.replace(" ", "-") if row else "")
    return response


@members_only
def message_on_the_next_page(request: HttpRequest, slug: str) -> HttpResponse:
    row = everything.filter(slug=slug).first()
    messages.success(request, f"“{row.title}” is on its way." if row else "Nothing is on its way.")
    return HttpResponseRedirect("/")


@members_only
def mails(request: HttpRequest, slug: str) -> HttpResponse:
    row = everything.filter(slug=slug).first()
    if request.method == "POST" and row:
        mail.send_mail(f"About {row.title}", "As you wished.", None, ["reader@example.org"])
    return HttpResponse("A letter is on its way.")


@members_only
def says_whose(request: HttpRequest, slug: str) -> HttpResponse:
    row = found(slug)
    if row.environment_id != request.environment.pk:  # type: ignore[attr-defined]
        return HttpResponse(f"“{row.title}” is not yours.", status=403)
    return HttpResponse("yours")


@members_only
def names_what_is_allowed(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return HttpResponse(f"Choose one of: {', '.join(titles())}.", status=400)
    return HttpResponse("Choose.")


class _ChoiceForm(forms.Form):
    source = forms.ModelChoiceField(queryset=everything.all())


@members_only
def choices_of_a_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_ChoiceForm().as_p())


@members_only
def data_in_the_page(request: HttpRequest) -> HttpResponse:
    """Handed to the template for a script, shown nowhere."""
    return HttpResponse(Template('<p>Fine.</p>{{ rows|json_script:"rows" }}').render(Context({"rows": titles()})))


@members_only
def options_say(request: HttpRequest) -> HttpResponse:
    if request.method == "OPTIONS":
        return JsonResponse({"actions": {"POST": {"source": {"choices": titles()}}}})
    return HttpResponse("fine")


@members_only
def only_head_says(request: HttpRequest, slug: str) -> HttpResponse:
    row = everything.filter(slug=slug).first()
    return HttpResponse(headers={"X-Title": row.title} if row and request.method == "HEAD" else {})


HOLES = [
    path("unscoped-list/", unscoped_list),
    path("anonymous-list/", anonymous_list),
    path("preview-for-visitors/", preview_for_visitors),
    path("raw-sql/<slug:slug>/", raw_sql),
    path("prefetched/", prefetched),
    path("joined-by-name/", joined_by_name),
    path("facets/", facets),
    path("of-every-membership/", of_every_membership),
    path("environment-by-query/", environment_by_query),
    path("by-query/", by_query),
    path("behind-another-parameter/", behind_another_parameter),
    path("highlighted/", highlighted),
    path("suggestions/", suggestions),
    path("unscoped-detail/<slug:slug>/", unscoped_detail),
    path("of-other-kinds/<slug:slug>/", of_other_kinds),
    path("page-child/<slug:slug>/<int:pk>/", child_without_parent),
    path("page-child/<slug:slug>/<int:pk>/parent/", parent_of_own_child),
    path("by-body/", by_body),
    path("nested-in-json/", nested_in_json),
    path("by-uid/<uuid:uid>/", by_uid),
    path("by-token/<str:token>/", by_token),
    path("by-hash/<str:sha256>/", by_hash),
    path("by-person/<int:person_id>/", by_person),
    path("download/<slug:slug>/", download),
    path("csv-in-parts/", csv_in_parts),
    path("archive/", archive),
    path("redirects/<slug:slug>/", redirects),
    path("in-header/<slug:slug>/", in_header),
    path("sets-cookie/<slug:slug>/", sets_cookie),
    path("message-on-the-next-page/<slug:slug>/", message_on_the_next_page),
    path("mails/<slug:slug>/", mails),
    path("says-whose/<slug:slug>/", says_whose),
    path("names-what-is-allowed/", names_what_is_allowed),
    path("choices-of-a-form/", choices_of_a_form),
    path("data-in-the-page/", data_in_the_page),
    path("options-say/", options_say),
    path("only-head-says/<slug:slug>/", only_head_says),
]
