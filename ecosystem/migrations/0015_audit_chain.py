"""A chain of hashes over the audit log, and the one way in which old entries go."""

import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import ecosystem.models.security

# The digest is over what an entry says; not over tx, which a restore into another cluster sets back.
DIGEST = """
    CREATE FUNCTION ecosystem_audit_digest(e public.ecosystem_auditentry) RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$
        SELECT encode(sha256(convert_to(jsonb_build_array(
            e.environment_id, e.id, e.nonce, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), e.actor_id,
            e.actor_name, e.act, e.model, e.object_id, e.object_name, e.before, e.after)::text, 'UTF8')), 'hex')
    $$;
    REVOKE ALL ON FUNCTION ecosystem_audit_digest(public.ecosystem_auditentry) FROM PUBLIC;
"""
# Both triggers wait for the commit. The first fires among the checks of foreign keys and adds a link that has no place
# yet; that queues the second behind all of them. So the lock of the chain is taken when this transaction waits for
# nothing else any more, is held for the rest of the commit only, and cannot be part of a deadlock over rows.
CHAIN = """
    CREATE FUNCTION ecosystem_audit_link_add() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        INSERT INTO public.ecosystem_auditlink (environment_id, entry_id, at, digest, hash)
        VALUES (NEW.environment_id, NEW.id, NEW.at, public.ecosystem_audit_digest(NEW), '');
        RETURN NULL;
    END
    $$;
    CREATE FUNCTION ecosystem_audit_link_close() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        last record;
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('grove audit chain'), NEW.environment_id::integer);
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
UNCHAIN = """
    DROP TRIGGER audit_link_add ON ecosystem_auditentry;
    DROP TRIGGER audit_link_close ON ecosystem_auditlink;
    DROP POLICY chain ON ecosystem_auditlink;
    DROP FUNCTION ecosystem_audit_link_add();
    DROP FUNCTION ecosystem_audit_link_close();
    DROP FUNCTION ecosystem_audit_digest(public.ecosystem_auditentry);
"""
# The owner sees no row of the log but those that are old enough to go, and can do nothing to them but remove them.
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
KEEP = """
    DROP FUNCTION ecosystem_audit_forget(integer);
    DROP POLICY too_old ON ecosystem_auditentry;
    DROP POLICY too_old_goes ON ecosystem_auditentry;
"""


class Migration(migrations.Migration):
    dependencies = [("ecosystem", "0014_saml")]

    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="nonce",
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="audit_by_age"),
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    models.UniqueConstraint(fields=("environment", "position"), name="audit_link_position_once"),
                    models.UniqueConstraint(fields=("environment", "entry_id"), name="audit_link_entry_once"),
                    models.UniqueConstraint(fields=("environment", "id"), name="ecosystem_auditlink_environment_id"),
                    ecosystem.models.security.RowSecurity(
                        element_column=None, name="ecosystem_auditlink_rows", own=False, system=False
                    ),
                ],
            },
        ),
        migrations.RunSQL(DIGEST + CHAIN, UNCHAIN),
        migrations.RunSQL(FORGET, KEEP),
    ]
