"""What every command needs before it can start: packages, the libraries that draw PDFs, fonts."""

from launcher.fonts import prepare_fonts
from launcher.packages import prepare_packages
from launcher.pango import prepare_pango
from launcher.places import Places


def prepare(places: Places, *, lock_name: str) -> dict[str, str]:
    """Make sure it is all there, and return the environment variables that point to it."""
    places.make_state()
    prepare_packages(places, lock_name)
    return {**prepare_pango(places), **prepare_fonts(places)}
