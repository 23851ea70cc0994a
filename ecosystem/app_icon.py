"""The icon of an environment on the home screen of a phone: its initials on its colour, as PNG, which every phone reads."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from ecosystem.theme import tokens

SIZES = (180, 192, 512)  # of Apple, and of the manifest


def initials_of(name: str) -> str:
    """The first letters of the first two words; a leaf of text when there are none that the font knows."""
    letters = [word[0].upper() for word in name.split() if word[:1].isalnum() and word[:1].isascii()]
    return "".join(letters[:2]) or "G"


def app_icon(*, name: str, brand: str, size: int) -> bytes:
    """A square without round corners: phones cut them. The letters stay in the middle 60 percent, which none cuts."""
    colours = tokens(brand=brand)
    image = Image.new("RGB", (size, size), colours["brand"])
    letters = initials_of(name)
    font = ImageFont.load_default(size=size * (0.42 if len(letters) == 2 else 0.5))
    ImageDraw.Draw(image).text((size / 2, size / 2), letters, font=font, fill=colours["on-brand"], anchor="mm")
    written = BytesIO()
    image.save(written, format="PNG", optimize=True)
    return written.getvalue()
