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

-- Append the entries of some commands, each as a whole or not at all, and say what became of each.
-- One transaction, one round trip. Whoever calls gives no two commands of one id, and none that
-- rests on a stream to which another of them writes: none can harm another.
--
-- A command has an id, a digest, and a stream of its own. `read_*`: every stream that a command's
-- decision rested on, and the version at which it was read. `head`: an entry as canonical JSON
-- without the closing brace and without the four keys that come last in its order, which only this
-- function knows or repeats: position, recorded_at, stream, version. `read_by` and `written_by`
-- number the commands from 1. `clock`: a simulation's own time. `read_head`: the last position of
-- all, for a decision that rested on the whole record.
--
-- One transaction appends at a time, so position order is commit order: whoever has seen position n
-- has seen everything before it. Each statement below takes its snapshot after the lock was granted.
-- The lock is on a table of which only the owner may lock anything: nobody else can stop recording.
create table record.append_turn ();

create function record.append(
    command_ids text[], digests text[], own_streams text[],
    read_by int[], read_streams text[], read_versions bigint[],
    written_by int[], streams text[], versions bigint[], events text[], heads text[],
    clock timestamptz default null, read_head bigint default null
) returns table (
    command_id text, outcome text, stream text, version bigint,
    "position" bigint, last_position bigint, recorded_at timestamptz
) language plpgsql volatile security definer set search_path = record, pg_temp as $$
#variable_conflict use_column
declare
    last record.entries;
    not_now record;
    answered int[] := '{}';
    at_instant timestamptz;
    recorded text;
begin
    lock table record.append_turn in exclusive mode;

    for not_now in
        select
            c.number::int, c.id, r.stream, r.version, r.position, r.last_position, r.recorded_at,
            case when r.digest = decode(c.digest, 'hex') then 'repeated' else 'reused' end as outcome
        from unnest(command_ids, digests) with ordinality as c (id, digest, number)
        cross join lateral (select * from record.receipts r where r.command_id = c.id limit 1) r
    loop
        answered := answered || not_now.number;
        return query select
            not_now.id, not_now.outcome, not_now.stream, not_now.version,
            not_now.position, not_now.last_position, not_now.recorded_at;
    end loop;

    for not_now in
        select distinct on (r.command) r.command, r.stream, coalesce(
            (select max(e.originator_version) from record.entries e where e.originator_id = r.stream), 0
        ) as version
        from unnest(read_by, read_streams, read_versions) as r (command, stream, version)
        where r.command <> all (answered) and r.version <> coalesce((
            select e.originator_version from record.entries e
            where e.originator_id = r.stream and e.originator_version >= r.version
            order by e.originator_version desc limit 1
        ), 0)
    loop
        answered := answered || not_now.command;
        return query select
            command_ids[not_now.command], 'conflict', not_now.stream, not_now.version,
            null::bigint, null::bigint, null::timestamptz;
    end loop;
    if cardinality(answered) = cardinality(command_ids) then
        return;
    elsif answered <> '{}' then
        select
            array_agg(e.command order by e.number), array_agg(e.stream order by e.number),
            array_agg(e.version order by e.number), array_agg(e.event order by e.number),
            array_agg(e.head order by e.number)
        into written_by, streams, versions, events, heads
        from unnest(written_by, streams, versions, events, heads) with ordinality
            as e (command, stream, version, event, head, number)
        where e.command <> all (answered);
    end if;

    select * into last from record.entries e order by e.notification_id desc limit 1;
    last.notification_id := coalesce(last.notification_id, 0);
    if last.notification_id <> read_head then
        return query select
            id, 'behind', null, null::bigint, last.notification_id, null::bigint, null::timestamptz
        from unnest(command_ids) as id;
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

    insert into record.entries (originator_id, originator_version, topic, state, notification_id, recorded_at)
    select
        e.stream, e.version, e.event,
        convert_to(
            e.head || ',"position":' || last.notification_id + e.number || recorded
            || e.stream || '","version":' || e.version || '}', 'UTF8'),
        last.notification_id + e.number, at_instant
    from unnest(streams, versions, events, heads) with ordinality as e (stream, version, event, head, number);

    return query
    insert into record.receipts (command_id, digest, stream, version, "position", last_position, recorded_at)
    select
        command_ids[e.command], decode(digests[e.command], 'hex'), own_streams[e.command],
        coalesce(max(e.version) filter (where e.stream = own_streams[e.command]), 0),
        last.notification_id + min(e.number), last.notification_id + max(e.number), at_instant
    from unnest(written_by, streams, versions) with ordinality as e (command, stream, version, number)
    group by e.command
    returning command_id, 'recorded', stream, version, "position", last_position, recorded_at;

    perform pg_notify('record_entries', (select max(notification_id) from record.entries)::text);
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
        execute format(
            'grant select on record.entries, record.entries_readable, record.receipts, record.migrations to %I',
            role_name);
        execute format('grant execute on function record.position_at to %I', role_name);
        if role_name = 'annals_server' then
            execute format('grant execute on function record.append to %I', role_name);
        elsif role_name = 'annals_worker' then  -- each generation of the read models is a schema
            execute format('grant create on database %I to %I', current_database(), role_name);
        end if;
    end loop;
end
$$;
