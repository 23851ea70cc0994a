from django.db import migrations

# As in 0021, but looking up nothing in a schema in which others may make things.
REMOVE_KEPT = """
    CREATE OR REPLACE FUNCTION ecosystem_remove_kept(place bigint) RETURNS bigint
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
"""


class Migration(migrations.Migration):
    dependencies = [("ecosystem", "0021_append_only")]

    operations = [migrations.RunSQL([REMOVE_KEPT], migrations.RunSQL.noop)]
