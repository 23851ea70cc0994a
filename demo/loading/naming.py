"""Invented names of people and organisations for large demos. Any likeness is chance."""

from django.utils.text import slugify

FIRST = (
    "Ada", "Bram", "Chidi", "Dina", "Elif", "Femke", "Goran", "Hanna", "Imran", "Jasmijn", "Kofi", "Lotte", "Milan",
    "Noor", "Oscar", "Priya", "Quinten", "Rosa", "Samir", "Tess", "Umar", "Vera", "Wout", "Xenia", "Yara", "Zeno",
    "Amina", "Björn", "Carmen", "Daan", "Esra",
)  # fmt: skip
LAST = (
    "Achterberg", "Bakker", "Castillo", "Demir", "Eriksen", "Fontein", "Gomez", "Hartman", "Idrissi", "Jansen", "Kaya",
    "Lindgren", "Mulder", "Nguyen", "Okafor", "Peeters", "Quist", "Rossi", "Smit", "Tanaka", "Udo", "Vermeulen",
    "Wolters", "Yilmaz", "Zwart", "van den Berg", "de Wit", "El Amrani", "Osei",
)  # fmt: skip
TITLES = (
    "Support worker", "Community nurse", "Volunteer", "Helpline worker", "Youth worker", "Team lead", "Care coordinator",
    "Peer supporter", "Social worker",
)  # fmt: skip
PLACES = (
    "Alderbrook", "Birchgate", "Cedarholm", "Dunefield", "Elmstead", "Foxglove", "Greenhaven", "Heathcote", "Ivybridge",
    "Juniper Lane", "Kestrel Point", "Larkspur",
)  # fmt: skip
KINDS = ("Care", "Helpline", "Neighbours", "Community House", "Crisis Line")


def organisation(number: int) -> str:
    """A different name for each number below 60."""
    return f"{PLACES[number % len(PLACES)]} {KINDS[number // len(PLACES) % len(KINDS)]}"


def slug_of(name: str) -> str:
    return slugify(name)
