"""What content knows about people, and what happens to it when somebody is erased."""

from django.utils.translation import gettext_lazy as _

from content.models import (
    Document,
    Image,
    Launch,
    LaunchStatement,
    Link,
    MissedSearch,
    Package,
    PackageFile,
    PackageUnit,
    Page,
    PageVersion,
    Tick,
    UnitDocument,
    UnitState,
    Video,
    Watching,
)
from ecosystem.personal_data import OnErase, declare, no_personal_data

no_personal_data(Page, "what is taught; its makers are in the credits")
no_personal_data(Image, "what is taught")
no_personal_data(Document, "what is taught")
no_personal_data(Video, "what is taught")
for _model in (Package, PackageFile, PackageUnit):
    no_personal_data(_model, "what is taught")
no_personal_data(MissedSearch, "words that nobody found anything for, without who asked")
no_personal_data(Link, "whether an address on the web works")
declare(
    PageVersion,
    "person",
    purpose=_("who saved this version of a page"),
    retention=_("as long as the page"),
    on_erase=OnErase.ANONYMISE,
    blank={"person": None},
)
declare(
    Watching,
    "position", "spans", "share", "heard_at", "completed_at",
    purpose=_("to go on where you were in a video, and to know that you have watched it"),
    retention=_("as long as the video"),
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    UnitState,
    "status", "score", "cmi", "opened_at", "heard_at", "completed_at",
    purpose=_("to go on where you were in a package, and to know what it said of your result"),
    retention=_("as long as the package"),
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Launch,
    "registration", "launched_at", "initialized_at", "ended_at",
    purpose=_("to let a package that you opened speak for you, for a day"),
    retention=_("as long as the package"),
    on_erase=OnErase.DELETE,
    hidden=("fetch_hash", "auth_hash"),
)  # fmt: skip
declare(
    LaunchStatement,
    "verb", "body", "stored_at",
    purpose=_("what a package said about you"),
    retention=_("as long as the package"),
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    UnitDocument,
    "key", "body", "updated_at",
    purpose=_("what a package keeps to go on where you were"),
    retention=_("as long as the package"),
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Tick,
    "item", "ticked_at",
    purpose=_("to show what you have ticked off"),
    retention=_("until you start the list again"),
    on_erase=OnErase.DELETE,
)  # fmt: skip
