"""Tables for the coming months."""

from django.db import connection


def partitions_ensure(*, months: int = 2) -> None:
    """Make the partitions of reviews of this month and the next ``months`` (a function of the owner does it)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT memotrainer_ensure_partitions(%s)", [months])
