"""Hints that hand-ins of this environment are alike, and reports of services outside. Never a verdict."""

from __future__ import annotations

import time

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from handins.computations.shingles import sample_of, shingles_of, words_of
from handins.exceptions import HandinError
from handins.files.words import SECONDS, words_in_file
from handins.models import (
    Fingerprint,
    FingerprintValue,
    HandinFile,
    OutsideReport,
    Round,
    RoundState,
    Share,
    Similarity,
)
from handins.services.checking import address_checked
from handins.services.locking import round_for_reviewer
from handins.services.telling import people_of

# A hint needs this many runs of words in common, and this share of one of the two.
LEAST_RUNS, LEAST_SHARE = 15, 0.08
MOST_KEPT = 20
LONGEST, MOST_SECONDS = 400_000, 40
LONGEST_LINK = OutsideReport._meta.get_field("link").max_length


@transaction.atomic
def round_compare(*, round: Round) -> int:
    """Keep the fingerprint of what was handed in, and which others it is like: how many. Twice is once.

    Not compared are the words of the assignment itself, and other work of the same people.
    """
    here = current_scope().environment_id
    assignment = round.submission.assignment
    if round.state == RoundState.DRAFT or not assignment.is_compared:
        fingerprint_forget(round=round)
        return 0
    known = Fingerprint.objects.filter(round=round, at__gte=round.submitted_at).first()
    if known is not None:
        return int(Similarity.objects.filter(fingerprint=known).count())
    text = "\n\n".join([round.text, *_words_of_files(round)])[:LONGEST]
    given = set(shingles_of(words_of(assignment.markdown), salt=here))
    shingles = set(shingles_of(words_of(text), salt=here)) - given
    # One after the other: of two at the same moment each would miss the other.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('handins.compare'), %s)", [here % 2**31])
    if Round.objects.filter(pk=round.pk, state=RoundState.DRAFT).exists():  # taken back while its files were read
        fingerprint_forget(round=round)
        return 0
    said = {"person_id": round.person_id, "element_id": round.element_id, "text": text.strip(), "at": clock.now()}
    facts = {**said, "shingles": sorted(shingles)}
    made, _new = Fingerprint.objects.update_or_create(environment_id=here, round=round, defaults=facts)
    Similarity.objects.filter(Q(fingerprint=made) | Q(other=made)).delete()
    FingerprintValue.objects.filter(fingerprint=made).delete()
    sample = sample_of(shingles)
    FingerprintValue.objects.bulk_create(
        FingerprintValue(environment_id=here, fingerprint=made, value=value) for value in sample
    )
    alike = _alike(made, shingles, sample)
    rows = [
        Similarity(environment_id=here, fingerprint_id=one, other_id=other, share=share, at=made.at)
        for pk, of_this, of_that in alike
        for one, other, share in ((made.pk, pk, of_this), (pk, made.pk, of_that))
    ]
    Similarity.objects.bulk_create(rows)
    return len(alike)


def _words_of_files(round: Round) -> list[str]:
    """Of as many as can be read in ``MOST_SECONDS``: the connection waits for it, and does not wait for ever."""
    ends, found = time.monotonic() + MOST_SECONDS, []
    for file in HandinFile.objects.filter(round=round).order_by("pk"):
        left = ends - time.monotonic()
        if left <= 0:
            break
        found.append(words_in_file(file, seconds=min(left, SECONDS)))
    return found


def fingerprint_forget(*, round: Round) -> None:
    """What is a draft again, or is not to be compared any more, is no hint either."""
    Fingerprint.objects.filter(round=round).delete()


@transaction.atomic
def outside_report_keep(*, round: Round, service: str, percent: int, by: Membership, link: str = "") -> OutsideReport:
    """What a service outside found; the newest of each service counts. Refuses addresses that are none, and no percentage."""
    held = round_for_reviewer(round=round, by=by)
    service = service.replace("\x00", "").strip()
    if not service or len(service) > OutsideReport._meta.get_field("service").max_length:
        raise HandinError(_("Say which service it is, in 80 characters at most."))
    if not 0 <= percent <= 100:
        raise HandinError(_("A percentage is 0 to 100."))
    if held.state == RoundState.DRAFT:
        raise HandinError(_("It was taken back."))
    facts = {
        "percent": percent,
        "link": address_checked(link=link, schemes=["https"], most=LONGEST_LINK),
        "by": by.person,
        "at": clock.now(),
    }
    made, _new = OutsideReport.objects.update_or_create(
        environment_id=held.environment_id,
        round=held,
        service=service,
        defaults=facts,
        create_defaults={**facts, "person_id": held.person_id},
    )
    audit(act="handin.reported_similar", by=by.person, target=held, after={"service": service, "percent": percent})
    return made


def _alike(made: Fingerprint, shingles: set[int], sample: list[int]) -> list[tuple[int, float, float]]:
    """(key of the other, share of this in that, share of that in this), the most alike first."""
    if len(shingles) < LEAST_RUNS:
        return []
    same = FingerprintValue.objects.filter(value__in=sample, fingerprint__in=_others(made)).order_by()
    near = same.values_list("fingerprint_id").annotate(n=Count("pk")).order_by("-n", "-fingerprint_id")[: 2 * MOST_KEPT]
    found = []
    for pk, theirs in Fingerprint.objects.filter(pk__in=[pk for pk, _n in near]).values_list("pk", "shingles"):
        both = len(shingles.intersection(theirs))
        shares = both / len(shingles), both / len(theirs)
        if both >= LEAST_RUNS and max(shares) >= LEAST_SHARE:
            found.append((pk, *shares))
    return sorted(found, key=lambda row: (-max(row[1:]), row[0]))[:MOST_KEPT]


def _others(made: Fingerprint) -> QuerySet[Fingerprint]:
    people = people_of(round=made.round)
    together = Share.objects.filter(round_id=OuterRef("round_id"), person_id__in=people)
    rows = Fingerprint.objects.exclude(round__submission=made.round.submission_id).exclude(person_id__in=people)
    return rows.filter(~Exists(together))
