import api.models.oauth
import django.contrib.postgres.fields
import django.db.models.deletion
import ecosystem.models.keys
import ecosystem.models.security
import oauth2_provider.generators
import oauth2_provider.models
import uuid
from django.conf import settings
from django.db import migrations, models
from ecosystem.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    # What a database of before has recorded; it has the same tables.
    replaces = [
        ("api", "0002_rest_kit"),
        ("api", "0003_oauth"),
        ("api", "0004_webhook_line"),
    ]

    run_before = [("oauth2_provider", "0001_initial")]

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="IdempotentAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("caller", models.CharField(max_length=80)),
                        ("key", models.CharField(max_length=255)),
                        ("claim", models.UUIDField(default=uuid.uuid4)),
                        ("request_hash", models.CharField(max_length=64)),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("body", models.TextField(blank=True)),
                        ("secret", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField()),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["created_at"], name="idempotent_answer_age")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "caller", "key"), name="idempotent_answer_once"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="api_idempotentanswer_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="api_idempotentanswer_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OAuthApplication",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "redirect_uris",
                            models.TextField(
                                blank=True, help_text="Allowed URIs list, space separated", verbose_name="redirect URIs"
                            ),
                        ),
                        (
                            "post_logout_redirect_uris",
                            models.TextField(
                                blank=True,
                                default="",
                                help_text="Allowed Post Logout URIs list, space separated",
                                verbose_name="post logout redirect URIs",
                            ),
                        ),
                        (
                            "client_type",
                            models.CharField(
                                choices=[("confidential", "Confidential"), ("public", "Public")],
                                max_length=32,
                                verbose_name="client type",
                            ),
                        ),
                        (
                            "authorization_grant_type",
                            models.CharField(
                                choices=[
                                    ("authorization-code", "Authorization code"),
                                    ("urn:ietf:params:oauth:grant-type:device_code", "Device Code"),
                                    ("implicit", "Implicit"),
                                    ("password", "Resource owner password-based"),
                                    ("client-credentials", "Client credentials"),
                                    ("openid-hybrid", "OpenID connect hybrid"),
                                ],
                                max_length=44,
                                verbose_name="authorization grant type",
                            ),
                        ),
                        (
                            "client_secret",
                            oauth2_provider.models.ClientSecretField(
                                blank=True,
                                db_index=True,
                                default=oauth2_provider.generators.generate_client_secret,
                                help_text="Client secret for authentication",
                                max_length=255,
                                verbose_name="client secret",
                            ),
                        ),
                        ("hash_client_secret", models.BooleanField(default=True, verbose_name="hash client secret")),
                        ("name", models.CharField(blank=True, max_length=255, verbose_name="name")),
                        ("skip_authorization", models.BooleanField(default=False, verbose_name="skip authorization")),
                        ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                        ("updated", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        (
                            "algorithm",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "No OIDC support"),
                                    ("RS256", "RSA with SHA-2 256"),
                                    ("HS256", "HMAC with SHA-2 256"),
                                ],
                                default="",
                                max_length=5,
                                verbose_name="algorithm",
                            ),
                        ),
                        (
                            "allowed_origins",
                            models.TextField(
                                blank=True,
                                default="",
                                help_text="Allowed origins list to enable CORS, space separated",
                                verbose_name="allowed origins",
                            ),
                        ),
                        (
                            "registration_source",
                            models.CharField(
                                choices=[
                                    ("manual", "Manual"),
                                    ("dcr", "Dynamic Client Registration"),
                                    ("cimd", "Client ID Metadata Document"),
                                ],
                                default="manual",
                                help_text="How this application was registered (manual, DCR per RFC 7591, or CIMD)",
                                max_length=32,
                                verbose_name="registration source",
                            ),
                        ),
                        (
                            "cimd_expires_at",
                            models.DateTimeField(
                                blank=True,
                                default=None,
                                help_text="When the cached Client ID Metadata Document should be re-fetched",
                                null=True,
                                verbose_name="CIMD expires at",
                            ),
                        ),
                        (
                            "client_id",
                            models.CharField(default=oauth2_provider.generators.generate_client_id, max_length=100),
                        ),
                        (
                            "may",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), default=list, size=None, verbose_name="may"
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
                            "user",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="registered by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "application",
                        "verbose_name_plural": "applications",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "client_id"), name="oauth_client_id_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "user_id"),
                                name="api_oauthapplication_user_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="api_oauthapplication_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="api_oauthapplication_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OAuthGrant",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("expires", models.DateTimeField(verbose_name="expires")),
                        ("redirect_uri", models.TextField(verbose_name="redirect URI")),
                        ("scope", models.TextField(blank=True, verbose_name="scope")),
                        ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                        ("updated", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        (
                            "code_challenge",
                            models.CharField(blank=True, default="", max_length=128, verbose_name="code challenge"),
                        ),
                        (
                            "code_challenge_method",
                            models.CharField(
                                blank=True,
                                choices=[("plain", "plain"), ("S256", "S256")],
                                default="",
                                max_length=10,
                                verbose_name="code challenge method",
                            ),
                        ),
                        ("nonce", models.CharField(blank=True, default="", max_length=255, verbose_name="nonce")),
                        ("claims", models.TextField(blank=True, verbose_name="claims")),
                        (
                            "resource",
                            oauth2_provider.models.ResourceJSONField(blank=True, default=list, verbose_name="resource"),
                        ),
                        ("code", api.models.oauth.HashedCodeField(max_length=64)),
                        (
                            "application",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
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
                            "user",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "code"), name="oauth_code_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "user_id"),
                                name="api_oauthgrant_user_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "application_id"),
                                name="api_oauthgrant_application_scoped",
                                target="api_oauthapplication",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="api_oauthgrant_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="api_oauthgrant_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Token",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="what it is for")),
                        ("digest", models.CharField(editable=False, max_length=64)),
                        (
                            "scopes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), default=list, size=None, verbose_name="may"
                            ),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires at")),
                        ("last_used_at", models.DateTimeField(editable=False, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
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
                                verbose_name="acts as",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "API token",
                        "verbose_name_plural": "API tokens",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "digest"), name="token_digest_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="api_token_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="api_token_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="api_token_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookEndpoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("url", models.URLField(max_length=500, verbose_name="address")),
                        ("name", models.CharField(max_length=120, verbose_name="what it is for")),
                        (
                            "verbs",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=64),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="hears of",
                            ),
                        ),
                        ("enabled", models.BooleanField(default=True, verbose_name="on")),
                        (
                            "disabled_because",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("gone", "The receiver says that it is gone (410)."),
                                    ("silent", "Nothing has arrived for five days."),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("failing_since", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "created_by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "verbose_name": "webhook",
                        "verbose_name_plural": "webhooks",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="webhook_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "created_by_id"),
                                name="api_webhookendpoint_created_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="api_webhookendpoint_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="api_webhookendpoint_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookSecret",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sealed", models.TextField()),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("expires_at", models.DateTimeField(null=True)),
                        (
                            "endpoint",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="secrets",
                                to="api.webhookendpoint",
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
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["environment", "endpoint"], name="webhook_secret_of_endpoint")
                        ],
                        "constraints": [
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "endpoint_id"),
                                name="api_webhooksecret_endpoint_scoped",
                                target="api_webhookendpoint",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="api_webhooksecret_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="api_webhooksecret_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookDelivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("message_id", models.CharField(max_length=60, verbose_name="message")),
                        ("kind", models.CharField(max_length=70, verbose_name="about")),
                        ("body", models.TextField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("claimed", "being sent"),
                                    ("done", "delivered"),
                                    ("given_up", "given up"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField()),
                        ("claimed_at", models.DateTimeField(null=True)),
                        ("done_at", models.DateTimeField(null=True)),
                        ("status", models.PositiveSmallIntegerField(null=True)),
                        ("error", models.CharField(blank=True, max_length=300)),
                        ("created_at", models.DateTimeField()),
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
                            "endpoint",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="api.webhookendpoint",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("stored_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "webhook message",
                        "verbose_name_plural": "webhook messages",
                        "indexes": [
                            models.Index(fields=["environment", "endpoint", "-created_at", "-id"], name="webhook_log"),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "claimed"])),
                                fields=["due_at"],
                                name="webhook_due",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["waiting", "claimed"])),
                                fields=["environment", "endpoint", "person", "stored_at"],
                                name="webhook_line",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "endpoint", "message_id"), name="webhook_message_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "done"), ("done_at", None), _connector="XOR"),
                                name="webhook_done_at_follows_state",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "endpoint_id"),
                                name="api_webhookdelivery_endpoint_scoped",
                                target="api_webhookendpoint",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="api_webhookdelivery_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="api_webhookdelivery_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="api_webhookdelivery_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OAuthAccessToken",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("token", models.TextField(verbose_name="token")),
                        ("expires", models.DateTimeField(verbose_name="expires")),
                        ("scope", models.TextField(blank=True, verbose_name="scope")),
                        (
                            "resource",
                            oauth2_provider.models.ResourceJSONField(blank=True, default=list, verbose_name="resource"),
                        ),
                        ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                        ("updated", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        ("token_checksum", oauth2_provider.models.TokenChecksumField(max_length=64)),
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
                            "user",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "application",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
                            ),
                        ),
                        (
                            "source_refresh_token",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "token_checksum"), name="oauth_access_token_once"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "source_refresh_token"), name="oauth_refreshed_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "user_id"),
                                name="api_oauthaccesstoken_user_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "application_id"),
                                name="api_oauthaccesstoken_application_scoped",
                                target="api_oauthapplication",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "source_refresh_token_id"),
                                name="api_oauthaccesstoken_source_refresh_token_scoped",
                                target="api_oauthrefreshtoken",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="api_oauthaccesstoken_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="api_oauthaccesstoken_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OAuthRefreshToken",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("token", models.TextField(verbose_name="token")),
                        (
                            "token_checksum",
                            oauth2_provider.models.TokenChecksumField(max_length=64, verbose_name="token checksum"),
                        ),
                        (
                            "token_family",
                            models.UUIDField(blank=True, editable=False, null=True, verbose_name="token family"),
                        ),
                        (
                            "resource",
                            oauth2_provider.models.ResourceJSONField(blank=True, default=list, verbose_name="resource"),
                        ),
                        ("created", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                        ("updated", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        ("revoked", models.DateTimeField(null=True, verbose_name="revoked")),
                        (
                            "access_token",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL,
                            ),
                        ),
                        (
                            "application",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL,
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
                            "user",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["environment", "token_family"], name="oauth_refresh_family")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "token_checksum", "revoked"), name="oauth_refresh_once"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "access_token"), name="oauth_refresh_of_access"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "user_id"),
                                name="api_oauthrefreshtoken_user_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "application_id"),
                                name="api_oauthrefreshtoken_application_scoped",
                                target="api_oauthapplication",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "access_token_id"),
                                name="api_oauthrefreshtoken_access_token_scoped",
                                target="api_oauthaccesstoken",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="api_oauthrefreshtoken_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="api_oauthrefreshtoken_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
