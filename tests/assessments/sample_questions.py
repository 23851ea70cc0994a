"""A question of each type, as the demo writes it, and the answer that earns everything."""

from typing import Any

from assessments.importers.demo_yaml import from_demo
from assessments.question_types.registry import QUESTION_TYPES

DEMO: dict[str, dict[str, Any]] = {
    "single": {
        "type": "single",
        "choices": [
            {"text": "Ask *openly*", "correct": True, "feedback": "SECRET-right"},
            {"text": "Change the subject", "feedback": "SECRET-wrong"},
            {"text": "Wait"},
        ],
    },
    "multiple": {
        "type": "multiple",
        "choices": [
            {"text": "Sleep", "correct": True, "feedback": "SECRET-a"},
            {"text": "Appetite", "correct": True},
            {"text": "Shoe size", "feedback": "SECRET-b"},
            {"text": "Eye colour"},
            {"text": "Height"},
        ],
    },
    "true_false": {"type": "true_false", "answer": True, "feedback_true": "SECRET-t", "feedback_false": "SECRET-f"},
    "short_text": {"type": "short_text", "answers": ["SECRET café", "SECRET panic*attack"]},
    "numeric": {"type": "numeric", "answer": 98765.5, "tolerance": 0.5, "unit": "m/s²"},
    "matching": {
        "type": "matching",
        "pairs": [
            {"text": "Listening", "answer": "Zebra"},
            {"text": "Advising", "answer": "Apple"},
            {"text": "Hearing", "answer": "Zebra"},
        ],
        "distractors": ["Mango"],
    },
    "gap_select": {
        "type": "gap_select",
        "text": "Stress is [[2]] and rest is [[1]].\n\n![a [[1]]](/a.png)",
        "choices": ["needed", "normal", {"text": "blue", "group": 1}, {"text": "SECRET other group", "group": 2}],
    },
    "essay": {"type": "essay", "minimum_words": 5, "marker_notes": "SECRET notes"},
    "ordering": {"type": "ordering", "items": ["Wake *up*", "Get dressed", "Go out", "Come home"]},
    "drag_text": {
        "type": "drag_text",
        "text": "Stress is [[2]] and rest is [[1]].",
        "choices": ["needed", "normal", {"text": "blue", "again": True}],
    },
    "cloze": {
        "type": "cloze",
        "text": "The [[1]] is [[2]] km away, or [[3]], says [[4]].",
        "gaps": [
            {"type": "short_text", "weight": 2, "answers": [{"text": "SECRET moon", "feedback": "SECRET-m"}]},
            {"type": "numeric", "answer": 987654, "tolerance": 1000, "unit": "km"},
            {"type": "single", "choices": [{"text": "far", "correct": True}, {"text": "near", "feedback": "SECRET"}]},
            {"type": "multiple", "choices": [{"text": "Ada", "correct": True}, {"text": "Bo"}]},
        ],
    },
    "hotspot": {
        "type": "hotspot",
        "picture": "attachment:" + "0a" * 32,
        "alt": "A plan of the hall",
        "width": 400,
        "height": 300,
        "areas": [
            {"name": "Door", "shape": "rect", "coords": [0, 0, 50, 80], "correct": True, "feedback": "SECRET-d"},
            {"name": "Stairs", "shape": "circle", "coords": [200, 150, 20], "feedback": "SECRET-s"},
            {"name": "Desk", "shape": "poly", "coords": ["300", 200, 350, 200, 320, 280]},
        ],
    },
    "file_upload": {"type": "file_upload", "most_files": 2, "endings": ["pdf"], "marker_notes": "SECRET notes"},
    "likert": {"type": "likert", "statements": ["I am *heard*", "I know why"], "scale": ["no", "perhaps", "yes"]},
}
BODIES = {key: from_demo(question) for key, question in DEMO.items()}
RIGHT: dict[str, dict[str, Any]] = {
    "single": {"choice": 0},
    "multiple": {"choices": [0, 1]},
    "true_false": {"value": True},
    "short_text": {"text": "secret CAFE\u0301"},
    "numeric": {"text": "98 765,5 m/s2"},
    "matching": {"pairs": [0, 1, 0]},
    "gap_select": {"gaps": [1, 0]},
    "ordering": {"places": [0, 1, 2, 3]},
    "drag_text": {"gaps": [1, 0]},
    "cloze": {"gaps": [{"text": "secret MOON"}, {"text": "987 000 km"}, {"choice": 0}, {"choices": [0]}]},
    "hotspot": {"areas": [0]},
}
KEYS = sorted(QUESTION_TYPES)
