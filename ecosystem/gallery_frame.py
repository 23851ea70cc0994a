"""What the gallery shows around its examples: a form to try, the list or row that a component needs, the CSS classes."""

from django import forms


class SampleForm(forms.Form):
    """A form with each kind of field."""

    name = forms.CharField(label="Your name", help_text="As it stands on certificates.")
    mail = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(label="Your work", choices=[("care", "Care worker"), ("coach", "Coach")])
    days = forms.ChoiceField(
        label="Days a week", choices=[("2", "Two days"), ("4", "Four days")], widget=forms.RadioSelect
    )
    about = forms.CharField(label="What do you want to learn?", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="Remind me by e-mail", help_text="You can stop this at any time.")


# How an example is wrapped, where a component needs its list or row around it.
WRAPPERS = {
    "todo_row": "ul.card flush todo",
    "step": "ol.card path",
    "question_mark": "nav.qnav",
    "care_row": "ul.care",
    "course_card": "div.grid3",
    "kpi": "div.kpis",
    "chip": "div.row",
    "button": "div.row",
    "tile": "div.row",
    "avatar": "div.row",
}

CLASSES = [
    ("cols", "main column and aside from 62rem"),
    ("stack, stack-s, stack-l", "one under the other, with a middle, small or large gap"),
    ("row, row tight", "beside each other, wrapping"),
    ("between", "two things at the two ends"),
    ("grow", "takes the room that is left"),
    ("grid2, grid3", "as many columns as fit"),
    ("narrow", "a readable width, centred"),
    ("scroller", "cards that scroll sideways on their own; give it tabindex and a label"),
    ("card, card pad, card flush", "a box; more padding; none"),
    ("todo, path, care, conds, kpis, list", "lists of the row components"),
    ("form", "fields under each other"),
    ("seg", "a choice of two to four, as links or buttons"),
    ("tabs", "links between parts of one thing; aria-current marks the current one"),
    ("chapter, week, post, react, cert, cta", "course page, week dots, posts, certificate, sticky action on the phone"),
    ("prose", "text that authors wrote"),
    (
        "muted, small, b, center, nowrap, num, end",
        "quieter, smaller, bolder, centred, on one line, even digits, at the end",
    ),
    ("vh", "only for screen readers"),
    ("phone, desk", "only below or only from 62rem"),
]
