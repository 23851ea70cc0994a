import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import ecosystem.models.changes
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models
from ecosystem.creating import CreateModels
from ecosystem.models.security import append_only_sql

# A chain of hashes over the audit log, and the one way in which old entries go.
DIGEST = """
    CREATE FUNCTION ecosystem_audit_digest(e public.ecosystem_auditentry) RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
        SELECT encode(sha256(convert_to(jsonb_build_array(
            e.environment_id, e.id, e.nonce, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), e.actor_id,
            e.actor_name, e.act, e.model, e.object_id, e.object_name, e.before, e.after)::text, 'UTF8')), 'hex')
    $$;
    REVOKE ALL ON FUNCTION ecosystem_audit_digest(public.ecosystem_auditentry) FROM PUBLIC;
"""
# The first trigger runs for all entries before the second runs for any, so by then `app.audit_chains` names every chain
# of this transaction. The setting is a wish only: whatever it holds, the chain of the link itself is always locked.
# A transaction that wrote into the logs of several environments takes their chains in one order, whoever wrote first.
CHAIN = """
    CREATE FUNCTION ecosystem_audit_link_add() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        INSERT INTO public.ecosystem_auditlink (environment_id, entry_id, at, digest, hash)
        VALUES (NEW.environment_id, NEW.id, NEW.at, public.ecosystem_audit_digest(NEW), '');
        IF NEW.environment_id::text <> ALL (string_to_array(coalesce(current_setting('app.audit_chains', true), ''), ',')) THEN
            PERFORM set_config('app.audit_chains',
                concat_ws(',', nullif(current_setting('app.audit_chains', true), ''), NEW.environment_id), true);
        END IF;
        RETURN NULL;
    END
    $$;
    CREATE FUNCTION ecosystem_audit_link_close() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        chain bigint;
        last record;
    BEGIN
        FOR chain IN SELECT named::bigint FROM unnest(
            string_to_array(nullif(current_setting('app.audit_chains', true), ''), ',')
        ) AS named UNION SELECT NEW.environment_id ORDER BY 1 LOOP
            PERFORM pg_advisory_xact_lock(hashtext('grove audit chain'), chain::integer);
        END LOOP;
        PERFORM set_config('app.audit_chains', '', true);
        SELECT position, hash INTO last FROM public.ecosystem_auditlink
        WHERE environment_id = NEW.environment_id AND position IS NOT NULL ORDER BY position DESC LIMIT 1;
        UPDATE public.ecosystem_auditlink SET
            position = coalesce(last.position, 0) + 1,
            hash = encode(sha256(convert_to(coalesce(last.hash, '') || '|'
                || to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '|' || NEW.digest, 'UTF8')), 'hex')
        WHERE id = NEW.id;
        RETURN NULL;
    END
    $$;
    REVOKE ALL ON FUNCTION ecosystem_audit_link_add() FROM PUBLIC;
    REVOKE ALL ON FUNCTION ecosystem_audit_link_close() FROM PUBLIC;
    CREATE CONSTRAINT TRIGGER audit_link_add AFTER INSERT ON ecosystem_auditentry
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ecosystem_audit_link_add();
    CREATE CONSTRAINT TRIGGER audit_link_close AFTER INSERT ON ecosystem_auditlink
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ecosystem_audit_link_close();
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ecosystem_auditlink FROM grove_app;
    CREATE POLICY chain ON ecosystem_auditlink FOR ALL TO grove_owner USING (true) WITH CHECK (true);
"""
FORGET = """
    CREATE POLICY too_old ON ecosystem_auditentry FOR SELECT TO grove_owner USING (at < now() - interval '2 years');
    CREATE POLICY too_old_goes ON ecosystem_auditentry FOR DELETE TO grove_owner USING (at < now() - interval '2 years');
    CREATE FUNCTION ecosystem_audit_forget(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        gone integer;
    BEGIN
        DELETE FROM public.ecosystem_auditentry WHERE id IN (
            SELECT id FROM public.ecosystem_auditentry WHERE at < now() - interval '2 years' LIMIT most
        );
        GET DIAGNOSTICS gone = ROW_COUNT;
        RETURN gone;
    END
    $$;
    REVOKE ALL ON FUNCTION ecosystem_audit_forget(integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION ecosystem_audit_forget(integer) TO grove_app;
"""

