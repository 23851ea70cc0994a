"""Elements, connections and members for gardeners and administrators."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ecosystem.admin_filters import WordFilter
from ecosystem.admin_forms import ServiceAdmin
from ecosystem.admin_search import FoundByPerson
from ecosystem.delegation_admin import DelegationAdmin
from ecosystem.models import Connection, Credit, Element, Membership, Power, Role
from ecosystem.people_access import may_give_roles
from ecosystem.registry import element_kinds
from ecosystem.rules import is_gardener, may_read_people
from ecosystem.scope import current_scope
from ecosystem.services.elements import (
    connection_update,
    element_create,
    element_update,
    elements_connect,
    elements_disconnect,
)
from ecosystem.services.people import member_roles_set
from ecosystem.spans import span_of

__all__ = ["DelegationAdmin"]


class ElementForm(forms.ModelForm):
    """An element's facts. A slug that is taken is said at its field."""

    class Meta:
        model = Element
        fields = (
            "title", "slug", "summary", "why", "owner", "lifecycle", "review_on", "visibility",
            "language", "tags", "minutes", "url",
        )  # fmt: skip

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        same = Element.objects.filter(environment_id=current_scope().environment_id, slug=slug)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is already an element with this address."), code="taken")
        return slug


class CreditInline(admin.StackedInline):
    """Who made it. Credit is never edited by hand."""

    model = Credit
    readonly_fields = ("name", "role_words", "position")
    fields = (readonly_fields,)
    extra = 0
    can_delete = False

    @admin.display(description=_("role"))
    def role_words(self, row: Credit) -> str:
        return str(Role(row.role).label) if row.role in Role.values else row.role

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_gardener(request.membership)  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return Credit.objects.all()


class KindFilter(WordFilter):
    title, parameter_name = _("kind"), "kind"

    def words(self) -> Iterable[tuple[str, str | Promise]]:
        return [(kind.key, kind.label) for kind in element_kinds]


@admin.register(Element)
class ElementAdmin(ServiceAdmin):
    """Every element here. New ones come from their apps; an outside tool is added here."""

    form = ElementForm
    named_by = ("title",)
    list_display = ("title", "kind_words", "owner", "lifecycle", "review_on", "updated_at")
    list_filter = (KindFilter, "lifecycle", "language")
    list_select_related = ("owner",)
    search_fields = ("title", "slug", "summary")
    ordering = ("title",)
    prepopulated_fields = {"slug": ("title",)}
    import_list = "elements"
    export_columns = (
        "title", "slug", "kind", "summary", "why", "url", "language", "tags", "minutes", "lifecycle", "visibility",
        "review_on", "owner_address",
    )  # fmt: skip
    inlines = (CreditInline,)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_words(self, row: Element) -> str:
        kind = element_kinds.get(row.kind)
        return str(kind.label) if kind else row.kind

    @admin.display(description=_("owner"))
    def owner_address(self, row: Element) -> str:
        return row.owner.email if row.owner else ""

    def get_prepopulated_fields(self, request: HttpRequest, obj: Element | None = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def save_model(self, request: HttpRequest, obj: Element, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        facts = {name: form.cleaned_data[name] for name in form.changed_data}
        if change:
            element_update(element=obj, **facts)
            return
        made = element_create(
            kind="external",
            creators=[request.membership.person],  # type: ignore[attr-defined]
            **{"title": obj.title, **facts},
        )
        obj.pk, obj.environment_id = made.pk, made.environment_id


@admin.register(Connection)
class ConnectionAdmin(ServiceAdmin):
    """What prepares for, practises or supports what, and the effect somebody expects of it."""

    named_by = ("source", "kind", "target")
    list_display = ("source", "kind", "target", "hypothesis", "owner")
    list_filter = ("kind",)
    list_select_related = ("source", "target", "owner")
    search_fields = ("source__title", "target__title", "hypothesis")
    import_list = "connections"
    export_columns = ("source_slug", "kind", "target_slug", "hypothesis", "owner_address")
    ordering = ("-pk",)
    fields = ("source", "kind", "target", "hypothesis", "owner")

    @admin.display(description=_("source"))
    def source_slug(self, row: Connection) -> str:
        return row.source.slug

    @admin.display(description=_("target"))
    def target_slug(self, row: Connection) -> str:
        return row.target.slug

    @admin.display(description=_("owner"))
    def owner_address(self, row: Connection) -> str:
        return row.owner.email if row.owner else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Connection | None = None) -> tuple[str, ...]:
        return ("source", "kind", "target") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Connection | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        if change:
            connection_update(connection=obj, hypothesis=obj.hypothesis, owner=obj.owner)
            return
        made = elements_connect(
            source=obj.source, target=obj.target, kind=obj.kind, hypothesis=obj.hypothesis, owner=obj.owner
        )
        obj.pk, obj.environment_id = made.pk, made.environment_id

    def delete_model(self, request: HttpRequest, obj: Connection) -> None:
        elements_disconnect(connection=obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for connection in queryset:
            elements_disconnect(connection=connection)


class MembershipForm(forms.ModelForm):
    """The roles of a member as boxes to tick."""

    roles = forms.MultipleChoiceField(label=_("roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Membership
        fields = ("roles",)


@admin.register(Membership)
class MembershipAdmin(FoundByPerson, ServiceAdmin):
    """Who is here, as what. People are invited elsewhere; only an administrator changes roles."""

    rule = staticmethod(may_read_people)
    change_rule = staticmethod(may_give_roles)
    form = MembershipForm
    list_display = ("person", "email", "job_title", "role_words", "joined_at", "ended_at")
    list_select_related = ("person",)
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "joined_at")
    search_fields = ("person__name", "person__email", "job_title")
    ordering = ("person__name",)
    readonly_fields = ("person", "job_title", "joined_at", "ended_at")
    fields = ("person", "job_title", "roles", "joined_at", "ended_at")

    def within(self, membership: Membership) -> Q:
        return span_of(membership, Power.MANAGE_PEOPLE).of_people()

    @admin.display(description=_("e-mail"))
    def email(self, row: Membership) -> str:
        return row.person.email

    @admin.display(description=_("roles"))
    def role_words(self, row: Membership) -> str:
        return ", ".join(str(Role(role).label) for role in row.roles)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who may only look sees the roles in words: boxes are for who may tick them."""
        if self.has_change_permission(request, obj):
            return self.fields
        return tuple("role_words" if name == "roles" else name for name in self.fields)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        member_roles_set(
            membership=Membership.objects.get(pk=obj.pk),
            roles=form.cleaned_data["roles"],
            by=request.membership,  # type: ignore[attr-defined]
        )
