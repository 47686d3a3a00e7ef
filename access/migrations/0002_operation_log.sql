-- What was tried by whom, and whether it succeeded: apart from the record, and kept like it. `entry` is
-- the JSON that is hashed; it has the digest of the entry before it, so that none can be taken out or
-- changed without all that follow. The time is the database's.

create table access.operation_log (
    number bigint primary key,
    at timestamptz not null,
    entry text not null check (octet_length(entry) <= 4096),
    digest bytea not null check (octet_length(digest) = 32),
    what text not null generated always as (entry::jsonb ->> 'what') stored,
    person text generated always as (entry::jsonb ->> 'person') stored
);
create index operation_log_by_person on access.operation_log (person, number);
create trigger operation_log_is_kept before update or delete or truncate on access.operation_log
    for each statement execute function record.refuse_change();

-- One entry is added at a time. The lock is on a table of which only the owner may lock anything.
create table access.operation_log_turn ();

create function access.note(facts jsonb) returns bigint
language plpgsql volatile security definer set search_path = access, pg_temp as $$
declare
    last access.operation_log;
    noted_at timestamptz;
    noted text;
begin
    lock table access.operation_log_turn in exclusive mode;
    select * into last from access.operation_log l order by l.number desc limit 1;
    noted_at := greatest(clock_timestamp(), last.at);
    noted := (jsonb_strip_nulls(facts) || jsonb_build_object(
        'number', coalesce(last.number, 0) + 1,
        'at', to_char(noted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'previous', coalesce(encode(last.digest, 'hex'), '')))::text;
    insert into access.operation_log (number, at, entry, digest)
    values (coalesce(last.number, 0) + 1, noted_at, noted, sha256(convert_to(noted, 'UTF8')));
    return coalesce(last.number, 0) + 1;
end
$$;
revoke all on function access.note from public;
