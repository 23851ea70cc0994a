from django.db import migrations

from ecosystem.models.security import append_only_sql

# Runs as the owner, for whom alone rows that are never changed can go, and only those of an archived environment whose
# day has come. Nothing of the caller gets into the SQL.
REMOVE_KEPT = """
    CREATE FUNCTION ecosystem_remove_kept(place bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE
        kept text;
        removed bigint;
        gone bigint := 0;
    BEGIN
        IF NOT EXISTS (
            SELECT FROM public.ecosystem_environment
            WHERE id = place AND archived_at IS NOT NULL AND remove_at <= clock_timestamp()
        ) THEN
            RAISE EXCEPTION 'environment % is not to be removed', place;
        END IF;
        PERFORM set_config('app.removing', place::text, true);
        FOR kept IN SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname = 'removal' LOOP
            EXECUTE format('DELETE FROM public.%I WHERE environment_id = $1', kept) USING place;
            GET DIAGNOSTICS removed = ROW_COUNT;
            gone := gone + removed;
        END LOOP;
        PERFORM set_config('app.removing', '', true);
        RETURN gone;
    END
    $$;
    REVOKE ALL ON FUNCTION ecosystem_remove_kept(bigint) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION ecosystem_remove_kept(bigint) TO grove_app;
"""
# Who was a member before there was a ledger. Guests from above, who never had a role, took no seat.
BACKFILL = """
    ALTER TABLE ecosystem_membership NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE ecosystem_seatentry NO FORCE ROW LEVEL SECURITY;
    SET CONSTRAINTS ALL IMMEDIATE;
    INSERT INTO ecosystem_seatentry (environment_id, person_id, taken, at)
    SELECT environment_id, person_id, true, joined_at FROM ecosystem_membership
    WHERE ended_at IS NULL OR roles <> '{}' ORDER BY joined_at, id;
    INSERT INTO ecosystem_seatentry (environment_id, person_id, taken, at)
    SELECT environment_id, person_id, false, ended_at FROM ecosystem_membership
    WHERE ended_at IS NOT NULL AND roles <> '{}' ORDER BY ended_at, id;
    ALTER TABLE ecosystem_membership FORCE ROW LEVEL SECURITY;
    ALTER TABLE ecosystem_seatentry FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("ecosystem", "0020_housekeeping")]

    operations = [
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.RunSQL(append_only_sql("ecosystem_seatentry"), migrations.RunSQL.noop),
        migrations.RunSQL(append_only_sql("ecosystem_auditentry"), "DROP POLICY removal ON ecosystem_auditentry"),
        migrations.RunSQL(append_only_sql("ecosystem_auditlink"), "DROP POLICY removal ON ecosystem_auditlink"),
        # Who looks for waiting work leaves archived environments alone.
        migrations.RunSQL(
            "GRANT SELECT (id, archived_at) ON ecosystem_environment TO grove_system",
            "REVOKE SELECT (id, archived_at) ON ecosystem_environment FROM grove_system",
        ),
        migrations.RunSQL([REMOVE_KEPT], "DROP FUNCTION ecosystem_remove_kept(bigint)"),
    ]
