-- The two roles of jefacture and what each may do, for `psql` as a superuser in an empty database:
--   psql -d jefacture -v owner_password=… -v application_password=… -f docs/database-roles.sql
-- In docker-compose.yml the server runs this file itself and reads the passwords from its secrets.
\set ON_ERROR_STOP on
\if :{?owner_password} \else
  \set owner_password `cat /run/secrets/database_owner_password`
\endif
\if :{?application_password} \else
  \set application_password `cat /run/secrets/database_application_password`
\endif
SELECT current_database() AS database \gset

-- The owner migrates. The application owns nothing, so that row-level security holds for it.
CREATE ROLE jefacture_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT
  PASSWORD :'owner_password';
CREATE ROLE jefacture_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT
  PASSWORD :'application_password';

ALTER DATABASE :"database" OWNER TO jefacture_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO jefacture_app;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

ALTER SCHEMA public OWNER TO jefacture_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO jefacture_app;
ALTER DEFAULT PRIVILEGES FOR ROLE jefacture_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO jefacture_app;
ALTER DEFAULT PRIVILEGES FOR ROLE jefacture_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO jefacture_app;
