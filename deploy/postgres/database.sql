-- What a database needs before Grove's migrations. Run in that database by a superuser; running it again is harmless.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS btree_gin;

GRANT USAGE, CREATE ON SCHEMA public TO grove_owner;
GRANT USAGE ON SCHEMA public TO grove_app, grove_self, grove_system, grove_ops;

-- Each table that a migration makes is usable by web and worker and readable by the backup. What grove_self and
-- grove_system may see is granted table by table, in the migrations.
ALTER DEFAULT PRIVILEGES FOR ROLE grove_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO grove_app;
ALTER DEFAULT PRIVILEGES FOR ROLE grove_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO grove_app;
ALTER DEFAULT PRIVILEGES FOR ROLE grove_owner IN SCHEMA public GRANT SELECT ON TABLES TO grove_ops;
ALTER DEFAULT PRIVILEGES FOR ROLE grove_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO grove_ops;
