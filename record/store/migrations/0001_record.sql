-- The append-only record. The first five columns are the eventsourcing library's table shape
-- (originator_id is the stream, notification_id the position, topic the event's name), so that its
-- recorder, notification log and subscription read it unchanged; `state` is the whole entry as
-- canonical JSON, which is what gets hashed.

create table record.entries (
    originator_id text not null check (originator_id ~ '^[a-z]+(:[a-z0-9.-]+)?$'),
    originator_version bigint not null check (originator_version > 0),
    topic text not null,
    state bytea not null check (octet_length(state) <= 65536),
    notification_id bigint not null check (notification_id > 0),
    recorded_at timestamptz not null,
    primary key (originator_id, originator_version)
) with (autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_analyze_scale_factor = 0.02);

create unique index entries_position on record.entries (notification_id);

-- One row per command: a repeated command is answered with its first receipt.
create table record.receipts (
    command_id text primary key,
    digest bytea not null,
    stream text not null,
    version bigint not null,
    "position" bigint not null,
    last_position bigint not null,
    recorded_at timestamptz not null
);

-- Nothing here is ever changed or removed, not by the owner either.
create function record.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'The record is append-only: % on %.% is refused.', tg_op, tg_table_schema, tg_table_name
        using hint = 'Record a correcting entry through a command instead.', errcode = 'insufficient_privilege';
end
$$;

create trigger entries_are_kept before update or delete or truncate on record.entries
    for each statement execute function record.refuse_change();
create trigger receipts_are_kept before update or delete or truncate on record.receipts
    for each statement execute function record.refuse_change();
create trigger migrations_are_kept before update or delete or truncate on record.migrations
    for each statement execute function record.refuse_change();

-- Whether this record was founded as a simulation, which may bring its own clock.
create function record.is_simulation(founding bytea) returns boolean language sql immutable as $$
    select coalesce((convert_from(founding, 'UTF8')::jsonb -> 'body' ->> 'simulation')::boolean, false)
$$;

-- Append one command's entries, or say why not. One transaction, one round trip.
--
-- `read_streams` and `read_versions`: every stream that the decision rested on, and the version at
-- which it was read. `heads`: the entries as canonical JSON without the closing brace and without
-- the four keys that come last in its order, which only this function knows or repeats: position,
-- recorded_at, stream, version. `clock`: a simulation's own time. `read_head`: the last position of
-- all, for a decision that rested on the whole record.
--
-- The advisory lock makes position order the commit order: whoever has seen position n has seen
-- everything before it. Each statement below takes its snapshot after the lock was granted.
create function record.append(
    read_streams text[], read_versions bigint[],
    command_id text, digest bytea, own_stream text,
    streams text[], versions bigint[], events text[], heads text[],
    clock timestamptz default null, read_head bigint default null
) returns table (
    outcome text, stream text, version bigint, "position" bigint, last_position bigint, recorded_at timestamptz
) language plpgsql volatile security definer set search_path = record, pg_temp as $$
#variable_conflict use_column
declare
    last record.entries;
    known record.receipts;
    stale record;
    at_instant timestamptz;
    recorded text;
    own_version bigint;
begin
    perform pg_advisory_xact_lock(4919131752989213764);

    select * into known from record.receipts r where r.command_id = append.command_id;
    if found then
        return query select
            case when known.digest = append.digest then 'repeated' else 'reused' end,
            known.stream, known.version, known.position, known.last_position, known.recorded_at;
        return;
    end if;

    select r.stream, coalesce(newest.version, 0) as version into stale
        from unnest(read_streams, read_versions) as r (stream, version)
        left join lateral (
            select e.originator_version as version from record.entries e
            where e.originator_id = r.stream order by e.originator_version desc limit 1
        ) newest on true
        where coalesce(newest.version, 0) <> r.version
        limit 1;
    if found then
        return query select 'conflict', stale.stream, stale.version, null::bigint, null::bigint, null::timestamptz;
        return;
    end if;

    select * into last from record.entries e order by e.notification_id desc limit 1;
    if coalesce(last.notification_id, 0) <> read_head then
        return query select 'behind', null, null::bigint, last.notification_id, null::bigint, null::timestamptz;
        return;
    end if;
    if clock is not null and not record.is_simulation(
        coalesce(
            (select e.state from record.entries e where e.notification_id = 1),
            convert_to(heads[1] || '}', 'UTF8'))
    ) then
        raise exception 'Only a record founded as a simulation may bring its own clock.';
    end if;
    at_instant := greatest(coalesce(clock, clock_timestamp()), last.recorded_at);
    recorded := ',"recorded_at":"' || to_char(at_instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","stream":"';
    last.notification_id := coalesce(last.notification_id, 0);

    insert into record.entries (originator_id, originator_version, topic, state, notification_id, recorded_at)
    select
        e.stream, e.version, e.event,
        convert_to(
            e.head || ',"position":' || last.notification_id + e.number || recorded
            || e.stream || '","version":' || e.version || '}', 'UTF8'),
        last.notification_id + e.number, at_instant
    from unnest(streams, versions, events, heads) with ordinality as e (stream, version, event, head, number)
    order by e.number;

    select coalesce(max(e.version), 0) into own_version
        from unnest(streams, versions) as e (stream, version) where e.stream = own_stream;
    insert into record.receipts (command_id, digest, stream, version, "position", last_position, recorded_at)
    values (append.command_id, append.digest, own_stream, own_version,
        last.notification_id + 1, last.notification_id + cardinality(heads), at_instant);

    perform pg_notify('record_entries', (last.notification_id + cardinality(heads))::text);
    return query select 'recorded', own_stream, own_version,
        last.notification_id + 1, last.notification_id + cardinality(heads), at_instant;
end
$$;

-- The last position recorded at or before an instant; 0 before the first. `recorded_at` never runs
-- backwards along the positions, so bisecting them needs no index of its own.
create function record.position_at(instant timestamptz) returns bigint language plpgsql stable as $$
declare
    low bigint := 0;
    high bigint := coalesce((select max(notification_id) from record.entries), 0);
    middle bigint;
begin
    while low < high loop
        middle := (low + high + 1) / 2;
        if (select recorded_at from record.entries where notification_id = middle) <= instant then
            low := middle;
        else
            high := middle - 1;
        end if;
    end loop;
    return low;
end
$$;

-- The record for people with psql: every entry with its envelope and body as JSON.
create view record.entries_readable as
select
    e.notification_id as "position",
    e.originator_id as stream,
    e.originator_version as version,
    e.topic as event,
    j.entry -> 'body' as body,
    j.entry #>> '{actor,person}' as person,
    j.entry #>> '{actor,unit}' as unit,
    j.entry #>> '{authority,role}' as role,
    j.entry #>> '{authority,jurisdiction}' as jurisdiction,
    coalesce(j.entry -> 'basis', '[]'::jsonb) as basis,
    e.recorded_at,
    j.entry ->> 'command_id' as command_id,
    (j.entry ->> 'caused_by')::bigint as caused_by,
    j.entry ->> 'batch' as batch,
    j.entry ->> 'policy' as policy
from record.entries e, lateral (select convert_from(e.state, 'UTF8')::jsonb as entry) j;

-- Serving roles, where deploy/roles.sql has made them, read and append through the function only.
revoke all on function record.append from public;
do $$
declare role_name text;
begin
    for role_name in select rolname from pg_roles
        where rolname in ('annals_server', 'annals_worker', 'annals_auditor')
    loop
        execute format('grant usage on schema record to %I', role_name);
        execute format('grant select on all tables in schema record to %I', role_name);
        execute format('grant execute on function record.position_at to %I', role_name);
        if role_name = 'annals_server' then
            execute format('grant execute on function record.append to %I', role_name);
        elsif role_name = 'annals_worker' then  -- each generation of the read models is a schema
            execute format('grant create on database %I to %I', current_database(), role_name);
        end if;
    end loop;
end
$$;
