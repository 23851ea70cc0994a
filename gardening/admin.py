"""The charter and its numbers."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from ecosystem.admin_forms import ServiceAdmin
from gardening.models import Charter, Kpi, KpiValue
from gardening.services import charter_save, kpi_save, kpi_value_save


@admin.register(Charter)
class CharterAdmin(ServiceAdmin):
    """One per environment: adding a second is not offered."""

    named_by = ("business_issue",)
    list_display = ("business_issue", "sponsor", "champion", "budget_eur", "budget_hours")
    list_select_related = ("sponsor", "champion")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not Charter.objects.exists()

    def save_model(self, request: HttpRequest, obj: Charter, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        made = charter_save(**form.cleaned_data)
        obj.pk, obj.environment_id = made.pk, made.environment_id


class KpiValueInline(admin.StackedInline):
    """Month by month, each field with its name. Values are corrected here, never removed."""

    model = KpiValue
    fields = (("month", "value"),)
    extra = 1
    can_delete = False
    ordering = ("-month",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return KpiAdmin.rule(request.membership)  # type: ignore[attr-defined]

    has_add_permission = has_change_permission = has_view_permission

    def get_queryset(self, request: HttpRequest) -> Any:
        return KpiValue.objects.order_by("-month")


@admin.register(Kpi)
class KpiAdmin(ServiceAdmin):
    """A number of the organisation, with baseline, target and what it was each month."""

    named_by = ("name",)
    list_display = ("name", "unit", "direction", "baseline", "target", "target_on")
    list_select_related = ("charter",)
    search_fields = ("name",)
    inlines = (KpiValueInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Kpi | None = None) -> tuple[str, ...]:
        return ("charter", "name") if obj else ()  # together they say which KPI it is

    def save_model(self, request: HttpRequest, obj: Kpi, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        facts = {"charter": obj.charter, "name": obj.name, **form.cleaned_data}
        made = kpi_save(**facts)
        obj.pk, obj.environment_id = made.pk, made.environment_id

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        formset.save(commit=False)  # fills new_objects and changed_objects, which Django's message counts
        for row in [*formset.new_objects, *(row for row, _fields in formset.changed_objects)]:
            kpi_value_save(kpi=form.instance, month=row.month, value=row.value)
