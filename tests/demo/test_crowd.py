"""What a copied past takes along as it stands can stand in another environment."""

from demo.loading.crowd import COPIES, ONLY
from ecosystem.models import ElementKey, PartKey

SET_ASIDE = {("assessments_attempt", "seat_id")}  # attempts with one are left out


def test_nothing_that_is_copied_points_at_people_or_rows_of_the_other_environment():
    kept = {
        (model._meta.db_table, field.column)
        for model, _joins, changed in COPIES
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.column not in {"environment_id", "person_id", *changed}
        and not isinstance(field, ElementKey | PartKey)
    }
    assert kept == SET_ASIDE
    assert {model._meta.db_table for model in ONLY} >= {table for table, _column in SET_ASIDE}
