-- Who may do what in the database of a record. Nobody logs in as one of these three roles: grant
-- them to logins of your own, as many as you like, before or after, for example
--   create role annals_serve login password '...' in role annals_server;
--
--   annals_server    annals serve: appends through the record's functions, reads, signs people in
--   annals_worker    annals work: reads the record, owns and writes the read models
--   annals_auditor   reads both, writes nothing
--
-- `annals migrate` runs this each time. Where its login may not create roles, a superuser runs it
-- in that database, before `annals migrate` or after; running it again changes nothing. Roles are
-- common to all databases of a server: grant and revoke CONNECT to keep the logins of one away from
-- the record of another.

do $$
declare
    roles constant text[] := array['annals_server', 'annals_worker', 'annals_auditor'];
    tables constant text[] := array['entries', 'entries_readable', 'receipts', 'migrations',
        'attachments', 'attachment_chunks'];
    superuser boolean;
    may_create boolean;
    keeper name;  -- the owner of the record, or of the database that it will be in
    owns_database boolean;
    found text;
    grantee text;
begin
    select rolsuper, rolsuper or rolcreaterole into superuser, may_create
    from pg_roles where rolname = current_user;
    foreach found in array roles loop
        if may_create and to_regrole(found) is null then
            begin
                execute format('create role %I nologin', found);
            exception when duplicate_object or unique_violation then
                null;  -- made for another database in this moment
            end;
        end if;
        if to_regrole(found) is null then
            return;
        end if;
    end loop;

    select pg_get_userbyid(coalesce(n.nspowner, d.datdba)), pg_has_role(d.datdba, 'usage')
    into keeper, owns_database
    from pg_database d left join pg_namespace n on n.nspname = 'record'
    where d.datname = current_database();
    if owns_database then
        execute format('grant create on database %I to annals_worker', current_database());
        execute format('revoke temporary on database %I from public', current_database());
    end if;
    -- The owner can take the worker's place, so that one login is enough to begin with.
    if may_create and not pg_has_role(keeper, 'annals_worker', 'usage') then
        begin
            execute format('grant annals_worker to %I', keeper);
        exception when insufficient_privilege then
            null;  -- the roles are another's, who has to grant it
        end;
    end if;

    if superuser then
        -- Locks that would keep workers waiting, and objects outside of all tables.
        for found in
            select oid::regprocedure::text from pg_proc p
            where pronamespace = 'pg_catalog'::regnamespace
                and (proname like 'pg\_advisory%' or proname like 'pg\_try\_advisory%'
                    or proname like 'lo\_%' or proname in ('loread', 'lowrite'))
                and has_function_privilege('public', oid, 'execute')
        loop
            execute format('revoke execute on function %s from public', found);
            if found like '%advisory%' then
                execute format('grant execute on function %s to annals_worker, %I', found, keeper);
            end if;
        end loop;
    end if;

    -- What there is: a record of an older version is read before it is migrated.
    if to_regclass('record.entries') is not null and pg_has_role(keeper, 'usage') then
        foreach grantee in array roles loop
            execute format('grant usage on schema record to %I', grantee);
            for found in
                select oid::regclass::text from pg_class
                where relnamespace = 'record'::regnamespace and relname = any (tables)
            loop
                execute format('grant select on %s to %I', found, grantee);
            end loop;
        end loop;
        for found in
            select oid::regprocedure::text from pg_proc
            where pronamespace = 'record'::regnamespace
                and proname in ('append', 'append_told', 'attach', 'attach_chunk')
        loop
            execute format('grant execute on function %s to annals_server', found);
        end loop;
    end if;

    -- Accounts, sessions and keys are the server's alone.
    if to_regclass('access.accounts') is not null and pg_has_role(keeper, 'usage') then
        foreach grantee in array roles loop
            execute format('grant usage on schema access to %I', grantee);
            execute format('grant select on access.migrations to %I', grantee);
        end loop;
        grant select, insert, update on access.accounts, access.keys to annals_server;
        grant select, insert, update, delete on access.attempts, access.second_factors,
            access.recovery_codes, access.sessions to annals_server;
        if to_regclass('access.identities') is not null then
            grant select, insert, update, delete on access.identities, access.openid_sign_ins
                to annals_server;
        end if;
        if to_regclass('access.devices') is not null then
            grant select, insert, update, delete on access.devices to annals_server;
        end if;
        if to_regclass('access.drafts') is not null then
            grant select, insert, update, delete on access.drafts to annals_server;
        end if;
        if to_regclass('access.operation_log') is not null then
            grant select on access.operation_log to annals_server, annals_auditor;
            grant execute on function access.note to annals_server;
        end if;
        if to_regproc('access.note_of_kind') is not null then
            grant execute on function access.note_of_kind to annals_server;
        end if;
        if to_regproc('access.note_export') is not null then
            grant execute on function access.note_export to annals_server, annals_auditor;
        end if;
    end if;

    -- All that a worker makes belongs to the role, so that another login can go on with it.
    for found in
        select nspname from pg_namespace
        where starts_with(nspname, 'projections') and pg_has_role(nspowner, 'usage')
            and pg_has_role('annals_worker', 'member')
    loop
        execute format('alter schema %I owner to annals_worker', found);
        execute (
            select coalesce(string_agg(
                format('alter table %s owner to annals_worker', oid::regclass), '; '), 'select')
            from pg_class
            where relnamespace = found::regnamespace and relkind in ('r', 'v')
                and relowner <> 'annals_worker'::regrole);
        execute (
            select coalesce(string_agg(
                format('alter routine %s owner to annals_worker', oid::regprocedure), '; '), 'select')
            from pg_proc
            where pronamespace = found::regnamespace and proowner <> 'annals_worker'::regrole);
        foreach grantee in array array['annals_server', 'annals_auditor', keeper::text] loop
            execute format('grant usage on schema %I to %I', found, grantee);
            execute format('grant select on all tables in schema %I to %I', found, grantee);
            continue when grantee = 'annals_server';
            -- Who serves reads what is in scope; these read all.
            execute (
                select coalesce(string_agg(
                    format('create policy %I on %s for select to %I using (true)',
                        grantee, c.oid::regclass, grantee), '; '), 'select')
                from pg_class c
                where c.relnamespace = found::regnamespace and c.relrowsecurity
                    and not exists (
                        select from pg_policy p where p.polrelid = c.oid and p.polname = grantee));
        end loop;
    end loop;
end
$$;
