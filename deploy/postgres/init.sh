#!/bin/bash
# Run once by the postgres image, on an empty data folder. Afterwards, to change a password or after an upgrade, run it
# again: docker compose exec postgres /docker-entrypoint-initdb.d/grove.sh
set -euo pipefail

sql="${GROVE_SQL:-/grove}"
run() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "$1"; }

# \getenv: passwords must not appear among the arguments of a process.
run postgres <<SQL
\getenv owner_password GROVE_OWNER_PASSWORD
\getenv app_password GROVE_APP_PASSWORD
\getenv ops_password GROVE_OPS_PASSWORD
\i $sql/roles.sql
SELECT 'CREATE DATABASE grove OWNER grove_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'grove') \gexec
SQL
run grove < "$sql/database.sql"
