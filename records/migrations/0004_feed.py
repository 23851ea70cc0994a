from django.db import migrations, models

import ecosystem.models.changes

# A default that differs per row would rewrite every partition, so what is there already gets 0 without being touched
# ("long ago" to a change feed), and only new rows are numbered.
NUMBERED = """
    ALTER TABLE records_statement ADD COLUMN tx bigint NOT NULL DEFAULT 0;
    ALTER TABLE records_statement ALTER COLUMN tx SET DEFAULT pg_current_xact_id()::text::bigint;
"""
# Transaction numbers belong to one cluster. After a restore into another one everything is "long ago" again.
# Run by the owner, whom the policies bind as well unless they are lifted for the moment.
RESTART = """
    CREATE FUNCTION records_feed_restart() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
    DECLARE
        name text;
    BEGIN
        FOREACH name IN ARRAY ARRAY['records_statement', 'ecosystem_auditentry'] LOOP
            EXECUTE format('ALTER TABLE public.%I NO FORCE ROW LEVEL SECURITY', name);
            EXECUTE format('UPDATE public.%I SET tx = 0 WHERE tx <> 0', name);
            EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
        END LOOP;
    END
    $$;
    REVOKE ALL ON FUNCTION records_feed_restart() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0008_audit_in_feed"),
        ("records", "0003_facts_from_statements"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(NUMBERED, "ALTER TABLE records_statement DROP COLUMN tx"),
                migrations.RunSQL(RESTART, "DROP FUNCTION records_feed_restart()"),
            ],
            state_operations=[
                migrations.AddField("statement", "tx", ecosystem.models.changes.TransactionNumber()),
            ],
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["environment", "tx", "id"], name="statement_in_feed"),
        ),
    ]
