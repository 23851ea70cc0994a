"""Charter and KPIs for other software."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ecosystem.models import Person
from ecosystem.rules import is_gardener, is_sponsor
from ecosystem.selectors import member_of_email
from gardening.models import Charter, Direction, Kpi, KpiValue
from gardening.selectors import charter_of_environment
from gardening.services import charter_save, kpi_save, kpi_value_save

LARGEST = 2_147_483_647


class MonthSerializer(serializers.ModelSerializer[KpiValue]):
    class Meta:
        model = KpiValue
        fields = ["month", "value"]
        read_only_fields = fields


class KpiSerializer(serializers.ModelSerializer[Kpi]):
    values = MonthSerializer(many=True, read_only=True)

    class Meta:
        model = Kpi
        fields = ["id", "name", "unit", "direction", "baseline", "target", "target_on", "values"]
        read_only_fields = fields


class CharterSerializer(serializers.ModelSerializer[Charter]):
    sponsor = serializers.EmailField(source="sponsor.email", allow_null=True, default=None, read_only=True)
    champion = serializers.EmailField(source="champion.email", allow_null=True, default=None, read_only=True)

    class Meta:
        model = Charter
        fields = ["business_issue", "why", "audience", "sponsor", "champion", "budget_eur", "budget_hours"]
        read_only_fields = fields


class CharterWishSerializer(serializers.Serializer[Any]):
    business_issue = serializers.CharField()
    why = serializers.CharField(allow_blank=True)
    audience = serializers.CharField(allow_blank=True, default="")
    sponsor = serializers.EmailField(allow_null=True, default=None, help_text="E-mail address of a member.")
    champion = serializers.EmailField(allow_null=True, default=None, help_text="E-mail address of a member.")
    budget_eur = serializers.IntegerField(min_value=0, max_value=LARGEST, default=0)
    budget_hours = serializers.IntegerField(min_value=0, max_value=LARGEST, default=0)

    def validate_sponsor(self, value: str | None) -> Person | None:
        return person_or_error(value)

    validate_champion = validate_sponsor


def person_or_error(email: str | None) -> Person | None:
    person = member_of_email(email=email) if email else None
    if email and person is None:
        raise serializers.ValidationError("Nobody here has this address.")
    return person


class NewKpiSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    unit = serializers.CharField(max_length=80, allow_blank=True, default="")
    direction = serializers.ChoiceField(choices=Direction.choices)
    baseline = serializers.FloatField()
    target = serializers.FloatField()
    target_on = serializers.DateField(allow_null=True, default=None)


class ValueSerializer(serializers.Serializer[Any]):
    month = serializers.DateField(help_text="Any day of the month.")
    value = serializers.FloatField()


class CharterView(APIView):
    """What the ecosystem is for. Sponsors read it, gardeners write it."""

    rule = staticmethod(is_sponsor)
    write_rule = staticmethod(is_gardener)
    area = "reports"

    @extend_schema(responses=CharterSerializer, operation_id="charter_retrieve")
    def get(self, request: Request) -> Response:
        charter = charter_of_environment()
        if charter is None:
            raise Http404
        return Response(CharterSerializer(charter).data)

    @extend_schema(request=CharterWishSerializer, responses=CharterSerializer, operation_id="charter_update")
    def put(self, request: Request) -> Response:
        """Write the charter; there is one."""
        wish = CharterWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return Response(CharterSerializer(charter_save(**wish.validated_data)).data)


class KpiViewSet(viewsets.ReadOnlyModelViewSet[Kpi]):
    """The numbers of the organisation that the ecosystem hopes to move."""

    rule = staticmethod(is_sponsor)
    write_rule = staticmethod(is_gardener)
    area = "reports"
    serializer_class = KpiSerializer
    queryset = Kpi.objects.prefetch_related("values")
    lookup_value_converter = "int"

    @extend_schema(request=NewKpiSerializer, responses={201: KpiSerializer})
    def create(self, request: Request) -> Response:
        """A KPI on the charter; the same name again changes it."""
        charter = charter_of_environment()
        if charter is None:
            raise Http404
        wish = NewKpiSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        made = kpi_save(charter=charter, **wish.validated_data)
        return Response(KpiSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ValueSerializer, responses=KpiSerializer)
    @action(detail=True, methods=["post"])
    def values(self, request: Request, pk: int) -> Response:
        """What it was in a month; the last word counts."""
        kpi = self.get_object()
        wish = ValueSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        kpi_value_save(kpi=kpi, **wish.validated_data)
        return Response(KpiSerializer(self.get_object()).data)
