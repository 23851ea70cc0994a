"""Questions to ask in tests, and the forms that answer them right or wrong."""

from assessments.models import Assessment, QuestionVersion
from assessments.question_types.choices import choice_tokens
from assessments.services import assessment_create, bank_create, objective_save, question_save
from ecosystem.models import Element

WHY = "Because that is what the text says."
SECRET = "Only-the-author-knows-this-word"

BODIES = {
    "single": {"choices": [{"text": "Yes", "correct": True, "feedback": SECRET}, {"text": "No", "correct": False}]},
    "multiple": {
        "choices": [
            {"text": "One", "correct": True},
            {"text": "Two", "correct": True},
            {"text": "Three", "correct": False},
        ]
    },
    "true_false": {"answer": True},
    "short_text": {"answers": [{"text": SECRET}]},
    "numeric": {"answers": [{"value": "424242", "tolerance": "0"}], "unit": "kg"},
    "matching": {
        "pairs": [{"text": "Dog", "answer": "Barks"}, {"text": "Cat", "answer": "Miaows"}],
        "distractors": ["Sings"],
    },
    "gap_select": {"text": "<p>The [[1]] is [[2]].</p>", "choices": [{"text": "grass"}, {"text": "green"}]},
    "essay": {"template": "Dear Sir,", "marker_notes": SECRET},
}


def right_form(version: QuestionVersion) -> dict[str, list[str]]:
    """The posted form that earns everything."""
    body = version.body
    if version.type in {"single", "multiple"}:
        names = choice_tokens(body)
        return {"answer": [names[n] for n, choice in enumerate(body["choices"]) if choice["correct"]]}
    return {
        "true_false": lambda: {"answer": ["true" if body["answer"] else "false"]},
        "short_text": lambda: {"answer": [body["answers"][0]["text"]]},
        "numeric": lambda: {"answer": [body["answers"][0]["value"]]},
        "essay": lambda: {"answer": ["It depends."]},
    }[version.type]()


def wrong_form(version: QuestionVersion) -> dict[str, list[str]]:
    """The posted form that earns nothing."""
    body = version.body
    if version.type in {"single", "multiple"}:
        names = choice_tokens(body)
        return {"answer": [names[n] for n, choice in enumerate(body["choices"]) if not choice["correct"]]}
    return {"answer": ["false" if version.type == "true_false" and body["answer"] else "0"]}


def make_bank(*, slug: str = "bank") -> Element:
    return bank_create(title="A bank", creators=["Ada"], slug=slug)


def make_assessment(*types: str, slug: str = "quiz", **facts: object) -> Assessment:
    """An assessment with one question of each of these types, in a bank of its own."""
    bank = make_bank(slug=f"{slug}-bank")
    objective = objective_save(bank=bank, slug="know", text="Know what it says")
    questions = [
        question_save(
            bank=bank,
            identifier=f"q{n}",
            type=kind,
            stem=f"<p>Question {n}?</p>",
            body=BODIES[kind],
            feedback=WHY,
            objective=objective,
        ).question
        for n, kind in enumerate(types or ("single",), start=1)
    ]
    return assessment_create(
        title="A quiz", creators=["Ada"], slug=slug, questions=questions, **{"pass_mark": 0.7, **facts}
    )
