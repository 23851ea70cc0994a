"""What may be typed about an environment."""

from __future__ import annotations

from itertools import product
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.concepts import CONCEPTS, GENDERED, LONGEST, OWN_WORD, USUAL
from ecosystem.environment_tree import Branch
from ecosystem.logo import LARGEST, clean_logo
from ecosystem.look import LEGAL, LONGEST_WORD, own_words, terms
from ecosystem.models import Environment
from ecosystem.models.environments import COLOUR, HOST_NAME, Font
from ecosystem.services.subenvironments import GRACE_DAYS
from ecosystem.setting_tree import Line, Own
from ecosystem.theme import MAX_RADIUS

PLAIN = ("name", "tagline", "brand", "accent", "font", "radius")
LONGEST_LEGAL = 60_000
ONE = {"en": _("One, in English"), "nl": _("One, in Dutch")}
SEVERAL = {"en": _("Several, in English"), "nl": _("Several, in Dutch")}


def _colour(label: Any) -> forms.CharField:
    return forms.CharField(label=label, validators=[COLOUR], widget=forms.TextInput(attrs={"type": "color"}))


class OwnWordField(forms.CharField):
    """What a thing is called in the middle of a sentence: plain letters, so that it fits into every text."""

    def __init__(self, *, label: Any, usual: str, language: str, initial: str) -> None:
        widget = forms.TextInput(attrs={"placeholder": usual, "lang": language})
        super().__init__(label=label, max_length=LONGEST, required=False, initial=initial, widget=widget)

    def clean(self, value: Any) -> str:
        word = " ".join(str(super().clean(value)).replace("'", "’").split())
        if word and not OWN_WORD.match(word):
            raise ValidationError(_("Use letters, digits, spaces, hyphens and apostrophes only."))
        return word

    @staticmethod
    def is_in(field: forms.BoundField) -> bool:
        return isinstance(field.field, OwnWordField) and bool(field.value())


class SvgField(forms.FileField):
    """A drawing; its value is the cleaned SVG text, or None when nothing was sent."""

    widget = forms.FileInput(attrs={"accept": ".svg,image/svg+xml"})

    def clean(self, data: Any, initial: Any = None) -> str | None:
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        if (file.size or 0) > LARGEST * 4:
            raise ValidationError(_("This logo is too large: at most 20 kB of SVG."))
        try:
            return clean_logo(file.read().decode())
        except UnicodeDecodeError:
            raise ValidationError(_("A logo must be an SVG drawing.")) from None


