"""Long selects of the admin are written as Django writes them, and take what Django takes."""

import pytest
from django import forms

from ecosystem.admin_selects import NAMED_BY, NamedChoice
from ecosystem.models import Element, Person
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create

HOSTILE = "\"><script>alert('x')</script>&amp;"


class Plain(forms.Form):
    element = forms.ModelChoiceField(Element.objects.order_by("title"))
    person = forms.ModelChoiceField(Person.objects.order_by("name"), required=False)


class Long(forms.Form):
    element = NamedChoice(Element.objects.order_by("title"))
    person = NamedChoice(Person.objects.order_by("name"), required=False)


@pytest.mark.django_db
def test_options_are_those_of_django(env, other, member):
    people = [member("learner", name=name).person for name in ("Ada", HOSTILE, "1234.5")]
    with open_scope(environment_id=env.pk):
        made = [
            element_create(kind="external", title=title, creators=people[:1], url="https://example.org")
            for title in ("A wiki", HOSTILE)
        ]
    with open_scope(environment_id=other.pk):
        hidden = element_create(kind="external", title="CANARY", creators=["Ada"], url="https://example.org")
    for data, initial in (
        (None, {}),
        (None, {"element": made[0].pk, "person": people[1]}),
        ({"element": str(made[1].pk), "person": ""}, {}),
        ({"element": hidden.pk, "person": "nobody"}, {}),
    ):
        with open_scope(environment_id=env.pk):
            plain, long = (form(data, initial=initial) for form in (Plain, Long))
            for name in ("element", "person"):
                assert str(long[name]) == str(plain[name])
                assert "CANARY" not in str(long[name])
            assert long.errors == plain.errors
            assert getattr(long, "cleaned_data", None) == getattr(plain, "cleaned_data", None)


@pytest.mark.django_db
def test_rows_are_named_by_what_they_say_of_themselves(env, member):
    person = member("learner", name="Ada").person
    with open_scope(environment_id=env.pk):
        element = element_create(kind="external", title="A wiki", creators=[person], url="https://example.org")
    for row in (person, element):
        assert str(row) == getattr(row, NAMED_BY[type(row)])
