"""Lines of rubrics as people type them: what cannot be read is refused, never an error of ours."""

import pytest

from assessments.forms.marking import RubricForm
from ecosystem.rubric_lines import RubricLineError, criterion_of
from handins.forms.making import HandinRubricForm


def test_a_criterion_with_its_levels():
    assert criterion_of(" Structure : missing 0, very  clear 2") == (
        "Structure",
        [{"title": "missing", "points": 0}, {"title": "very  clear", "points": 2}],
    )


@pytest.mark.parametrize(
    "line", ["Care", "Care:", "Care: no", "Care: no -1", "Care: no 1001", "Care: no ²", "Care: no " + "9" * 4_500]
)
def test_what_cannot_be_read_is_refused_in_both_places(line):
    with pytest.raises(RubricLineError):
        criterion_of(line)
    for form in (RubricForm, HandinRubricForm):
        assert "text" in form({"text": line}).errors


@pytest.mark.parametrize("line", ["(2): no 0", "Care (0): no 0", "Care (101): no 0", f"Care ({'9' * 4_500}): no 0"])
def test_weights_that_are_none_are_refused(line):
    assert "text" in HandinRubricForm({"text": line}).errors
