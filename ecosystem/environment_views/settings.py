"""Settings that inherit: all on one page with where they come from, and one to change, with what that does below."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.environment_forms import SettingForm
from ecosystem.exceptions import EcosystemError
from ecosystem.rules import may_set
from ecosystem.services.settings import may_change, setting_save
from ecosystem.setting_tree import Line, effects_of, settings_here


@requires(may_set)
def index(request: HttpRequest) -> HttpResponse:
    """Every setting: what it comes to, where that comes from, who has locked it."""
    lines = _lines(request)
    return render(request, "ecosystem/environments/settings.html", {"lines": lines})


@requires(may_set)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change one setting; where there are environments below, say first what changes there."""
    here, by = request.environment.pk, request.membership  # type: ignore[attr-defined]
    line = next((line for line in _lines(request) if line.kind.key == key), None)
    if line is None:
        raise Http404
    has_below = len(effects_of(environment_id=here, key=key, own=line.own)) > 1
    form = SettingForm(request.POST or None, line=line, above=_above(line), has_below=has_below)
    context = {"form": form, "line": line, "may_change": may_change(kind=line.kind, by=by)}
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        effects = effects_of(environment_id=here, key=key, own=form.result)
        if len(effects) > 1 and "confirmed" not in request.POST:
            below = [(one, line.kind.show(one.before.value), line.kind.show(one.after.value)) for one in effects[1:]]
            context["changes"] = [row for row in below if row[0].changes]
            context["kept"] = [row for row in below if row[0].keeps_own]
            context["same"] = sum(not row[0].changes and not row[0].keeps_own for row in below)
            context["after"] = line.kind.show(effects[0].after.value)
            return render(request, "ecosystem/environments/setting_confirm.html", context)
        try:
            changed = setting_save(key=key, own=form.result, by=by)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            count = len([one for one in changed if one.environment_id != here])
            words = ngettext(
                "Saved. It changed %(count)s environment below.",
                "Saved. It changed %(count)s environments below.",
                count,
            )
            messages.success(request, words % {"count": count} if count else _("Saved. It holds from now on."))
            return redirect("settings:list")
    return render(request, "ecosystem/environments/setting.html", context)


def _lines(request: HttpRequest) -> list[Line]:
    return settings_here(environment_id=request.environment.pk)  # type: ignore[attr-defined]


def _above(line: Line) -> str:
    if line.source_name and not line.is_here:
        return _("has what %(name)s has: %(value)s") % {"name": line.source_name, "value": line.words}
    return _("has what is set above, or the usual value")
