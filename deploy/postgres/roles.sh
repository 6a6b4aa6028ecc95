#!/bin/sh
# Runs once, when the database is new: a role for each process. What each may do is granted after the migrations.
set -eu
psql --set=ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set=public="$PUBLIC_DATABASE_PASSWORD" --set=desk="$DESK_DATABASE_PASSWORD" --set=worker="$WORKER_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE steady_public LOGIN PASSWORD :'public';
CREATE ROLE steady_desk LOGIN PASSWORD :'desk';
CREATE ROLE steady_worker LOGIN PASSWORD :'worker';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE :"DBNAME" FROM PUBLIC;
SQL
