-- What leaves at the command line is noted under whichever login it is read: an auditor adds this to the
-- log, and nothing else.
create function access.note_export(operation text, person text, subject text) returns bigint
language sql volatile security definer set search_path = access, pg_temp as $$
    select access.note(jsonb_build_object(
        'what', 'export', 'succeeded', true, 'operation', operation, 'person', person,
        'subject', subject, 'login', session_user))
$$;
revoke all on function access.note_export from public;