class LookForm(forms.Form):
    """Everything that makes an environment look like itself. Drawings that are not sent stay as they are."""

    name = forms.CharField(label=_("Name"), max_length=120)
    tagline = forms.CharField(
        label=_("Tagline"), max_length=200, required=False, help_text=_("One sentence below the name, on the way in.")
    )
    brand = _colour(_("Brand colour"))
    accent = _colour(_("Accent colour"))
    font = forms.ChoiceField(label=_("Font"), choices=Font.choices)
    radius = forms.IntegerField(label=_("Corners, 0 to 24 pixels round"), min_value=0, max_value=MAX_RADIUS)
    logo_svg = SvgField(label=_("Logo"), required=False, help_text=_("An SVG file of at most 20 kB."))
    logo_remove = forms.BooleanField(label=_("Take the logo away"), required=False)
    favicon_svg = SvgField(
        label=_("Icon of the browser tab"), required=False, help_text=_("An SVG file. Without one it is the logo.")
    )
    favicon_remove = forms.BooleanField(label=_("Use the logo as icon"), required=False)

    def __init__(self, *args: Any, environment: Environment, **kwargs: Any) -> None:
        words, legal = own_words(environment), environment.legal
        initial = {name: getattr(environment, name) for name in PLAIN}
        super().__init__(*args, initial=initial, **kwargs)
        self.environment = environment
        for drawing, remove in (("logo_svg", "logo_remove"), ("favicon_svg", "favicon_remove")):
            if not getattr(environment, drawing):
                del self.fields[remove]
        for key, usual in terms().items():
            self.fields[f"word_{key}"] = forms.CharField(
                label=usual,
                max_length=LONGEST_WORD,
                required=False,
                initial=words.get(key, ""),
                widget=forms.TextInput(attrs={"placeholder": str(usual)}),
            )
        self._add_concepts(words)
        for kind, label in LEGAL.items():
            self.fields[f"legal_{kind}"] = forms.CharField(
                label=label,
                max_length=LONGEST_LEGAL,
                required=False,
                initial=legal.get(kind, ""),
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def _add_concepts(self, words: dict[str, str]) -> None:
        """What things are called, in each language: one, many, and in Dutch the article."""
        for concept, language in product(CONCEPTS, USUAL):
            usual = USUAL[language][concept]
            for number, form in (("one", usual.one[0]), ("many", usual.many[0])):
                key = f"{language}:{concept}:{number}"
                self.fields[f"say_{key}"] = OwnWordField(
                    label=ONE[language] if number == "one" else SEVERAL[language],
                    initial=words.get(key, ""),
                    usual=form,
                    language=language,
                )
            if language in GENDERED:
                key = f"{language}:{concept}:gender"
                self.fields[f"say_{key}"] = forms.ChoiceField(
                    label=_("Article in Dutch"),
                    choices=[("common", "de"), ("neuter", "het")],
                    initial=words.get(key) or ("neuter" if usual.neuter else "common"),
                    required=False,
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for concept, language in product(CONCEPTS, USUAL):
            one, many = (f"say_{language}:{concept}:{number}" for number in ("one", "many"))
            if bool(data.get(one)) != bool(data.get(many)) and not {one, many} & set(self.errors):
                self.add_error(many if data.get(one) else one, _("Write both, for one and for several."))
        return data

    @property
    def concepts(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """Each concept with its fields, and whether it has own words or something is wrong with them."""
        found, usual = [], USUAL.get(get_language() or "", USUAL["en"])
        for concept in CONCEPTS:
            label = f"{usual[concept].one[0]}, {usual[concept].many[0]}".capitalize()  # not as it is called here
            fields = [field for field in self.fields_of("say_") if field.name.split(":")[1] == concept]
            found.append((label, fields, any(field.errors or OwnWordField.is_in(field) for field in fields)))
        return found

    def _said(self, data: dict[str, Any]) -> dict[str, str]:
        found = {}
        for concept, language in product(CONCEPTS, USUAL):
            keys = [f"{language}:{concept}:{part}" for part in ("one", "many", "gender")]
            if data[f"say_{keys[0]}"]:
                found |= {key: data[f"say_{key}"] for key in keys if data.get(f"say_{key}")}
        return found

    def fields_of(self, start: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(start)]

    @property
    def words(self) -> list[forms.BoundField]:
        return self.fields_of("word_")

    @property
    def legal(self) -> list[forms.BoundField]:
        return self.fields_of("legal_")

    def look(self) -> dict[str, Any]:
        """The cleaned values under the names of ``services.environments.LOOK``."""
        data = self.cleaned_data
        found = {name: data[name] for name in PLAIN}
        for drawing, remove in (("logo_svg", "logo_remove"), ("favicon_svg", "favicon_remove")):
            kept = "" if data.get(remove) else getattr(self.environment, drawing)
            found[drawing] = kept if data[drawing] is None else data[drawing]
        pages = {key: word for key in terms() if (word := data[f"word_{key}"].strip())}
        found["words"] = pages | self._said(data)
        found["legal"] = {kind: text for kind in LEGAL if (text := data[f"legal_{kind}"].strip())}
        return found


class SettingForm(forms.Form):
    """A value of its own, or that of above; whether it holds for everything below."""

    own = forms.ChoiceField(label=_("This environment"), widget=forms.RadioSelect)
    locked = forms.BooleanField(
        label=_("Lock it"),
        required=False,
        help_text=_("It then holds for every environment below, whatever they have."),
    )

    def __init__(self, *args: Any, line: Line, above: str, has_below: bool, **kwargs: Any) -> None:
        initial = {
            "own": "own" if line.own else "above",
            "value": line.kind.typed(line.held.value),
            "locked": bool(line.own and line.own.locked),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["own"].choices = [("above", above), ("own", _("has a value of its own"))]  # type: ignore[attr-defined]
        value = line.kind.field()
        value.label, value.help_text, self.needed = line.kind.label, line.kind.help, value.required
        value.required = False
        self.fields["value"] = value
        self.order_fields(["own", "value", "locked"])
        if not has_below:
            del self.fields["locked"]

    def clean(self) -> None:
        data = self.cleaned_data
        if "value" in self.changed_data and data.get("value") not in ("", None, []):
            data["own"] = "own"  # whoever types a value means it, whichever of the two is ticked
        if data.get("own") == "own" and self.needed and "value" in data and data["value"] in ("", None, []):
            self.add_error("value", _("Choose or write a value."))

    @property
    def result(self) -> Own | None:
        data = self.cleaned_data
        return Own(data["value"], data.get("locked", False)) if data["own"] == "own" else None


class SubenvironmentForm(forms.Form):
    """A new environment below this one, or below one of those."""

    name = forms.CharField(label=_("Name"), max_length=120)
    host = forms.CharField(
        label=_("Address"),
        max_length=253,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    parent = forms.ChoiceField(label=_("Below"), help_text=_("It begins with the look and the settings of that one."))

    def __init__(self, *args: Any, tree: list[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {one.environment.slug: one.environment for one in tree if not one.is_archived}
        choices = [(slug, row.name) for slug, row in self.places.items()]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]
        text = gettext("A host name of its own that ends in .%(host)s, such as north.%(host)s.")
        self.fields["host"].help_text = text % {"host": tree[0].host}

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip().lower()
        HOST_NAME(host)
        return host

    def clean_parent(self) -> Environment:
        return self.places[self.cleaned_data["parent"]]


class RemovalForm(forms.Form):
    """When an environment goes for good, and its name as a sign that this is the one."""

    days = forms.TypedChoiceField(label=_("When"), coerce=int, widget=forms.RadioSelect, initial=30)
    name = forms.CharField(label=_("Its name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [_("Now"), _("In a week"), _("In 30 days")]
        self.fields["days"].choices = list(zip(GRACE_DAYS, words, strict=True))  # type: ignore[attr-defined]
