"""The examples the gallery shows: together they use every declared parameter of every component."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.utils.html import format_html

from ecosystem import charts
from ecosystem.gallery_course import course_examples
from ecosystem.gallery_frame import SampleForm


def gallery_examples() -> dict[str, list[dict[str, Any]]]:
    """Component name -> examples, each a mapping of parameters."""
    form = SampleForm(prefix="sample")
    refused = SampleForm({"refused2-name": "", "refused2-mail": "ama@"}, prefix="refused2")
    facts = [("clock", "12 min"), ("map-pin", "Quay House, room 4"), ("", "helped 31 people")]
    chart = charts.bars(
        [charts.Bar("Invited", 96), charts.Bar("Started", 84, "88% of invited"), charts.Bar("Finished", 31, "37%")],
        palette=charts.screen_palette(),
        title="Most people are lost before the hand-in",
        description="96 invited, 84 started, 31 finished.",
        total=96,
    )
    return {
        "page_head": [
            {
                "title": "Leading a shift safely",
                "over": "Course",
                "lead": "Four weeks, nine steps, one workshop.",
                "back": "Courses",
                "back_href": "#back",
                "items": facts,
                "content": format_html('<a class="btn" href="#share">Share</a>'),
            }
        ],
        "next_up": [
            {
                "title": "What makes a handover fail?",
                "href": "#next",
                "action": "Continue, 4 min left",
                "over": "Next up, online activity, 12 min",
                "where": "Leading a shift safely, step 4 of 9. You stopped at “The three silences”.",
                "icon": "play",
                "percent": 65,
                "why": "You started it, and the workshop that needs it is tomorrow.",
                "art": "rings",
            }
        ],
        "section_head": [{"title": "Also today", "id": "also", "more": "See all to-dos", "href": "#todo"}],
        **course_examples(),
        "button": [
            {"label": "Continue", "href": "#go", "tone": "primary", "big": True, "icon_end": "arrow-right"},
            {"label": "Save", "icon": "save", "type": "button", "name": "act", "value": "save", "form": "none"},
            {"label": "Not now", "tone": "quiet", "href": "#later", "said": "with this course"},
            {"label": "Retire", "tone": "danger", "type": "button", "confirm": "Retire this page?"},
            {"label": "Closed", "disabled": True},
            {"label": "Give up my place", "opens": "give-up", "type": "button", "wide": True},
        ],
        "confirm_dialog": [
            {
                "id": "give-up",
                "title": "Give up your place?",
                "text": "The first person in line gets it. You can join the waiting list again.",
                "action": "#give-up",
                "label": "Give up my place",
                "tone": "danger",
                "name": "seat",
                "value": "1",
            }
        ],
        "chip": [
            {"text": "Quiz"},
            {"text": "Yours", "tone": "brand-c"},
            {"text": "New", "tone": "accent"},
            {"text": "Going", "tone": "ok", "icon": "check"},
            {"text": "5 days", "tone": "warn"},
            {"text": "Late", "tone": "bad"},
            {"text": "Offline", "tone": "info", "icon": "wifi-off"},
            {"text": "Under 10 min", "href": "#filter", "current": True},
        ],
        "meta": [{"items": facts}],
        "progress": [
            {"value": 4, "max": 9, "said": "Steps done", "text": "4 of 9 steps"},
            {"value": 100, "said": "All done", "tone": "ok"},
        ],
        "date_tile": [{"on": date(2026, 11, 26)}],
        "tile": [{"icon": "book-open"}, {"icon": "upload", "tone": "warn"}, {"icon": "check", "tone": "ok"}],
        "avatar": [
            {"initials": "AO"},
            {"initials": "IC", "tone": "b", "big": True},
            {
                "initials": "MK",
                "photo": "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
            },
        ],
        "person_row": [
            {
                "name": "Ines Carvalho",
                "initials": "IC",
                "text": "Wrote 6 items, 31 people helped",
                "tone": "b",
                "href": "#ask",
                "said": "Ask Ines Carvalho",
                "icon": "message-circle",
                "photo": "",
            }
        ],
        "credit": [
            {
                "names": ["Tomas Ruiz", "Mo Karimi"],
                "built_on": ["Ines Carvalho"],
                "used_by": "Used by 5 teams.",
                "licence": "CC BY-SA 4.0.",
            }
        ],
        "card": [
            {
                "title": "Your week",
                "chip": "2 of 4 days",
                "chip_tone": "ok",
                "icon": "check",
                "id": "week",
                "content": format_html("<p>One card counts as a day. A missed day costs nothing.</p>"),
            }
        ],
        "empty": [
            {
                "title": "No courses yet",
                "text": "Courses you join appear here, with the next step first.",
                "icon": "sprout",
                "action": "Find a course",
                "href": "#catalogue",
            }
        ],
        "secret": [
            {
                "title": "Your new token",
                "value": "grove_4bTq0example",
                "text": "Keep it somewhere safe now. It is shown this once.",
            }
        ],
        "verdict": [
            {
                "say": "On course.",
                "text": "31 people finished, 4 more than planned.",
                "tone": "ok",
                "action": "See who",
                "href": "#who",
            },
            {"text": "12 hand-ins wait for a coach.", "tone": "warn"},
            {"say": "Not saved.", "text": "The file is larger than 20 MB.", "tone": "bad", "live": True},
            {"text": "Your answers are kept on this device.", "icon": "cloud-off"},
        ],
        "form_errors": [{"form": refused}],
        "field": [
            {"field": form["name"], "label": "Name", "help": "As it stands on certificates."},
            {"field": form["mail"], "hide_label": True},
            {"field": form["role"]},
            {"field": form["days"]},
            {"field": form["about"], "optional": True},
            {"field": form["agree"]},
            {"field": refused["mail"]},
        ],
        "kpi": [
            {
                "label": "Reached",
                "value": "84",
                "of": "96",
                "change": "88%, plan 85%",
                "trend": "up",
                "line": [40, 52, 60, 71, 80, 84],
            },
            {
                "label": "On schedule",
                "value": "73%",
                "change": "2 points down",
                "trend": "down",
                "good": False,
                "href": "#kpi",
            },
        ],
        "figure": [
            {
                "title": "Most people are lost before the hand-in",
                "note": "How many of 96 invited people got how far",
                "svg": chart,
                "columns": ["Stage", "People"],
                "rows": [["Invited", 96], ["Started", 84], ["Finished", 31]],
                "id": "lost",
            }
        ],
        "table": [
            {
                "caption": "People by team",
                "columns": ["Team", "Finished", "On the way"],
                "rows": [["North", 12, 4], ["Quay", 9, 8]],
            },
            {"caption": "Hidden caption", "columns": ["Team"], "rows": [["North"]], "hide_caption": True},
        ],
        "care_row": [
            {
                "title": "Old safety film",
                "reason": "Not used for 60 days",
                "href": "#film",
                "icon": "video",
                "tone": "bad",
                "chip": "Prune?",
            }
        ],
        "pagination": [{"page": Paginator(range(30), 10).page(2), "query": "topic=care"}],
        "toasts": [{"messages": [Message(25, "Saved. Your coach has been told.")]}],
        "brand": [{"name": "Harbour Academy", "href": "#home", "logo": ""}],
        "rail": [
            {
                "items": _nav(),
                "name": "Harbour Academy",
                "logo": "",
                "initials": "AM",
                "photo": "",
                "who": "Ama",
                "unread": 2,
            }
        ],
        "tabbar": [{"items": _nav()}],
    }


def _nav() -> list[dict[str, Any]]:
    return [
        {"icon": "house", "label": "Home", "short": "Home", "href": "#home", "badge": 0, "current": True},
        {"icon": "layers", "label": "Daily cards", "short": "Cards", "href": "#cards", "badge": 7, "current": False},
    ]
