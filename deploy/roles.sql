-- The four roles of a database that holds a record. Run once by a superuser; running it again
-- changes nothing. Nobody logs in as one of them: grant them to logins of your own, for example
--   CREATE ROLE serve_1 LOGIN PASSWORD '...' IN ROLE annals_server;
-- What each may do on the record's tables, the migrations grant.

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['annals_owner', 'annals_server', 'annals_worker', 'annals_auditor']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        END IF;
    END LOOP;
END
$$;

COMMENT ON ROLE annals_owner IS 'Owns the schemas and migrates them; serves nobody.';
COMMENT ON ROLE annals_server IS 'annals serve: appends to the record, reads the read models.';
COMMENT ON ROLE annals_worker IS 'annals work: reads the record, writes the read models.';
COMMENT ON ROLE annals_auditor IS 'Reads the record and the read models, writes nothing.';
