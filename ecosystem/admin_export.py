"""Rows of an admin list as CSV: what is ticked, or everything that fits search and filters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import lookup_field
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.services.list_exports import list_export

MOST = 20_000


@admin.action(description=gettext_lazy("Download as CSV"))
def export_csv(view: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet) -> HttpResponse | None:
    """The columns of the list, or ``export_columns`` of the admin; one query for any number of rows."""
    columns = list(getattr(view, "export_columns", ())) or list(view.list_display)
    related = view.list_select_related
    rows = chosen.select_related(*related) if isinstance(related, tuple | list) else chosen
    found = list(rows[: MOST + 1])
    if len(found) > MOST:
        view.message_user(
            request, _("These are more than %(most)s rows. Choose fewer.") % {"most": MOST}, messages.ERROR
        )
        return None
    name = view.model._meta.model_name or ""
    text = list_export(
        name=view.model._meta.label_lower,
        columns=columns,
        rows=([_cell(view, column, row) for column in columns] for row in found),
        by=request.membership,  # type: ignore[attr-defined]
    )
    return HttpResponse(
        text.encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "private, no-store"},
    )


def _cell(view: admin.ModelAdmin, column: str, row: Any) -> str | None:
    _field, _attribute, value = lookup_field(column, row, view)
    if value is None:
        return None
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "|".join(map(str, value))
    return str(value)