# In how many environments somebody is a member, counted where memberships are written.
# One statement a statement, so that a COPY of ten thousand memberships is one more update, not ten thousand.
COUNT = """
    CREATE FUNCTION ecosystem_count_places() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            UPDATE public.ecosystem_person SET places = places + found.more FROM (
                SELECT person_id, count(*) AS more FROM fresh WHERE ended_at IS NULL GROUP BY person_id
            ) found WHERE id = found.person_id;
        ELSIF TG_OP = 'DELETE' THEN
            UPDATE public.ecosystem_person SET places = places - found.less FROM (
                SELECT person_id, count(*) AS less FROM stale WHERE ended_at IS NULL GROUP BY person_id
            ) found WHERE id = found.person_id;
        ELSE
            UPDATE public.ecosystem_person SET places = places + found.more FROM (
                SELECT person_id, sum(one) AS more FROM (
                    SELECT person_id, 1 AS one FROM fresh WHERE ended_at IS NULL
                    UNION ALL SELECT person_id, -1 FROM stale WHERE ended_at IS NULL
                ) both_of GROUP BY person_id HAVING sum(one) <> 0
            ) found WHERE id = found.person_id;
        END IF;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER count_places_more AFTER INSERT ON ecosystem_membership
        REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ecosystem_count_places();
    CREATE TRIGGER count_places_less AFTER DELETE ON ecosystem_membership
        REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION ecosystem_count_places();
    CREATE TRIGGER count_places_other AFTER UPDATE ON ecosystem_membership
        REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ecosystem_count_places();
"""

# Runs as the owner, for whom alone rows that are never changed can go, and only those of an archived environment whose
# day has come. Nothing of the caller gets into the SQL.
# It looks up nothing in a schema in which others may make things.
REMOVE_KEPT = """
    CREATE FUNCTION ecosystem_remove_kept(place bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        kept text;
        removed bigint;
        gone bigint := 0;
    BEGIN
        IF NOT EXISTS (
            SELECT FROM public.ecosystem_environment
            WHERE id = place AND archived_at IS NOT NULL AND remove_at <= pg_catalog.clock_timestamp()
        ) THEN
            RAISE EXCEPTION 'environment % is not to be removed', place;
        END IF;
        PERFORM pg_catalog.set_config('app.removing', place::text, true);
        FOR kept IN
            SELECT tablename FROM pg_catalog.pg_policies WHERE schemaname = 'public' AND policyname = 'removal'
        LOOP
            EXECUTE pg_catalog.format('DELETE FROM public.%I WHERE environment_id = $1', kept) USING place;
            GET DIAGNOSTICS removed = ROW_COUNT;
            gone := gone + removed;
        END LOOP;
        PERFORM pg_catalog.set_config('app.removing', '', true);
        RETURN gone;
    END
    $$;
    REVOKE ALL ON FUNCTION ecosystem_remove_kept(bigint) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION ecosystem_remove_kept(bigint) TO grove_app;
"""


