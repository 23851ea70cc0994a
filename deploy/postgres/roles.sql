-- The database roles of Grove. Run by a superuser (or by an account that may create roles); running it again is harmless.
-- Used by the launcher (launcher/roles.py) and by docker-compose.yml (deploy/postgres/init.sh).
-- :'owner_password', :'app_password' and :'ops_password' are filled in by whoever runs it.

DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['grove_owner', 'grove_app', 'grove_self', 'grove_system', 'grove_ops'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
    END LOOP;
END
$$;

-- Owns the database and its tables, and runs the migrations.
ALTER ROLE grove_owner LOGIN CREATEDB PASSWORD :'owner_password';
-- Web and worker: owns nothing and sees no row that row-level security does not show.
ALTER ROLE grove_app LOGIN PASSWORD :'app_password';
-- Backups: sees every row, writes none.
ALTER ROLE grove_ops LOGIN BYPASSRLS PASSWORD :'ops_password';

-- A person's own rows in all their environments (grove_self), and the few jobs that work across environments
-- (grove_system). Without inheritance: otherwise their policies would be OR-ed into every query of grove_app.
GRANT grove_self, grove_system TO grove_app WITH INHERIT FALSE, SET TRUE;

-- An administrator who is no superuser can hand things over to grove_owner only as a member of it.
DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT grove_owner TO %I WITH INHERIT TRUE, SET TRUE', current_user);
    END IF;
END
$$;
