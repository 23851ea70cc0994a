"""In how many environments somebody is a member, counted where memberships are written."""

from django.db import migrations, models

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
    ALTER TABLE ecosystem_membership NO FORCE ROW LEVEL SECURITY;
    UPDATE ecosystem_person SET places = found.places FROM (
        SELECT person_id, count(*) AS places FROM ecosystem_membership WHERE ended_at IS NULL GROUP BY person_id
    ) found WHERE id = found.person_id;
    ALTER TABLE ecosystem_membership FORCE ROW LEVEL SECURITY;
"""
FORGET = """
    DROP TRIGGER count_places_more ON ecosystem_membership;
    DROP TRIGGER count_places_less ON ecosystem_membership;
    DROP TRIGGER count_places_other ON ecosystem_membership;
    DROP FUNCTION ecosystem_count_places();
"""


class Migration(migrations.Migration):
    dependencies = [("ecosystem", "0016_audit_chain_begun")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="places",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunSQL(COUNT, FORGET),
    ]
