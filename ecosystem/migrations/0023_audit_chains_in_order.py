"""A transaction that wrote into the logs of several environments takes their chains in one order, whoever wrote first."""

from django.db import migrations

# The first trigger runs for all entries before the second runs for any, so by then `app.audit_chains` names every chain
# of this transaction. The setting is a wish only: whatever it holds, the chain of the link itself is always locked.
IN_ORDER = """
    CREATE OR REPLACE FUNCTION ecosystem_audit_link_add() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
    CREATE OR REPLACE FUNCTION ecosystem_audit_link_close() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
"""
AS_BEFORE = """
    CREATE OR REPLACE FUNCTION ecosystem_audit_link_add() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        INSERT INTO public.ecosystem_auditlink (environment_id, entry_id, at, digest, hash)
        VALUES (NEW.environment_id, NEW.id, NEW.at, public.ecosystem_audit_digest(NEW), '');
        RETURN NULL;
    END
    $$;
    CREATE OR REPLACE FUNCTION ecosystem_audit_link_close() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
"""


class Migration(migrations.Migration):
    dependencies = [("ecosystem", "0022_remove_kept_qualified")]
    operations = [migrations.RunSQL(IN_ORDER, AS_BEFORE)]
