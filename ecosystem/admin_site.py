"""Base classes of the admin: scoped rows, rights from the membership, writes through services."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import display_for_field, lookup_field, unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as django_says
from django.utils.translation import gettext_lazy as _

from ecosystem.admin_export import export_csv
from ecosystem.admin_rows import ScopedChangeList
from ecosystem.admin_words import words_give
from ecosystem.models import Membership, TenantModel
from ecosystem.navigation import own_path
from ecosystem.rules import Rule, is_gardener, may_set, may_use_admin

CHECKBOX = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'


class GroveAdminSite(admin.AdminSite):
    """Only for members whose role has work here; everyone else is told it does not exist."""

    site_header = site_title = "Grove"
    index_title = _("Look after your ecosystem")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what belongs to an environment: libraries bring pages for tables of everybody, and nobody may see those."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if issubclass(model, TenantModel)]
        for model in (*ours, *(inline.model for inline in getattr(admin_class, "inlines", ()))):
            words_give(model)
        super().register(ours, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return may_use_admin(request.membership)  # type: ignore[attr-defined]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made when it is shown: Django asks for it on every page, and without the sidebar only two pages show it."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one door: visitors go to the page of signing in, and for others without work here there is no admin."""
        goal = own_path(request, default=reverse("admin:index"))
        if request.membership is None:  # type: ignore[attr-defined]
            return redirect_to_login(goal)
        if not self.has_permission(request):
            raise Http404
        return redirect(goal)


class ScopedAdmin(admin.ModelAdmin):
    """A model of the open scope. ``rule`` says who may look, ``change_rule`` who may change.

    Django's own log (a table without environment) stays unused: acts are learning records and audit rows.
    """

    rule: Rule = staticmethod(is_gardener)
    change_rule: Rule = staticmethod(is_gardener)
    list_per_page = 50
    show_full_result_count = False
    exclude = ("environment",)
    import_list = ""  # the kind of list (ecosystem.list_kinds) that can be brought in here from a file
    export_columns: tuple[str, ...] = ()  # of the CSV file; as the list shows them, when it is empty
    named_by: tuple[str, ...] = ()  # columns that say which row it is, above its page; the first two, when it is empty

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Every list can be taken away as a file, also one whose rows nobody may change."""
        name = "export_csv"
        return {**super().get_actions(request), name: (export_csv, name, self.get_action(export_csv)[2])}  # type: ignore[index]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ScopedChangeList]:
        return ScopedChangeList

    def action_checkbox(self, obj: Any) -> SafeString:
        """As Django has it, without making a widget for each row."""
        # By another name than "_": our catalogue has no need to repeat what Django's has.
        label = format_html(django_says("Select this object for an action - {}"), str(obj))
        return format_html(CHECKBOX, ACTION_CHECKBOX_NAME, obj.pk, label)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        said = {
            "title": capfirst(self.opts.verbose_name_plural),
            "import_href": reverse("list-import", args=[self.import_list]) if self.import_list else "",
        }
        try:
            return super().changelist_view(request, {**said, **(extra_context or {})})
        except (
            DataError
        ):  # an address made by hand asks for what PostgreSQL cannot read; Django refuses the rest itself
            request.undo = True  # type: ignore[attr-defined]
            return redirect(f"{request.path}?{ERROR_FLAG}=1")

    def name_of(self, row: Any) -> str:
        """As people know it: ``str(row)`` goes into logs and so has numbers in it, and no names of people."""
        told = (self._told(column, row) for column in self.named_by or self.list_display[:2])
        return " · ".join(filter(None, told)) or str(row)

    def _told(self, column: str, row: Any) -> str:
        try:
            field, _attribute, value = lookup_field(column, row, self)
        except ObjectDoesNotExist:  # what it points at is offered here no more
            return ""
        if value is None or value == "":
            return ""
        return str(value) if field is None or field.is_relation else str(display_for_field(value, field, ""))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        if row := context["original"]:
            context["subtitle"] = self.name_of(row)
            context["has_history"] = may_set(request.membership)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What was done with a row is in the audit log; Django's own stays empty."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not (self.has_view_permission(request, row) and may_set(request.membership)):  # type: ignore[attr-defined]
            raise Http404
        row = self.noted_on(row)
        wish = urlencode({"model": row._meta.label_lower, "object": row.pk})
        return redirect(f"{reverse('settings:audit')}?{wish}")

    def noted_on(self, row: Any) -> Any:
        """The row that the audit log names when something is done with this one."""
        return row

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.rule(request.membership)  # type: ignore[attr-defined]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.rule(request.membership)  # type: ignore[attr-defined]

    def _is_ours(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or getattr(obj, "environment_id", None) == request.environment.pk  # type: ignore[attr-defined]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.change_rule(request.membership) and self._is_ours(request, obj)  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.change_rule(request.membership)  # type: ignore[attr-defined]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def within(self, membership: Membership) -> Q:
        """Which rows the person may see: those that their powers reach (``ecosystem.spans``); as a rule all."""
        return Q()

    def get_queryset(self, request: HttpRequest) -> Any:
        # The scoped manager, not _default_manager, which a later `objects = ...` could replace.
        queryset = self.model.objects.filter(self.within(request.membership))  # type: ignore[attr-defined]
        ordering = self.get_ordering(request)
        return queryset.order_by(*ordering) if ordering else queryset

    def log_addition(self, *args: Any, **kwargs: Any) -> None: ...

    def log_change(self, *args: Any, **kwargs: Any) -> None: ...

    def log_deletions(self, *args: Any, **kwargs: Any) -> None: ...


class ReadOnlyAdmin(ScopedAdmin):
    """For rows that only services make."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
