import django.db.models.deletion
import django.utils.timezone
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models

from ecosystem.creating import CreateModels
from ecosystem.models.security import append_only_sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Tool",
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
                        ("client_id", models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="client id")),
                        (
                            "deployment_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="deployment id"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("login_url", models.URLField(max_length=500, verbose_name="login initiation address")),
                        ("target_url", models.URLField(max_length=500, verbose_name="target link address")),
                        ("redirect_urls", models.JSONField(default=list, verbose_name="redirect addresses")),
                        (
                            "keys_url",
                            models.URLField(blank=True, max_length=500, verbose_name="address of its public keys"),
                        ),
                        ("keys", models.JSONField(blank=True, null=True, verbose_name="public keys")),
                        (
                            "shares",
                            models.CharField(
                                choices=[
                                    ("nothing", "nothing: it knows people by a number only"),
                                    ("name", "the name"),
                                    ("name_and_email", "name and e-mail address"),
                                ],
                                default="nothing",
                                max_length=20,
                                verbose_name="learns of people",
                            ),
                        ),
                        ("is_on", models.BooleanField(default=True, verbose_name="may be opened")),
                        ("added_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="added at")),
                    ],
                    options={
                        "verbose_name": "external tool",
                        "verbose_name_plural": "external tools",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "client_id"), name="lti_tool_client_once"),
                            models.UniqueConstraint(fields=("environment", "name"), name="lti_tool_name_once"),
                            models.CheckConstraint(
                                condition=models.Q(("shares__in", ["nothing", "name", "name_and_email"])),
                                name="lti_tool_shares_is_known",
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="lti_tool_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="lti_tool_rows", own=False, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="PlatformKey",
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
                        ("kid", models.CharField(max_length=64)),
                        ("public", models.JSONField()),
                        ("sealed", models.TextField()),
                        ("made_at", models.DateTimeField(verbose_name="made at")),
                        ("retired_at", models.DateTimeField(null=True, verbose_name="replaced at")),
                    ],
                    options={
                        "verbose_name": "key for external tools",
                        "verbose_name_plural": "keys for external tools",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "kid"), name="lti_key_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("retired_at", None)),
                                fields=("environment",),
                                name="lti_key_one_signs",
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="lti_platformkey_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="lti_platformkey_rows", own=False, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="ToolLink",
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
                                related_name="tool_links",
                                to="ecosystem.element",
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "tool",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="lti.tool",
                                verbose_name="tool",
                            ),
                        ),
                        ("wanted", models.CharField(blank=True, max_length=120)),
                        ("target_url", models.URLField(blank=True, max_length=500, verbose_name="target link address")),
                        ("custom", models.JSONField(blank=True, default=dict, verbose_name="custom parameters")),
                        (
                            "opens_in",
                            models.CharField(
                                choices=[("tab", "a new tab"), ("frame", "a frame on the page")],
                                default="tab",
                                max_length=8,
                                verbose_name="opens in",
                            ),
                        ),
                        (
                            "done_when",
                            models.CharField(
                                choices=[
                                    ("reported", "the tool says so, or sends a score"),
                                    ("opened", "it has been opened"),
                                ],
                                default="reported",
                                max_length=8,
                                verbose_name="done when",
                            ),
                        ),
                        (
                            "pass_mark",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="pass mark in percent"
                            ),
                        ),
                        ("points", models.PositiveIntegerField(default=100, verbose_name="points")),
                    ],
                    options={
                        "verbose_name": "activity in an external tool",
                        "verbose_name_plural": "activities in external tools",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="lti_link_once_per_element"
                            ),
                            models.UniqueConstraint(fields=("environment", "uid"), name="lti_link_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("done_when__in", ["reported", "opened"]), ("opens_in__in", ["tab", "frame"])
                                ),
                                name="lti_link_words_are_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("pass_mark", None), ("pass_mark__lte", 100), _connector="OR"),
                                    ("points__gte", 1),
                                ),
                                name="lti_link_pass_mark_is_a_percentage",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="lti_toollink_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "tool_id"),
                                name="lti_toollink_tool_scoped",
                                target="lti_tool",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="lti_toollink_environment_id"),
                            models.UniqueConstraint(fields=("element", "id"), name="lti_toollink_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="lti_toollink_rows", own=False, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Pseudonym",
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
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "tool",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="lti.tool",
                            ),
                        ),
                        ("sub", models.UUIDField(default=uuid.uuid4, editable=False)),
                    ],
                    options={
                        "verbose_name": "pseudonym in a tool",
                        "verbose_name_plural": "pseudonyms in tools",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "tool", "person"), name="lti_pseudonym_once"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "tool", "sub"), name="lti_pseudonym_sub_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="lti_pseudonym_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "tool_id"),
                                name="lti_pseudonym_tool_scoped",
                                target="lti_tool",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="lti_pseudonym_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="lti_pseudonym_rows", own=True, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Launch",
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
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "tool",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lti.tool",
                            ),
                        ),
                        ("hint_hash", models.CharField(max_length=64)),
                        ("onward", models.CharField(blank=True, max_length=500)),
                        ("began_at", models.DateTimeField(verbose_name="began at")),
                        ("came_at", models.DateTimeField(null=True, verbose_name="opened at")),
                    ],
                    options={
                        "verbose_name": "launch of a tool",
                        "verbose_name_plural": "launches of tools",
                        "indexes": [
                            models.Index(
                                fields=["environment", "element", "person", "-began_at"], name="lti_launch_of_person"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="lti_launch_once"),
                            models.UniqueConstraint(fields=("environment", "hint_hash"), name="lti_launch_hint_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("came_at", None), ("came_at__gte", models.F("began_at")), _connector="OR"
                                ),
                                name="lti_launch_began_before_it_came",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="lti_launch_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="lti_launch_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "tool_id"),
                                name="lti_launch_tool_scoped",
                                target="lti_tool",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="lti_launch_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="lti_launch_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Score",
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
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "tool",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="lti.tool",
                            ),
                        ),
                        ("said_at", models.DateTimeField(verbose_name="said at")),
                        ("stored_at", models.DateTimeField(verbose_name="received at")),
                        ("progress", models.CharField(max_length=12, verbose_name="progress")),
                        ("grading", models.CharField(max_length=14, verbose_name="marking")),
                        ("given", models.FloatField(null=True, verbose_name="points given")),
                        ("maximum", models.FloatField(null=True, verbose_name="points at most")),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                    ],
                    options={
                        "verbose_name": "score from a tool",
                        "verbose_name_plural": "scores from tools",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element", "person", "tool", "said_at"), name="lti_score_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("given", None), ("maximum", None)),
                                    models.Q(("given__gte", 0), ("maximum__gt", 0)),
                                    _connector="OR",
                                ),
                                name="lti_score_has_a_maximum",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="lti_score_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="lti_score_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "tool_id"),
                                name="lti_score_tool_scoped",
                                target="lti_tool",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="lti_score_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="lti_score_rows", own=True, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="SpentAssertion",
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
                            "tool",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="lti.tool",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        ("expires_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "used request of a tool",
                        "verbose_name_plural": "used requests of tools",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "tool", "digest"), name="lti_assertion_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "tool_id"),
                                name="lti_spentassertion_tool_scoped",
                                target="lti_tool",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="lti_spentassertion_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="lti_spentassertion_rows", own=False, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceToken",
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
                            "tool",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="lti.tool",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        ("scopes", models.JSONField(default=list)),
                        ("expires_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "access token of a tool",
                        "verbose_name_plural": "access tokens of tools",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "digest"), name="lti_token_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "tool_id"),
                                name="lti_servicetoken_tool_scoped",
                                target="lti_tool",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="lti_servicetoken_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="lti_servicetoken_rows", own=False, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
            ],
        ),
        migrations.RunSQL(append_only_sql("lti_score"), "DROP POLICY removal ON lti_score"),
        # Erasure takes the words out and leaves the points.
        migrations.RunSQL("GRANT UPDATE (comment) ON lti_score TO grove_app", migrations.RunSQL.noop),
    ]
