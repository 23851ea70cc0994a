"""What the ecosystem, and the libraries below it, know about people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import (
    AccountLetter,
    AuditEntry,
    AuditLink,
    Availability,
    Connection,
    Credit,
    DataExport,
    Delegation,
    Element,
    Environment,
    EnvironmentAncestor,
    EnvironmentExport,
    EnvironmentSetting,
    Erasure,
    Group,
    GroupMember,
    Host,
    IdentityProvider,
    Invitation,
    Membership,
    PeopleImport,
    Person,
    SearchEntry,
    SeatEntry,
    SignIn,
    StoredFile,
)
from ecosystem.personal_data import OnErase, declare, no_personal_data

AS_MEMBER = _("while somebody is a member, and until they are erased")

declare(
    Person,
    "email", "name", "language", "time_zone", "password", "last_login", "picture",
    purpose=_("to know who signs in and how to address them"),
    retention=AS_MEMBER,
    on_erase=OnErase.ANONYMISE,
    blank={"language": "", "time_zone": "", "last_login": None, "is_active": False, "picture": ""},
    files=("picture",),
    hidden=("password",),
    rows=lambda person: Q(pk=person.pk),
)  # fmt: skip
declare(
    "account.EmailAddress",
    "user",
    "email",
    purpose=_("to confirm that an address is somebody's own"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
    rows=lambda person: Q(user_id=person.pk),
)
declare(
    Membership,
    "person",
    "job_title",
    purpose=_("to know what somebody is and may do in an environment"),
    retention=AS_MEMBER,
    on_erase=OnErase.ANONYMISE,
    blank={"job_title": ""},
)
declare(
    Delegation,
    "person", "grantor_name", "revoker_name",
    purpose=_("to know who may do what, and who allowed it"),
    retention=_("as long as the environment"),
    on_erase=OnErase.KEEP,
    because=_("Who gave which powers must stay explainable; nobody can act with them once they are erased."),
    rows=lambda person: Q(person_id=person.pk) | Q(grantor_id=person.pk) | Q(revoker_id=person.pk),
)  # fmt: skip
declare(
    AuditEntry,
    "actor_name",
    "object_name",
    "before",
    "after",
    purpose=_("to account for what people with power did"),
    retention=_("two years"),
    on_erase=OnErase.KEEP,
    because=_("the log of what people with power did may not be changed by anybody"),
    rows=lambda person: Q(actor_id=person.pk),
)
declare(
    Credit,
    "person",
    "name",
    purpose=_("to name who made something"),
    retention=_("as long as the work is used"),
    on_erase=OnErase.KEEP,
    called=_("credits"),
    because=_("makers have a right to be named"),
)
declare(
    Element,
    "owner",
    purpose=_("to know who looks after something"),
    retention=AS_MEMBER,
    on_erase=OnErase.KEEP,
    because=_("it only points at the person, who has no name any more"),
    rows=lambda person: Q(owner_id=person.pk),
)
declare(
    Connection,
    "owner",
    purpose=_("to know who looks after something"),
    retention=AS_MEMBER,
    on_erase=OnErase.KEEP,
    because=_("it only points at the person, who has no name any more"),
    rows=lambda person: Q(owner_id=person.pk),
)
declare(
    Invitation,
    "email", "name", "job_title", "person", "invited_by",
    purpose=_("to let somebody in"),
    retention=_("three months after it was accepted or withdrawn, or has expired"),
    on_erase=OnErase.DELETE,
    hidden=("token_hash", "nonce"),
    rows=lambda person: Q(person_id=person.pk) | Q(email=person.email),
)  # fmt: skip
declare(
    PeopleImport,
    "by",
    "rows",
    purpose=_("to look at a file before anything happens"),
    retention=_("until it is confirmed, at most a day"),
    on_erase=OnErase.DELETE,
    rows=lambda person: (
        Q(by_id=person.pk) | Q(rows__contains=[{"email": person.email}]) | Q(rows__contains=[{"owner": person.email}])
    ),
)
declare(
    GroupMember,
    "person",
    purpose=_("to know who belongs together"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
)
declare(
    DataExport,
    "person",
    "file",
    purpose=_("to give somebody a copy of their data"),
    retention=_("the file one week, that there was one three months"),
    on_erase=OnErase.DELETE,
    files=("file",),
)
declare(
    Erasure,
    "person",
    "confirmed_by",
    purpose=_("to show that an erasure was asked for and done"),
    retention=_("as long as the environment; one that was withdrawn two years"),
    on_erase=OnErase.KEEP,
    because=_("it only points at the person, who has no name any more"),
)
declare(
    SeatEntry,
    "person",
    purpose=_("to know when how many places were taken"),
    retention=_("as long as the environment"),
    on_erase=OnErase.KEEP,
    because=_("it only points at the person, who has no name any more"),
)
declare(
    EnvironmentExport,
    "asked_by",
    purpose=_("to know who asked for a copy of an environment"),
    retention=_("as long as the environment"),
    on_erase=OnErase.KEEP,
    because=_("it only points at the person, who has no name any more"),
    rows=lambda person: Q(asked_by_id=person.pk),
)
declare(
    SignIn,
    "person",
    "device",
    purpose=_("to show somebody where they are signed in, and to warn of a sign-in from a new device"),
    retention=_("half a year after the last use"),
    on_erase=OnErase.DELETE,
    hidden=("device_hash",),
)
declare(
    AccountLetter,
    "to",
    purpose=_("to send a code, a link or a warning"),
    retention=_("until it is sent, at most a day"),
    on_erase=OnErase.DELETE,
    hidden=("sealed",),
    rows=lambda person: Q(to=person.email) & ~Q(kind="erased"),  # that letter is about it, and has to arrive first
)
declare(
    "mfa.Authenticator",
    "user",
    purpose=_("to recognise somebody who signs in"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
    called=_("second factors and passkeys"),
    hidden=("data",),
    rows=lambda person: Q(user_id=person.pk),
)
declare(
    "socialaccount.SocialAccount",
    "user",
    "uid",
    purpose=_("to recognise somebody who signs in with the account of the organisation"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
    hidden=("extra_data",),
    rows=lambda person: Q(user_id=person.pk),
)
declare(
    "sessions.Session",
    "session_data",
    purpose=_("to keep somebody signed in"),
    retention=_("two weeks"),
    on_erase=OnErase.KEEP,
    because=_("it holds a number only, opens nothing after the erasure and goes after two weeks"),
    rows=lambda person: Q(pk__in=[]),
)

no_personal_data(
    "account.EmailConfirmation", "unused: addresses are confirmed by the invitation; goes with its address"
)
no_personal_data(IdentityProvider, "the sign-in of an organisation")
no_personal_data("socialaccount.SocialApp", "unused: IdentityProvider takes its place")
no_personal_data("socialaccount.SocialToken", "unused: no token is kept")
no_personal_data("admin.LogEntry", "unused: ScopedAdmin writes none")
no_personal_data("auth.Group", "unused: roles are in the membership")
no_personal_data("auth.Permission", "names of rights of Django, unused")
no_personal_data("contenttypes.ContentType", "names of models")
for _name in ("Clocked", "Crontab", "Interval", "Solar"):
    no_personal_data(f"django_celery_beat.{_name}Schedule", "times of the clock")
no_personal_data("django_celery_beat.PeriodicTask", "names of tasks")
no_personal_data("django_celery_beat.PeriodicTasks", "when the clock was changed")
no_personal_data(AuditLink, "hashes over entries of the audit log, from which nothing can be told")
no_personal_data(Environment, "an organisation and its look")
no_personal_data(EnvironmentSetting, "how an organisation works")
no_personal_data(EnvironmentAncestor, "the tree of organisations")
no_personal_data(Host, "host names")
no_personal_data(StoredFile, "names of files and their size")
no_personal_data(Availability, "where an element may be used")
no_personal_data(Group, "a name and a rule about roles and jobs, nobody in particular")
no_personal_data(SearchEntry, "stems of the words of elements")
