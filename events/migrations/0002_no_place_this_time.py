from django.db import migrations, models

import ecosystem.creating


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0002_staff_by_index"),
        ("events", "0001_initial"),
    ]

    operations = [
        ecosystem.creating.Together(
            operations=[
                migrations.RemoveConstraint(
                    model_name="event",
                    name="event_fairness_is_whole",
                ),
                migrations.RemoveConstraint(
                    model_name="seat",
                    name="seat_state_is_known",
                ),
                migrations.AlterField(
                    model_name="seat",
                    name="state",
                    field=models.CharField(
                        choices=[
                            ("requested", "waits for a yes"),
                            ("entered", "in the draw"),
                            ("waiting", "on the waiting list"),
                            ("offered", "offered a place"),
                            ("booked", "booked"),
                            ("cancelled", "cancelled"),
                            ("declined", "offer declined"),
                            ("refused", "not approved"),
                            ("expired", "ran out"),
                            ("unplaced", "no place this time"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="event",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fairness", "first_come"), ("priority_group", None), ("settle_at", None)),
                            models.Q(
                                ("fairness", "priority"),
                                ("settle_at__isnull", False),
                                models.Q(
                                    ("priority_group__isnull", False),
                                    ("settled_at__isnull", False),
                                    ("cancelled_at__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(("fairness", "lottery"), ("priority_group", None), ("settle_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="event_fairness_is_whole",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="seat",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None),
                                ("state__in", ["requested", "entered", "waiting", "offered", "booked"]),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["cancelled", "declined", "refused", "expired", "unplaced"]),
                            ),
                            _connector="OR",
                        ),
                        name="seat_state_is_known",
                    ),
                ),
            ],
        ),
    ]
