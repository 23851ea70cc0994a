"""The list of font folders that PDFs and the test browser draw with."""

from xml.sax.saxutils import escape

from launcher.places import Places
from launcher.secret import write_private

# A machine without fonts, and without a file that lists them, shows blanks or boxes; so Grove brings both.
TEMPLATE = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{folders}
<cachedir>{cache}</cachedir>
</fontconfig>
"""


def prepare_fonts(places: Places) -> dict[str, str]:
    file = places.state / "fonts.conf"
    folders = (places.checkout / "static/fonts", "/usr/share/fonts", places.state / "pango/usr/share/fonts")
    lines = "\n".join(f"<dir>{escape(str(folder))}</dir>" for folder in folders)
    write_private(file, TEMPLATE.format(folders=lines, cache=escape(str(places.state / "font-cache"))))
    return {"FONTCONFIG_FILE": str(file)}
