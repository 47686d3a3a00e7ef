#!/bin/sh
# Makes the owner of the database and the logins of the services. The image of PostgreSQL runs it
# once, when it makes its files.
set -eu
psql --set=ON_ERROR_STOP=1 --no-psqlrc --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
\set owner `cat /run/secrets/owner_password`
\set server `cat /run/secrets/server_password`
\set worker `cat /run/secrets/worker_password`
\set auditor `cat /run/secrets/auditor_password`
create role annals_owner login password :'owner';
alter database :"DBNAME" owner to annals_owner;
\i /annals/roles.sql
create role annals_serve login password :'server' in role annals_server;
create role annals_work login password :'worker' in role annals_worker;
create role annals_audit login password :'auditor' in role annals_auditor;
alter role annals_serve set statement_timeout = '5min';
alter role annals_serve set idle_in_transaction_session_timeout = '2min';
alter role annals_serve set transaction_timeout = '10min';
alter role annals_work set statement_timeout = '1h';
alter role annals_work set idle_in_transaction_session_timeout = '5min';
alter role annals_audit set statement_timeout = '10min';
alter role annals_audit set idle_in_transaction_session_timeout = '5min';
alter role annals_audit set transaction_timeout = '1h';
SQL
