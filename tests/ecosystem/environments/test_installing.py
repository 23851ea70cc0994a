"""An environment as an app on a phone: its own name, colours and icons, for whoever opens its host."""

import json
from io import BytesIO

import pytest
from PIL import Image

from ecosystem.app_icon import SIZES, app_icon, initials_of
from ecosystem.theme import contrast, tokens


def test_each_environment_has_its_own(make_environment, browser_of):
    west = make_environment("west", brand="#7A1FA2", tagline="By the sea")
    east = make_environment("east", brand="#0B6E69")
    found = {}
    for place in (west, east):
        client = browser_of(place)
        page = client.get("/").text
        assert '<link rel="manifest" href="/manifest.webmanifest">' in page
        answer = client.get("/manifest.webmanifest")
        assert answer.headers["Content-Type"] == "application/manifest+json"
        found[place.slug] = facts = json.loads(answer.content)
        assert (facts["name"], facts["start_url"], facts["display"]) == (place.name, "/", "standalone")
        assert {icon["sizes"] for icon in facts["icons"]} == {"192x192", "512x512"}
        assert {icon["purpose"] for icon in facts["icons"]} == {"any", "maskable"}
        for icon in facts["icons"]:
            image = client.get(icon["src"])
            assert image.headers["Content-Type"] == "image/png"
            assert "x".join(map(str, Image.open(BytesIO(image.content)).size)) == icon["sizes"]
        assert f'<link rel="apple-touch-icon" href="/theme/{place.theme_hash}/180.png">' in page
        assert client.get(f"/theme/{place.theme_hash}/180.png").status_code == 200
    assert found["west"]["theme_color"] != found["east"]["theme_color"]
    assert found["west"]["description"] == "By the sea"


@pytest.mark.parametrize("path", ["/theme/abc/192.png", "/theme/{}/193.png", "/theme/{}/99999.png"])
def test_no_other_icon(env, browser_of, path):
    assert browser_of(env).get(path.format(env.theme_hash)).status_code == 404


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Quay Side", "QS"), ("linden", "L"), ("  de  Brug & co", "DB"), ("日本", "G"), ("Écluse 9", "9")],
)
def test_the_letters(name, letters):
    assert initials_of(name) == letters


def test_the_letters_can_be_read_and_stay_in_the_middle():
    for brand in ("#000000", "#ffffff", "#7A1FA2", "#ffe100"):
        colours = tokens(brand=brand)
        assert contrast(colours["brand"], colours["on-brand"]) >= 4.5
        image = Image.open(BytesIO(app_icon(name="Wide Meadow", brand=brand, size=SIZES[-1]))).convert("RGB")
        ground = Image.new("RGB", image.size, image.getpixel((0, 0)))
        changed = [
            at for at, (one, other) in enumerate(zip(image.getdata(), ground.getdata(), strict=True)) if one != other
        ]
        across = [at % image.width for at in changed]
        assert changed
        assert min(across) > image.width * 0.1
        assert max(across) < image.width * 0.9
