"""Examples of what learners walk through: things to do, courses, chapters, steps and what opens them."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ecosystem.templatetags.ui import ring


def course_examples() -> dict[str, list[dict[str, Any]]]:
    """Component name -> examples, each a mapping of parameters."""
    return {
        "todo_row": [
            {
                "title": "Daily cards: 7 cards left",
                "href": "#cards",
                "items": [("clock", "3 min"), ("wifi-off", "Works offline")],
                "lead": ring(42, "5/12"),
            },
            {
                "title": "Hand in: record your own handover",
                "href": "#handin",
                "items": [("calendar", "Due Mon 30 Nov")],
                "icon": "upload",
                "icon_tone": "warn",
                "chip": "5 days",
                "chip_tone": "warn",
            },
            {
                "title": "Handover workshop",
                "href": "#event",
                "items": [("clock", "Tomorrow 09:30"), ("map-pin", "Quay House, room 4")],
                "lead": format_html('<span class="date"><b>26</b><span>Nov</span></span>'),
                "chip": "Going",
                "chip_tone": "ok",
                "chip_icon": "check",
            },
        ],
        "course_card": [
            {
                "title": "Leading a shift safely",
                "href": "#course",
                "art": "leaves",
                "tint": 1,
                "badge": "Course",
                "items": [("clock", "2 h"), ("users", "14 people")],
                "percent": 44,
                "next": "Next: What makes a handover fail?",
            },
            {
                "title": "Listening under pressure",
                "href": "#course2",
                "art": "hills",
                "tint": 2,
                "summary": "Short, practical, made by three colleagues of the night shift.",
                "chip": "New",
                "chip_tone": "brand-c",
            },
            {
                "title": "First aid for the mind",
                "href": "#course3",
                "tint": 3,
                "image": "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
            },
        ],
        "chapter": [
            {"title": "Get ready", "number": 1, "state": "done", "sub": "3 of 3 done", "content": ""},
            {
                "title": "Practise together",
                "number": 2,
                "state": "now",
                "sub": "1 of 4 done",
                "open": True,
                "content": _steps_note(),
            },
        ],
        "question_mark": [
            {"number": 1, "answered": True},
            {"number": 2, "current": True},
            {"number": 3, "flagged": True},
        ],
        "review_answer": [
            {
                "number": 1,
                "state": "partly",
                "stem": "What do you write down first?",
                "lang": "en",
                "spoken": "en",
                "points": "1 of 2 points",
                "given": ("Who was there",),
                "right": ("What happened", "When it happened"),
                "why": ("Facts first; opinions come later.",),
                "comments": ("Well seen.",),
                "files": ({"name": "handover.pdf", "path": "#", "size": 51_200},),
                "source": "The anatomy of a good handover",
                "source_href": "#",
            },
        ],
        "step": [
            {
                "title": "The anatomy of a good handover",
                "state": "done",
                "href": "#s1",
                "kind": "Reading",
                "time": "12 min",
            },
            {
                "title": "What makes a handover fail?",
                "state": "now",
                "icon": "play",
                "href": "#s2",
                "kind": "Quiz",
                "time": "4 of 12 min left",
                "chip": "65%",
                "chip_tone": "brand-c",
                "id": "step-now",
            },
            {
                "title": "Handover workshop",
                "state": "open",
                "icon": "calendar",
                "href": "#s3",
                "kind": "Event",
                "note": "You have a place.",
            },
            {
                "title": "Record your own handover",
                "state": "locked",
                "kind": "Hand-in",
                "why": "Opens when you have attended the workshop.",
                "why_href": "#s3",
            },
        ],
        "conditions": [
            {
                "items": [
                    {"text": "All online activities", "met": True, "note": "4 of 4 done"},
                    {"text": "Workshop attended", "met": False, "href": "#s3"},
                    {"text": "Check passed with 80 percent", "met": False},
                ]
            }
        ],
    }


def _steps_note() -> SafeString:
    return format_html(
        '<li class="step open"><span class="node"></span><span class="t">Steps stand here</span>'
        '<div class="sub"><span class="meta"><span>See the component “step”</span></span></div></li>'
    )