class Migration(migrations.Migration):
    initial = True

    # What a database of before has recorded; it has the same tables.
    replaces = [
        ("ecosystem", "0002_own_rows_names"),
        ("ecosystem", "0003_searchentry"),
        ("ecosystem", "0004_cover_is_drawn"),
        ("ecosystem", "0005_audit"),
        ("ecosystem", "0006_people"),
        ("ecosystem", "0007_delegation"),
        ("ecosystem", "0008_audit_in_feed"),
        ("ecosystem", "0009_sign_in"),
        ("ecosystem", "0010_look"),
        ("ecosystem", "0011_settings"),
        ("ecosystem", "0012_settings_kept"),
        ("ecosystem", "0013_narrow_delegations"),
        ("ecosystem", "0014_saml"),
        ("ecosystem", "0015_audit_chain"),
        ("ecosystem", "0016_audit_chain_begun"),
        ("ecosystem", "0017_person_places"),
        ("ecosystem", "0018_import_kinds"),
        ("ecosystem", "0019_person_picture"),
        ("ecosystem", "0020_housekeeping"),
        ("ecosystem", "0021_append_only"),
        ("ecosystem", "0022_remove_kept_qualified"),
        ("ecosystem", "0023_audit_chains_in_order"),
    ]

    dependencies = []

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Environment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=60, unique=True)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("tagline", models.CharField(blank=True, max_length=200, verbose_name="tagline")),
                        ("language", models.CharField(default="en", max_length=8, verbose_name="language")),
                        (
                            "time_zone",
                            models.CharField(default="Europe/Amsterdam", max_length=60, verbose_name="time zone"),
                        ),
                        (
                            "brand",
                            models.CharField(
                                default="#0B6E69",
                                max_length=7,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^#[0-9a-fA-F]{6}$", "Write a colour as # and six digits, such as #0B6E69."
                                    )
                                ],
                                verbose_name="brand colour",
                            ),
                        ),
                        (
                            "accent",
                            models.CharField(
                                default="#E8743B",
                                max_length=7,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^#[0-9a-fA-F]{6}$", "Write a colour as # and six digits, such as #0B6E69."
                                    )
                                ],
                                verbose_name="accent colour",
                            ),
                        ),
                        (
                            "font",
                            models.CharField(
                                choices=[
                                    ("figtree", "Figtree"),
                                    ("nunito", "Nunito"),
                                    ("atkinson", "Atkinson Hyperlegible Next"),
                                ],
                                default="figtree",
                                max_length=20,
                                verbose_name="font",
                            ),
                        ),
                        (
                            "radius",
                            models.PositiveSmallIntegerField(
                                default=16,
                                validators=[django.core.validators.MaxValueValidator(24)],
                                verbose_name="corner radius in pixels",
                            ),
                        ),
                        ("logo_svg", models.TextField(blank=True, verbose_name="logo (SVG)")),
                        ("theme_css", models.TextField(blank=True, editable=False)),
                        ("theme_hash", models.CharField(blank=True, editable=False, max_length=16)),
                        ("words", models.JSONField(blank=True, default=dict, verbose_name="own words")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="ecosystem.environment",
                            ),
                        ),
                        ("favicon_svg", models.TextField(blank=True, verbose_name="icon of the browser tab (SVG)")),
                        ("legal", models.JSONField(blank=True, default=dict, verbose_name="legal pages")),
                        ("resolved", models.JSONField(blank=True, default=dict, editable=False)),
                        ("archived_at", models.DateTimeField(editable=False, null=True, verbose_name="archived at")),
                        ("remove_at", models.DateTimeField(editable=False, null=True, verbose_name="goes for good at")),
                    ],
                    options={
                        "verbose_name": "environment",
                        "verbose_name_plural": "environments",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("remove_at", None), ("archived_at__isnull", False), _connector="OR"
                                ),
                                name="environment_removed_only_from_the_archive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("parent", models.F("id")), _negated=True),
                                name="environment_not_its_own_parent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("radius__lte", 24)), name="environment_radius_in_range"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        ("actor_id", models.BigIntegerField(null=True)),
                        ("actor_name", models.CharField(blank=True, max_length=120, verbose_name="who")),
                        ("act", models.CharField(max_length=80, verbose_name="act")),
                        ("model", models.CharField(blank=True, max_length=80, verbose_name="kind of row")),
                        ("object_id", models.CharField(blank=True, max_length=64)),
                        ("object_name", models.CharField(blank=True, max_length=200, verbose_name="what")),
                        (
                            "before",
                            models.JSONField(
                                default=dict,
                                encoder=django.core.serializers.json.DjangoJSONEncoder,
                                verbose_name="before",
                            ),
                        ),
                        (
                            "after",
                            models.JSONField(
                                default=dict,
                                encoder=django.core.serializers.json.DjangoJSONEncoder,
                                verbose_name="after",
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
                        ("tx", ecosystem.models.changes.TransactionNumber()),
                        (
                            "nonce",
                            models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
                        ),
                    ],
                    options={
                        "verbose_name": "audit entry",
                        "verbose_name_plural": "audit log",
                        "indexes": [
                            models.Index(fields=["environment", "-at", "-id"], name="audit_newest"),
                            models.Index(fields=["environment", "model", "object_id", "-id"], name="audit_of_object"),
                            models.Index(fields=["environment", "actor_id", "-id"], name="audit_of_actor"),
                            models.Index(fields=["environment", "tx", "id"], name="audit_in_feed"),
                            django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="audit_by_age"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_auditentry_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_auditentry_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("entry_id", models.BigIntegerField()),
                        ("at", models.DateTimeField()),
                        ("digest", models.CharField(max_length=64)),
                        ("position", models.BigIntegerField(null=True)),
                        ("hash", models.CharField(max_length=64)),
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
                        "verbose_name": "link of the audit log",
                        "verbose_name_plural": "links of the audit log",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "position"), name="audit_link_position_once"
                            ),
                            models.UniqueConstraint(fields=("environment", "entry_id"), name="audit_link_entry_once"),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_auditlink_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_auditlink_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EnvironmentAncestor",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("depth", models.PositiveSmallIntegerField()),
                        (
                            "ancestor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="descendant_links",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "environment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ancestor_links",
                                to="ecosystem.environment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "ancestor"), name="environment_ancestor_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EnvironmentSetting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=40)),
                        ("value", models.JSONField()),
                        ("locked", models.BooleanField(default=False, verbose_name="locked")),
                        (
                            "environment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="own_settings",
                                to="ecosystem.environment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "setting",
                        "verbose_name_plural": "settings",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "key"), name="setting_once_per_environment")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Host",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                max_length=253,
                                unique=True,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$",
                                        "Write a host name in small letters, without port.",
                                    )
                                ],
                                verbose_name="host name",
                            ),
                        ),
                        ("is_primary", models.BooleanField(default=False, verbose_name="used in links")),
                        (
                            "environment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hosts",
                                to="ecosystem.environment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_primary", True)),
                                fields=("environment",),
                                name="host_one_primary_per_environment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", django.db.models.functions.text.Lower("name"))),
                                name="host_name_lower_case",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Group",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("about", models.CharField(blank=True, max_length=200, verbose_name="what it is for")),
                        ("rule", models.JSONField(blank=True, default=dict, verbose_name="rule")),
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
                    ],
                    options={
                        "verbose_name": "group",
                        "verbose_name_plural": "groups",
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("environment"),
                                django.db.models.functions.text.Lower("name"),
                                name="group_name_once",
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_group_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_group_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoredFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("path", models.CharField(max_length=300)),
                        ("size", models.PositiveBigIntegerField(verbose_name="bytes")),
                        ("stored_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                        "verbose_name": "stored file",
                        "verbose_name_plural": "stored files",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "path"), name="stored_file_once"),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_storedfile_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_storedfile_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdentityProvider",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("name", models.CharField(max_length=40, verbose_name="name on the button")),
                        ("issuer", models.URLField(max_length=300, verbose_name="issuer")),
                        ("client_id", models.CharField(blank=True, max_length=190, verbose_name="client id")),
                        ("sealed_secret", models.TextField(blank=True)),
                        ("is_on", models.BooleanField(default=False, verbose_name="offered on the sign-in page")),
                        (
                            "admits_new",
                            models.BooleanField(default=False, verbose_name="lets new people in as learners"),
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
                        ("certificate", models.TextField(blank=True, verbose_name="certificate")),
                        (
                            "protocol",
                            models.CharField(
                                choices=[("oidc", "OpenID Connect"), ("saml", "SAML 2.0")],
                                default="oidc",
                                max_length=4,
                                verbose_name="protocol",
                            ),
                        ),
                        ("sso_url", models.URLField(blank=True, max_length=300, verbose_name="sign-in address")),
                    ],
                    options={
                        "verbose_name": "sign-in of the organisation",
                        "verbose_name_plural": "sign-ins of the organisation",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="identity_provider_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("protocol", "oidc"),
                                    models.Q(
                                        models.Q(("sso_url", ""), _negated=True),
                                        models.Q(("certificate", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="identity_provider_saml_is_complete",
                            ),
                            models.UniqueConstraint(fields=("environment", "name"), name="identity_provider_name_once"),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_identityprovider_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_identityprovider_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("language", models.CharField(blank=True, max_length=8, verbose_name="language")),
                        ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("time_zone", models.CharField(blank=True, max_length=60, verbose_name="time zone")),
                        ("places", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                        ("picture", models.FileField(blank=True, upload_to="faces", verbose_name="picture")),
                    ],
                    options={
                        "verbose_name": "person",
                        "verbose_name_plural": "people",
                        "indexes": [
                            models.Index(fields=["name", "id"], name="person_by_name"),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.search.SearchVector(
                                    "name",
                                    models.Func(
                                        "email", models.Value("@.-_+"), models.Value("     "), function="translate"
                                    ),
                                    config="simple",
                                ),
                                name="person_words",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                                name="person_email_lower_case",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Element",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("slug", models.SlugField(max_length=100)),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("summary", models.TextField(blank=True, verbose_name="summary")),
                        ("language", models.CharField(default="en", max_length=8, verbose_name="language")),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="tags",
                            ),
                        ),
                        ("minutes", models.PositiveIntegerField(default=0, verbose_name="minutes")),
                        (
                            "cover",
                            models.CharField(
                                choices=[
                                    ("rings", "rings"),
                                    ("waves", "waves"),
                                    ("nodes", "nodes"),
                                    ("leaves", "leaves"),
                                    ("hills", "hills"),
                                ],
                                default="rings",
                                max_length=20,
                                verbose_name="cover",
                            ),
                        ),
                        ("url", models.URLField(blank=True, verbose_name="address outside the platform")),
                        (
                            "lifecycle",
                            models.CharField(
                                choices=[
                                    ("seed", "seed"),
                                    ("growing", "growing"),
                                    ("mature", "mature"),
                                    ("declining", "declining"),
                                    ("retired", "retired"),
                                ],
                                default="growing",
                                max_length=12,
                                verbose_name="lifecycle",
                            ),
                        ),
                        (
                            "visibility",
                            models.CharField(
                                choices=[("private", "only its makers"), ("members", "everyone here")],
                                default="members",
                                max_length=12,
                                verbose_name="visible to",
                            ),
                        ),
                        ("why", models.TextField(blank=True, verbose_name="why it exists")),
                        ("review_on", models.DateField(blank=True, null=True, verbose_name="review on")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "owner",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
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
                        "verbose_name": "element",
                        "verbose_name_plural": "elements",
                        "indexes": [
                            models.Index(fields=["environment", "kind", "title"], name="element_by_kind"),
                            django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="element_tags"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "slug"), name="element_slug_once"),
                            models.UniqueConstraint(fields=("environment", "uid"), name="element_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(("title", ""), _negated=True), name="element_has_title"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("cover__in", ["rings", "waves", "nodes", "leaves", "hills"])),
                                name="element_cover_is_drawn",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "owner_id"),
                                name="ecosystem_element_owner_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_element_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column="id", name="ecosystem_element_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delegation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "powers",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("invite", "invite people"),
                                        ("enrol", "enrol people"),
                                        ("see_results", "see results"),
                                        ("mark", "mark work"),
                                        ("manage_content", "make and change content"),
                                        ("manage_events", "organise events"),
                                        ("run_reports", "open reports"),
                                        ("manage_branding", "change the look"),
                                        ("manage_people", "look after people"),
                                        ("delegate", "pass these powers on"),
                                    ],
                                    max_length=20,
                                ),
                                size=None,
                                verbose_name="powers",
                            ),
                        ),
                        (
                            "reach",
                            models.CharField(
                                choices=[
                                    ("here", "this environment only"),
                                    ("below", "this environment and everything below it"),
                                    ("course", "one course"),
                                    ("group", "one group of people"),
                                ],
                                default="here",
                                max_length=10,
                                verbose_name="over",
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                        ("granted_at", models.DateTimeField(verbose_name="given at")),
                        ("grantor_id", models.BigIntegerField(null=True)),
                        ("grantor_name", models.CharField(blank=True, max_length=120, verbose_name="given by")),
                        ("reattested_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                        ("remind_at", models.DateTimeField(null=True)),
                        ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked at")),
                        ("revoker_id", models.BigIntegerField(null=True)),
                        ("revoker_name", models.CharField(blank=True, max_length=120, verbose_name="revoked by")),
                        (
                            "basis",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.delegation",
                            ),
                        ),
                        (
                            "basis_environment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="course",
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
                            "home",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "group",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.group",
                                verbose_name="group",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "delegation",
                        "verbose_name_plural": "delegations",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("revoked_at", None)),
                                fields=["person", "environment"],
                                name="delegation_of_person",
                            ),
                            models.Index(
                                condition=models.Q(("revoked_at", None)), fields=["basis"], name="delegation_by_basis"
                            ),
                            models.Index(
                                condition=models.Q(("remind_at__isnull", False)),
                                fields=["remind_at"],
                                name="delegation_reminder",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "powers__contained_by",
                                        [
                                            "invite",
                                            "enrol",
                                            "see_results",
                                            "mark",
                                            "manage_content",
                                            "manage_events",
                                            "run_reports",
                                            "manage_branding",
                                            "manage_people",
                                            "delegate",
                                        ],
                                    ),
                                    ("powers__len__gt", 0),
                                ),
                                name="delegation_powers_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("element__isnull", False), ("reach", "course")),
                                    models.Q(models.Q(("reach", "course"), _negated=True), ("element__isnull", True)),
                                    _connector="OR",
                                ),
                                name="delegation_course_has_element",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reach", "course"), _negated=True),
                                    (
                                        "powers__contained_by",
                                        [
                                            "delegate",
                                            "enrol",
                                            "manage_content",
                                            "manage_events",
                                            "manage_people",
                                            "mark",
                                            "run_reports",
                                            "see_results",
                                        ],
                                    ),
                                    _connector="OR",
                                ),
                                name="delegation_course_powers",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("reach", "group"),
                                        models.Q(
                                            ("group__isnull", False), ("revoked_at__isnull", False), _connector="OR"
                                        ),
                                    ),
                                    models.Q(models.Q(("reach", "group"), _negated=True), ("group__isnull", True)),
                                    _connector="OR",
                                ),
                                name="delegation_group_has_group",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reach", "group"), _negated=True),
                                    (
                                        "powers__contained_by",
                                        ["delegate", "enrol", "manage_people", "mark", "run_reports", "see_results"],
                                    ),
                                    _connector="OR",
                                ),
                                name="delegation_group_powers",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="delegation_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("grantor_id", models.F("person")), _negated=True),
                                name="delegation_not_to_oneself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("basis", models.F("id")), _negated=True),
                                name="delegation_not_its_own_basis",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("revoked_at__isnull", True), ("remind_at__isnull", True), _connector="OR"
                                ),
                                name="delegation_revoked_is_silent",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "home_id"),
                                name="delegation_home_is_above",
                                target="ecosystem_environmentancestor",
                                to=("environment_id", "ancestor_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("home_id", "person_id"),
                                name="delegation_person_of_home",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "basis_environment_id"),
                                name="delegation_basis_is_above",
                                target="ecosystem_environmentancestor",
                                to=("environment_id", "ancestor_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("basis_environment_id", "basis_id"),
                                name="delegation_basis_of_environment",
                                target="ecosystem_delegation",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="ecosystem_delegation_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "group_id"),
                                name="ecosystem_delegation_group_scoped",
                                target="ecosystem_group",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_delegation_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_delegation_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Availability",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("offered", models.BooleanField(default=False)),
                        ("since", models.DateTimeField(auto_now_add=True)),
                        (
                            "element",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="availabilities",
                                to="ecosystem.element",
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
                            "origin",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "availabilities",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("offered", True)),
                                fields=["environment"],
                                include=("element",),
                                name="availability_offered",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="availability_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("offered", True), ("origin", models.F("environment")), _connector="XOR"
                                ),
                                name="availability_offered_means_from_above",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "origin_id"),
                                name="availability_origin_is_above",
                                target="ecosystem_environmentancestor",
                                to=("environment_id", "ancestor_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("origin_id", "element_id"),
                                name="availability_origin_owns_element",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_availability_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_availability_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Credit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("role", models.CharField(default="author", max_length=40, verbose_name="role")),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "element",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="credits",
                                to="ecosystem.element",
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
                        "ordering": ["position", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element", "name", "role"), name="credit_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="credit_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="ecosystem_credit_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_credit_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="ecosystem_credit_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="ecosystem_credit_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Connection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("prepares_for", "prepares for"),
                                    ("practises", "practises"),
                                    ("applies", "applies"),
                                    ("assesses", "assesses"),
                                    ("reinforces", "reinforces"),
                                    ("recommends", "recommends"),
                                    ("replaces", "replaces"),
                                ],
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        ("hypothesis", models.TextField(blank=True, verbose_name="what we expect of it")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "owner",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "source",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="connections_out",
                                to="ecosystem.element",
                                verbose_name="from",
                            ),
                        ),
                        (
                            "target",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="connections_in",
                                to="ecosystem.element",
                                verbose_name="to",
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
                        "verbose_name": "connection",
                        "verbose_name_plural": "connections",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "source", "target", "kind"), name="connection_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source", models.F("target")), _negated=True),
                                name="connection_joins_two",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "source_id"),
                                name="ecosystem_connection_source_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "target_id"),
                                name="ecosystem_connection_target_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "owner_id"),
                                name="ecosystem_connection_owner_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_connection_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_connection_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GroupMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("by_rule", models.BooleanField(default=False, verbose_name="by the rule")),
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
                            "group",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="ecosystem.group",
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
                        "verbose_name": "group member",
                        "verbose_name_plural": "group members",
                        "indexes": [models.Index(fields=["environment", "person"], name="groups_of_person")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "group", "person"), name="group_member_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "group_id"),
                                name="ecosystem_groupmember_group_scoped",
                                target="ecosystem_group",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="ecosystem_groupmember_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_groupmember_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_groupmember_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DataExport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "being made"),
                                    ("ready", "ready"),
                                    ("failed", "failed"),
                                    ("expired", "expired"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked at")),
                        ("due_at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("expires_at", models.DateTimeField(null=True, verbose_name="available until")),
                        ("file", models.FileField(blank=True, upload_to="exports")),
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
                        "verbose_name": "copy of data",
                        "verbose_name_plural": "copies of data",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="data_export_due"
                            ),
                            models.Index(fields=["environment", "person", "-id"], name="data_export_of_person"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="data_export_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "ready"])),
                                fields=("environment", "person"),
                                name="data_export_one_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "ready"), _negated=True),
                                    ("expires_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="data_export_ready_ends",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="ecosystem_dataexport_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_dataexport_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_dataexport_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Erasure",
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
                                    ("asked", "asked for"),
                                    ("confirmed", "confirmed"),
                                    ("done", "done"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="asked",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked at")),
                        ("due_at", models.DateTimeField(null=True)),
                        ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                        (
                            "confirmed_by",
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
                        "verbose_name": "erasure",
                        "verbose_name_plural": "erasures",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="erasure_due"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "withdrawn"), _negated=True),
                                fields=("environment", "person"),
                                name="erasure_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "done"), ("done_at", None), _connector="XOR"),
                                name="erasure_done_at_follows_state",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="ecosystem_erasure_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "confirmed_by_id"),
                                name="ecosystem_erasure_confirmed_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_erasure_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_erasure_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SeatEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("taken", models.BooleanField(verbose_name="taken")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
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
                        "verbose_name": "entry of seats",
                        "verbose_name_plural": "seats taken and freed",
                        "indexes": [
                            models.Index(fields=["environment", "-at", "-id"], name="seat_newest"),
                            models.Index(fields=["environment", "person", "-id"], name="seat_of_person"),
                        ],
                        "constraints": [
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="ecosystem_seatentry_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_seatentry_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_seatentry_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EnvironmentExport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "being made"),
                                    ("ready", "ready"),
                                    ("failed", "failed"),
                                    ("expired", "expired"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked at")),
                        ("due_at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("expires_at", models.DateTimeField(null=True, verbose_name="available until")),
                        ("file", models.FileField(blank=True, upload_to="exports")),
                        (
                            "asked_by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
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
                        (
                            "subject",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "copy of an environment",
                        "verbose_name_plural": "copies of environments",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["due_at"],
                                name="environment_export_due",
                            ),
                            models.Index(fields=["subject"], name="environment_export_subject"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="environment_export_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "ready"])),
                                fields=("environment", "subject"),
                                name="environment_export_one_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "ready"), _negated=True),
                                    ("expires_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="environment_export_ready_ends",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("subject_id", "environment_id"),
                                name="environment_export_subject_is_below",
                                target="ecosystem_environmentancestor",
                                to=("environment_id", "ancestor_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "asked_by_id"),
                                name="ecosystem_environmentexport_asked_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_environmentexport_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_environmentexport_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "roles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("learner", "learner"),
                                        ("instructor", "instructor"),
                                        ("author", "author"),
                                        ("gardener", "gardener"),
                                        ("manager", "manager"),
                                        ("sponsor", "sponsor"),
                                        ("admin", "administrator"),
                                    ],
                                    max_length=20,
                                ),
                                default=list,
                                size=None,
                                verbose_name="roles",
                            ),
                        ),
                        ("job_title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                        ("joined_at", models.DateTimeField(auto_now_add=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
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
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "membership",
                        "verbose_name_plural": "memberships",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person"), name="membership_once_per_environment"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "roles__contained_by",
                                        ["learner", "instructor", "author", "gardener", "manager", "sponsor", "admin"],
                                    )
                                ),
                                name="membership_roles_known",
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_membership_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_membership_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                        ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                        ("job_title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                        (
                            "roles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("learner", "learner"),
                                        ("instructor", "instructor"),
                                        ("author", "author"),
                                        ("gardener", "gardener"),
                                        ("manager", "manager"),
                                        ("sponsor", "sponsor"),
                                        ("admin", "administrator"),
                                    ],
                                    max_length=20,
                                ),
                                default=list,
                                size=None,
                                verbose_name="roles",
                            ),
                        ),
                        ("nonce", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("token_hash", models.CharField(editable=False, max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "open"), ("accepted", "accepted"), ("withdrawn", "withdrawn")],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="invited at"),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="expires at")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="accepted or withdrawn at")),
                        ("mail_due_at", models.DateTimeField(null=True)),
                        ("mail_attempts", models.PositiveSmallIntegerField(default=0)),
                        ("mailed_at", models.DateTimeField(null=True, verbose_name="sent at")),
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
                            "group",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="ecosystem.group",
                            ),
                        ),
                        (
                            "invited_by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                                verbose_name="who accepted",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "invitation",
                        "verbose_name_plural": "invitations",
                        "indexes": [
                            models.Index(fields=["environment", "state", "-id"], name="invitation_newest"),
                            models.Index(fields=["environment", "person"], name="invitation_of_person"),
                            models.Index(
                                condition=models.Q(("mail_due_at__isnull", False)),
                                fields=["mail_due_at"],
                                name="invitation_due",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="invitation_uid_once"),
                            models.UniqueConstraint(fields=("environment", "token_hash"), name="invitation_token_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("environment", "email"),
                                name="invitation_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                                name="invitation_email_lower_case",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "roles__contained_by",
                                        ["learner", "instructor", "author", "gardener", "manager", "sponsor", "admin"],
                                    )
                                ),
                                name="invitation_roles_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "open"), ("ended_at__isnull", False), _connector="XOR"),
                                name="invitation_ended_at_follows_state",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "group_id"),
                                name="ecosystem_invitation_group_scoped",
                                target="ecosystem_group",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "invited_by_id"),
                                name="ecosystem_invitation_invited_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="ecosystem_invitation_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_invitation_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_invitation_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeopleImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("rows", models.JSONField(default=list)),
                        ("count", models.PositiveIntegerField(verbose_name="lines")),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="uploaded at"),
                        ),
                        ("done_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
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
                        ("kind", models.CharField(default="people", max_length=20, verbose_name="of what")),
                    ],
                    options={
                        "verbose_name": "import from a file",
                        "verbose_name_plural": "imports from files",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("done_at", None)),
                                fields=["environment", "by"],
                                name="people_import_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="people_import_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="ecosystem_peopleimport_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_peopleimport_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_peopleimport_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("vector", django.contrib.postgres.search.SearchVectorField()),
                        (
                            "element",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["environment", "vector"], name="search_entry_words"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="search_entry_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("password", "password"),
                                    ("code", "code by e-mail"),
                                    ("passkey", "passkey"),
                                    ("organisation", "account of the organisation"),
                                    ("invitation", "invitation"),
                                ],
                                max_length=20,
                                verbose_name="with",
                            ),
                        ),
                        ("device", models.CharField(max_length=60, verbose_name="device")),
                        ("device_hash", models.CharField(max_length=64)),
                        ("began_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="signed in")),
                        ("seen_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="last seen")),
                        ("ended_at", models.DateTimeField(null=True)),
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
                        "verbose_name": "sign-in",
                        "verbose_name_plural": "sign-ins",
                        "indexes": [
                            models.Index(fields=["environment", "person", "-seen_at"], name="sign_in_of_person")
                        ],
                        "constraints": [
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="ecosystem_signin_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_signin_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_signin_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountLetter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("to", models.EmailField(blank=True, max_length=254)),
                        ("kind", models.CharField(max_length=30)),
                        ("sealed", models.TextField()),
                        ("due_at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
                        ("expires_at", models.DateTimeField()),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
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
                        "verbose_name": "letter of sign-in",
                        "verbose_name_plural": "letters of sign-in",
                        "indexes": [models.Index(fields=["due_at"], name="account_letter_due")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="ecosystem_accountletter_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="ecosystem_accountletter_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
            ]
        ),
        # The role of own_rows() may read the names of environments, to say where its rows are.
        migrations.RunSQL(
            "GRANT SELECT ON ecosystem_environment, ecosystem_host TO grove_self", migrations.RunSQL.noop
        ),
        # Who looks for waiting work leaves archived environments alone.
        migrations.RunSQL(
            "GRANT SELECT (id, archived_at) ON ecosystem_environment TO grove_system", migrations.RunSQL.noop
        ),
        *(
            migrations.RunSQL(append_only_sql(table), migrations.RunSQL.noop)
            for table in ("ecosystem_auditentry", "ecosystem_auditlink", "ecosystem_seatentry")
        ),
        migrations.RunSQL(
            DIGEST + CHAIN,
            """
            DROP FUNCTION ecosystem_audit_link_add() CASCADE;
            DROP FUNCTION ecosystem_audit_link_close() CASCADE;
            DROP FUNCTION ecosystem_audit_digest(public.ecosystem_auditentry);
            """,
        ),
        migrations.RunSQL(FORGET, "DROP FUNCTION ecosystem_audit_forget(integer)"),
        migrations.RunSQL(COUNT, "DROP FUNCTION ecosystem_count_places() CASCADE"),
        migrations.RunSQL([REMOVE_KEPT], "DROP FUNCTION ecosystem_remove_kept(bigint)"),
    ]
