"""The environments below this one: the tree, one of them, and what is done with it as a whole."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from ecosystem.access import requires
from ecosystem.environment_forms import RemovalForm, SubenvironmentForm
from ecosystem.environment_tree import Branch, branch_of, branches, newest_export, seat_entries
from ecosystem.exceptions import EcosystemError
from ecosystem.limits import PEOPLE, STORAGE, limits_on
from ecosystem.models import EnvironmentExport
from ecosystem.people_views.reading import actor
from ecosystem.proof import proof_required
from ecosystem.rules import may_set
from ecosystem.scope import open_scope
from ecosystem.services.environment_exports import KEPT_FOR, environment_export_ask, environment_export_open, is_ready
from ecosystem.services.subenvironments import (
    environment_archive,
    environment_removal_plan,
    environment_restore,
    subenvironment_create,
)
from ecosystem.tenant_tables import rows_by_table

MOST_KINDS = 8


@requires(may_set)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    tree = branches()
    return render(request, "ecosystem/environments/tree.html", {"top": tree[0], "count": len(tree) - 1})


@requires(may_set)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    form = SubenvironmentForm(request.POST or None, tree=branches(), initial={"parent": request.GET.get("parent", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = subenvironment_create(by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error("host", str(refusal))
        else:
            messages.success(request, _("%(name)s is there. It looks as the one above it.") % {"name": made.name})
            return redirect("settings:environment", made.slug)
    return render(request, "ecosystem/environments/new.html", {"form": form})


@requires(may_set)
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    branch = _branch(slug)
    export = newest_export(branch.environment)
    ready = export is not None and is_ready(export=export)
    facts: dict[str, Any] = {
        "branch": branch,
        "row": branch.environment,
        "export": export,
        "is_ready": ready,
        "made_at": export.expires_at - KEPT_FOR if ready else None,
        "entries": seat_entries(branch.environment),
        "limits_above": _limits_above(branch),
        "begun": _has_begun(branch),
    }
    return render(request, "ecosystem/environments/environment.html", facts)


@requires(may_set)
@require_POST
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    return _do(request, slug, environment_archive, _("%(name)s is archived. Nothing is lost."))


@requires(may_set)
@require_POST
def restore(request: HttpRequest, slug: str) -> HttpResponse:
    return _do(request, slug, environment_restore, _("%(name)s is open again."))


@requires(may_set)
@require_POST
@proof_required
def copy(request: HttpRequest, slug: str) -> HttpResponse:
    return _do(request, slug, environment_export_ask, _("The copy is being made. This page shows how far it is."))


@requires(may_set)
@require_GET
@never_cache
@proof_required
def download(request: HttpRequest, slug: str, uid: UUID) -> FileResponse:
    """The copy, within its week."""
    branch = _branch(slug)
    export = EnvironmentExport.objects.filter(uid=uid, subject_id=branch.environment.pk).first()
    try:
        file = environment_export_open(export=export, by=actor(request)) if export else None
    except EcosystemError:
        file = None
    if file is None:
        raise Http404
    return FileResponse(file, as_attachment=True, filename=f"{branch.environment.slug}.zip")


@requires(may_set)
@require_http_methods(["GET", "HEAD", "POST"])
@proof_required(reading_is_free=True)
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes, by number; its name and the button make it happen."""
    branch = _branch(slug)
    if not branch.is_archived:
        messages.error(request, _("Archive it first."))
        return redirect("settings:environment", slug)
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            environment_removal_plan(environment=branch.environment, by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("It is planned. Until then you can restore it."))
            return redirect("settings:environment", slug)
    counts, more = _consequences(branch)
    facts = {"branch": branch, "row": branch.environment, "form": form, "counts": counts, "more": more}
    return render(request, "ecosystem/environments/remove.html", facts)


def _branch(slug: str) -> Branch:
    branch = branch_of(slug)
    if branch is None:
        raise Http404
    return branch


def _do(request: HttpRequest, slug: str, act: Any, said: str) -> HttpResponse:
    branch = _branch(slug)
    try:
        act(environment=branch.environment, by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said % {"name": branch.environment.name})
    return redirect("settings:environment", slug)


def _limits_above(branch: Branch) -> list[str]:
    here = branch.environment.pk
    words = {
        PEOPLE: _("%(name)s has %(most)s places for people, for everything below it together."),
        STORAGE: _("%(name)s has %(most)s MB of storage, for everything below it together."),
    }
    found = [(key, limit) for key in words for limit in limits_on(environment_id=here, key=key)]
    return [
        words[key] % {"name": limit.name, "most": limit.most} for key, limit in found if limit.environment_id != here
    ]


def _has_begun(branch: Branch) -> bool:
    return branch.environment.remove_at is not None and branch.environment.remove_at <= timezone.now()


def _consequences(branch: Branch) -> tuple[list[tuple[str, int]], int]:
    """The kinds of rows there are most of, in words, and how many rows there are beside those."""
    with open_scope(environment_id=branch.environment.pk):
        counts = rows_by_table(branch.environment.pk)
    names = {model._meta.db_table: capfirst(str(model._meta.verbose_name_plural)) for model in apps.get_models()}
    most = sorted(counts.items(), key=lambda pair: -pair[1])
    shown = [(names.get(table, table), count) for table, count in most[:MOST_KINDS] if count]
    return shown, sum(counts.values()) - sum(count for _name, count in shown)
