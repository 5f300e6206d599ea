-- The cluster's roles, for psql as superuser; run before any migration, and as often as you like.
-- The same file makes the embedded cluster, the container's cluster and a real server:
--   psql -U postgres -f ops/roles.sql
-- Passwords are taken from the environment where it has them (the embedded cluster listens on a private socket only).
\set ON_ERROR_STOP on
\getenv owner_password PORTAL_OWNER_PASSWORD
\getenv web_password PORTAL_WEB_PASSWORD

-- portal_owner: migrations and tests. portal_app and portal_job: what the policies speak of, taken on with SET LOCAL ROLE.
-- portal_definer: owns the narrow SECURITY DEFINER functions. portal_web: what web and workers log in as; owns nothing.
SELECT format('CREATE ROLE %s %s', wanted.name, wanted.options)
FROM (VALUES
    ('portal_owner', 'LOGIN CREATEDB'),
    ('portal_app', 'NOLOGIN'),
    ('portal_job', 'NOLOGIN'),
    ('portal_definer', 'NOLOGIN BYPASSRLS'),
    ('portal_web', 'LOGIN NOINHERIT')
) AS wanted (name, options)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name)
\gexec
GRANT portal_app, portal_job TO portal_web, portal_owner WITH INHERIT FALSE, SET TRUE;

\if :{?owner_password}
ALTER ROLE portal_owner PASSWORD :'owner_password';
\endif
\if :{?web_password}
ALTER ROLE portal_web PASSWORD :'web_password';
\endif

-- Databases made later, those of the tests among them, inherit trigram search from the template.
\connect template1
CREATE EXTENSION IF NOT EXISTS pg_trgm;
\connect postgres
SELECT 'CREATE DATABASE portal OWNER portal_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'portal')
\gexec
