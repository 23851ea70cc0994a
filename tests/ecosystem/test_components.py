"""Components and tags: parameters are checked, texts are escaped, nothing of the page leaks in."""

from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template

from ecosystem.components import component_template, declaration_of
from ecosystem.gallery_examples import gallery_examples

EXAMPLES = gallery_examples()


def render(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


def test_an_undeclared_parameter_is_refused_when_the_template_is_compiled():
    with pytest.raises(TemplateSyntaxError, match="no parameter colour"):
        Template('{% load ui %}{% component "chip" text="New" colour="red" %}')


def test_a_missing_parameter_is_refused():
    with pytest.raises(TemplateSyntaxError, match="needs text"):
        Template('{% load ui %}{% component "chip" %}')


@pytest.mark.parametrize(
    "source",
    [
        '{% component "nothing" %}',
        '{% component "../base" %}',
        "{% component chip %}",
        '{% component "chip" "New" %}',
        "{% component %}",
        '{% slot "chip" text="New" %}{% endslot %}',
    ],
)
def test_what_is_no_component_call_is_refused(source):
    with pytest.raises(TemplateSyntaxError):
        Template("{% load ui %}" + source)


def test_text_is_escaped_and_addresses_are_attributes():
    html = render('{% component "chip" text=text href=href %}', text="<b>x</b>", href='"><script>')
    assert "<b>x</b>" not in html
    assert "<script>" not in html


def test_each_is_the_component_once_for_every_row_with_the_same_checks():
    rows = [{"text": "<b>"}, {"text": "New", "tone": "ok"}]
    one_by_one = render('{% component "chip" text="<b>" %}{% component "chip" text="New" tone="ok" %}')
    assert render('{% each "chip" rows %}', rows=rows).count("<span") == one_by_one.count("<span") > 0
    assert "&lt;b&gt;" in render('{% each "chip" rows %}', rows=rows)
    with pytest.raises(TemplateSyntaxError, match="no parameter colour"):
        render('{% each "chip" rows %}', rows=[{"text": "New", "colour": "red"}])
    with pytest.raises(TemplateSyntaxError, match="no component"):
        render('{% each "nothing" rows %}')


def test_the_page_does_not_leak_into_a_component():
    assert "leaked" not in render('{% component "chip" text="New" %}', tone="leaked", icon="leaked")


def test_a_slot_takes_its_block():
    html = render('{% slot "card" title="Week" %}<p>{{ word }}</p>{% endslot %}', word="<i>")
    assert "<h2>Week</h2>" in html
    assert "<p>&lt;i&gt;</p>" in html


def test_an_unknown_icon_or_art_is_refused():
    with pytest.raises(ValueError, match="no icon"):
        render('{% icon "nothing" %}')
    with pytest.raises(ValueError, match="no art"):
        render('{% art "nothing" %}')


@pytest.mark.parametrize(("percent", "shown"), [(-5, "0 100"), (42, "42 100"), (400, "100 100"), (None, "0 100")])
def test_a_ring_stays_within_its_bounds(percent, shown):
    assert f'stroke-dasharray="{shown}"' in render("{% ring percent text %}", percent=percent, text="5/12")


@pytest.mark.parametrize("state", ["done", "now", "open", "locked"])
def test_a_step_says_its_state_in_words(state):
    html = render('{% component "step" title="Quiz" state=state href="/q/" why="Opens later." %}', state=state)
    assert 'class="vh"' in html
    assert ('href="/q/"' in html) is (state != "locked")


def test_the_gallery_shows_every_component():
    folder = get_template("components/chip.html").origin.name.rsplit("/", 1)[0]
    names = {path.stem for path in Path(folder).glob("*.html")}
    assert names == set(EXAMPLES)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_gallery_shows_every_parameter(name):
    declaration = declaration_of(name, component_template(name))
    used = {parameter for example in EXAMPLES[name] for parameter in example}
    assert used == set(declaration.parameters)
    for example in EXAMPLES[name]:
        declaration.check(set(example))
    assert declaration.about.endswith(".")
