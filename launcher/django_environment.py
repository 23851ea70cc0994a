"""The environment that Django, Celery, pytest and the bench are started with (config/settings.py reads it)."""

import os
from collections.abc import Mapping

from launcher.places import Instance, Places, make_private
from launcher.secret import kept_secret

# These would make the Python in .venv look for its modules somewhere else.
UNWANTED = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")


def django_environment(
    places: Places, instance: Instance, *, given: Mapping[str, str], more: Mapping[str, str]
) -> dict[str, str]:
    """`given` is the person's environment, so EMAIL_URL, STORAGE_URL and the rest pass through; ours comes over it."""
    kept = {name: value for name, value in given.items() if name not in UNWANTED}
    return {
        **kept,
        "PATH": os.pathsep.join([str(places.venv / "bin"), given.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
        # Compiled once and kept beside our other state, also where the machine (many containers do) says not to: a
        # process that compiles everything it imports needs 4.4 s of a core to start, else 1.4 s.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(make_private(places.state / "bytecode")),
        "SECRET_KEY": given.get("SECRET_KEY") or kept_secret(instance, "secret_key"),
        # 32 random bytes, which is what a key for web push is.
        "GROVE_VAPID_KEY": given.get("GROVE_VAPID_KEY") or kept_secret(instance, "push_key"),
        "GROVE_STATE": str(instance.folder),
        "STATIC_ROOT": str(instance.folder / "static"),
        "MEDIA_ROOT": str(instance.folder / "media"),
        "MAIL_DIR": str(instance.folder / "mail"),
        **more,
    }
