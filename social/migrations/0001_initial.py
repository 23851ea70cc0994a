import django.db.models.deletion
import ecosystem.creating
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ecosystem.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Discussion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        ("markdown", models.TextField(verbose_name="what it is about")),
                        ("html", models.TextField(editable=False)),
                        ("threads_asked", models.PositiveSmallIntegerField(default=1, verbose_name="threads to begin")),
                        ("replies_asked", models.PositiveSmallIntegerField(default=0, verbose_name="replies to write")),
                        (
                            "posts_first",
                            models.BooleanField(default=False, verbose_name="others are seen after posting oneself"),
                        ),
                    ],
                    options={
                        "verbose_name": "discussion",
                        "verbose_name_plural": "discussions",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="discussion_once_per_element"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("replies_asked__lte", 20), ("threads_asked__lte", 20)),
                                name="discussion_asks_not_too_much",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("threads_asked__gte", 1), ("replies_asked__gte", 1), _connector="OR"
                                ),
                                name="discussion_asks_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("posts_first", False), ("threads_asked__gte", 1), _connector="OR"),
                                name="discussion_first_is_asked",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="social_discussion_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="social_discussion_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="social_discussion_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="social_discussion_rows", own=False, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Room",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="discussion",
                            ),
                        ),
                        ("circle", models.UUIDField(verbose_name="for whom")),
                    ],
                    options={
                        "verbose_name": "room of a discussion",
                        "verbose_name_plural": "rooms of discussions",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="room_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "element", "circle"), name="room_once_per_circle"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="social_room_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="social_room_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="social_room_rows", own=False, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Thread",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "room",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="threads",
                                to="social.room",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="discussion",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="begun by",
                            ),
                        ),
                        ("last_at", models.DateTimeField(verbose_name="last written in at")),
                        ("replies", models.PositiveIntegerField(default=0, verbose_name="replies")),
                        ("pinned_at", models.DateTimeField(blank=True, null=True, verbose_name="pinned at")),
                    ],
                    options={
                        "verbose_name": "thread",
                        "verbose_name_plural": "threads",
                        "indexes": [
                            models.Index(fields=["environment", "room", "-last_at", "-uid"], name="thread_newest")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="thread_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "room_id"),
                                name="social_thread_room_scoped",
                                target="social_room",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="social_thread_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="social_thread_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="social_thread_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="social_thread_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Post",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "thread",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="posts",
                                to="social.thread",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="discussion",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="written by",
                            ),
                        ),
                        ("is_opening", models.BooleanField(default=False, verbose_name="opens the thread")),
                        ("title", models.CharField(blank=True, max_length=150, verbose_name="title")),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        ("posted_at", models.DateTimeField(verbose_name="posted at")),
                        ("edited_at", models.DateTimeField(blank=True, null=True, verbose_name="changed at")),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                        ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="hidden at")),
                        (
                            "hidden_by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="hidden by",
                            ),
                        ),
                        ("hidden_why", models.CharField(blank=True, max_length=500, verbose_name="why it is hidden")),
                        (
                            "helpful_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="marked as helpful at"),
                        ),
                        ("is_erased", models.BooleanField(default=False, verbose_name="of a former member")),
                    ],
                    options={
                        "verbose_name": "post",
                        "verbose_name_plural": "posts",
                        "indexes": [
                            models.Index(fields=["environment", "thread", "posted_at", "uid"], name="post_in_turn"),
                            models.Index(fields=["environment", "person", "element"], name="post_of_person"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="post_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("is_opening", True)),
                                fields=("environment", "thread"),
                                name="post_opens_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("is_erased", False), ("withdrawn_at", None)),
                                    models.Q(("text", ""), ("title", "")),
                                    _connector="XOR",
                                ),
                                name="post_has_words_while_it_stands",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), ("is_opening", True), _connector="OR"),
                                name="post_title_of_the_opening",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("hidden_at", None), ("hidden_by", None), ("hidden_why", "")),
                                    models.Q(
                                        ("hidden_at__isnull", False),
                                        ("hidden_by__isnull", False),
                                        models.Q(("hidden_why", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="post_hidden_by_somebody_for_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("helpful_at", None), ("is_opening", False), _connector="OR"),
                                name="post_helpful_is_a_reply",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("edited_at", None), ("edited_at__gte", models.F("posted_at")), _connector="OR"
                                ),
                                name="post_edited_after_posting",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "thread_id"),
                                name="social_post_thread_scoped",
                                target="social_thread",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="social_post_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="social_post_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "hidden_by_id"),
                                name="social_post_hidden_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="social_post_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="social_post_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Participation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="discussion",
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
                        ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                    ],
                    options={
                        "verbose_name": "part in a discussion",
                        "verbose_name_plural": "parts in discussions",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person", "element"), name="participation_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="social_participation_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="social_participation_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="social_participation_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="social_participation_rows", own=True, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="ThreadSeen",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                            "thread",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="seen",
                                to="social.thread",
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
                        ("seen_at", models.DateTimeField(verbose_name="read at")),
                    ],
                    options={
                        "verbose_name": "thread read",
                        "verbose_name_plural": "threads read",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person", "thread"), name="thread_seen_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "thread_id"),
                                name="social_threadseen_thread_scoped",
                                target="social_thread",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="social_threadseen_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="social_threadseen_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="social_threadseen_rows", own=True, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
            ],
        ),
    ]
