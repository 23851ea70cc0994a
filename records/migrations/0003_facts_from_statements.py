from django.db import migrations

# What was recorded before there were facts. The owner reads and writes all environments only while row security is not
# forced on it; it is all one transaction. Foreign keys are checked at once, because a table with checks to come
# cannot be altered.
BACKFILL = """
    ALTER TABLE records_statement NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE records_fact NO FORCE ROW LEVEL SECURITY;
    SET CONSTRAINTS ALL IMMEDIATE;
    INSERT INTO records_fact (environment_id, person_id, element_id, verb, times, first_at, last_at, best)
    SELECT environment_id, person_id, element_id, verb, count(*), min(occurred_at), max(occurred_at),
           max((result ->> 'scaled')::float)
    FROM records_statement
    WHERE person_id IS NOT NULL AND element_id IS NOT NULL
    GROUP BY environment_id, person_id, element_id, verb
    ON CONFLICT DO NOTHING;
    ALTER TABLE records_statement FORCE ROW LEVEL SECURITY;
    ALTER TABLE records_fact FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0002_facts")]

    operations = [migrations.RunSQL(BACKFILL, migrations.RunSQL.noop)]
