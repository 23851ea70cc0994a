import datetime
import django.db.models.deletion
import django.utils.timezone
import ecosystem.models.keys
import ecosystem.models.security
from django.conf import settings
from django.db import migrations, models
from ecosystem.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    # What a database of before has recorded; it has the same tables.
    replaces = [
        ("notifications", "0002_channels_digests_push"),
        ("notifications", "0003_calendars"),
    ]

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Mail",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=200)),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("subject", models.CharField(max_length=200, verbose_name="subject")),
                        ("text", models.TextField(verbose_name="text")),
                        ("html", models.TextField(verbose_name="HTML")),
                        ("message_id", models.CharField(max_length=200, verbose_name="Message-ID")),
                        (
                            "stop_href",
                            models.CharField(blank=True, max_length=600, verbose_name="address that stops this kind"),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[("at_most_once", "at most once"), ("at_least_once", "at least once")],
                                max_length=14,
                                verbose_name="sent",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("claimed", "being sent"),
                                    ("sent", "sent"),
                                    ("failed", "failed"),
                                    ("uncertain", "uncertain"),
                                    ("left_out", "left out"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due at")),
                        ("claimed_at", models.DateTimeField(null=True, verbose_name="claimed at")),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="sent at")),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                        ("error", models.TextField(blank=True, verbose_name="what went wrong")),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="written at"),
                        ),
                        ("ordinary", models.BooleanField(default=False, verbose_name="ordinary")),
                        ("ordinary_on", models.DateField(null=True, verbose_name="day it has taken")),
                        ("calendars", models.JSONField(blank=True, default=list, verbose_name="messages to calendars")),
                    ],
                    options={
                        "verbose_name": "mail",
                        "verbose_name_plural": "mails",
                        "indexes": [
                            models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="mail_due"),
                            models.Index(
                                condition=models.Q(("state", "claimed")), fields=["claimed_at"], name="mail_claimed"
                            ),
                            models.Index(fields=["environment", "created_at"], name="mail_to_prune"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "key"), name="mail_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("ordinary_on__isnull", False)),
                                fields=("environment", "person", "ordinary_on"),
                                name="mail_one_ordinary_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "sent"), ("sent_at", None), _connector="XOR"),
                                name="mail_sent_at_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "claimed"), _negated=True),
                                    ("claimed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="mail_claimed_has_time",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="notifications_mail_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="notifications_mail_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="notifications_mail_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=200)),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("body", models.TextField(blank=True, verbose_name="text")),
                        ("href", models.CharField(blank=True, max_length=300, verbose_name="address")),
                        ("created_at", models.DateTimeField(verbose_name="when")),
                        ("seen_at", models.DateTimeField(null=True, verbose_name="seen at")),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("for_digest", models.BooleanField(default=False, verbose_name="waits for the digest")),
                        ("in_app", models.BooleanField(default=True, verbose_name="shown on the site")),
                    ],
                    options={
                        "verbose_name": "notice",
                        "verbose_name_plural": "notices",
                        "indexes": [
                            models.Index(
                                fields=["environment", "person", "-created_at", "-id"], name="notice_of_person"
                            ),
                            models.Index(
                                condition=models.Q(("in_app", True), ("seen_at", None)),
                                fields=["environment", "person", "-created_at", "-id"],
                                name="notice_unseen",
                            ),
                            models.Index(
                                condition=models.Q(("for_digest", True)),
                                fields=["environment", "person"],
                                name="notice_for_digest",
                            ),
                            models.Index(
                                condition=models.Q(("seen_at__isnull", False)),
                                fields=["environment", "seen_at"],
                                name="notice_to_prune",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "key"), name="notice_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="notifications_notice_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="notifications_notice_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="notifications_notice_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChannelChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("since", models.DateTimeField(verbose_name="since")),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[("app", "On the site"), ("mail", "E-mail"), ("push", "Push")],
                                default="mail",
                                max_length=4,
                                verbose_name="channel",
                            ),
                        ),
                        ("wanted", models.BooleanField(default=False, verbose_name="wanted")),
                    ],
                    options={
                        "verbose_name": "choice of a channel",
                        "verbose_name_plural": "choices of channels",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person", "kind", "channel"), name="channel_choice_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["app", "mail", "push"])),
                                name="channel_choice_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="notifications_channelchoice_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="notifications_channelchoice_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="notifications_channelchoice_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Preference",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "quiet_from",
                            models.TimeField(default=datetime.time(20, 0), null=True, verbose_name="quiet from"),
                        ),
                        ("quiet_until", models.TimeField(default=datetime.time(7, 0), null=True, verbose_name="until")),
                        (
                            "quiet_weekends",
                            models.BooleanField(default=True, verbose_name="quiet on Saturday and Sunday"),
                        ),
                        ("time_zone", models.CharField(blank=True, max_length=60, verbose_name="time zone")),
                        (
                            "digest",
                            models.CharField(
                                choices=[("daily", "Every day at 7:30"), ("weekly", "Mondays at 7:30")],
                                default="weekly",
                                max_length=6,
                                verbose_name="digest",
                            ),
                        ),
                        ("next_digest_at", models.DateTimeField(null=True, verbose_name="next digest at")),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "preferences of a person",
                        "verbose_name_plural": "preferences of people",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_digest_at__isnull", False)),
                                fields=["next_digest_at"],
                                name="preference_digest_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person"), name="preference_once_per_person"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("quiet_from", None), ("quiet_until", None)),
                                    models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                                    _connector="OR",
                                ),
                                name="preference_quiet_hours_both_or_none",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("digest__in", ["daily", "weekly"])), name="preference_digest_known"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="notifications_preference_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="notifications_preference_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="notifications_preference_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PushDevice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("endpoint", models.CharField(max_length=1000, verbose_name="address")),
                        ("p256dh", models.CharField(max_length=100)),
                        ("auth", models.CharField(max_length=40)),
                        ("label", models.CharField(max_length=80, verbose_name="device")),
                        ("created_at", models.DateTimeField(verbose_name="since")),
                        ("reached_at", models.DateTimeField(null=True, verbose_name="last reached at")),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "device for push",
                        "verbose_name_plural": "devices for push",
                        "indexes": [models.Index(fields=["environment", "person"], name="push_device_of_person")],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "endpoint"), name="push_device_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="notifications_pushdevice_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="notifications_pushdevice_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="notifications_pushdevice_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Push",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("claimed", "being sent"),
                                    ("sent", "sent"),
                                    ("failed", "failed"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due at")),
                        ("claimed_at", models.DateTimeField(null=True, verbose_name="claimed at")),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                        ("error", models.TextField(blank=True, verbose_name="what went wrong")),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "notice",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="notifications.notice",
                            ),
                        ),
                        (
                            "device",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="notifications.pushdevice",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "push",
                        "verbose_name_plural": "pushes",
                        "indexes": [
                            models.Index(condition=models.Q(("state", "waiting")), fields=["due_at"], name="push_due"),
                            models.Index(
                                condition=models.Q(("state", "claimed")), fields=["claimed_at"], name="push_claimed"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "notice", "device"), name="push_once_per_device"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "claimed"), _negated=True),
                                    ("claimed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="push_claimed_has_time",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "device_id"),
                                name="notifications_push_device_scoped",
                                target="notifications_pushdevice",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "notice_id"),
                                name="notifications_push_notice_scoped",
                                target="notifications_notice",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="notifications_push_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="notifications_push_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
