-- A simulation is recorded many commands at a time, each with its own moment and receipt. What writes
-- entries and receipts is one function; `append` and `append_told` say before what may be written.
--
-- `written_by` numbers the commands of the entries from 1, `instants` has one moment for each command; a
-- moment before that of the entry before counts as that. Called with `append_turn` locked only.
create function record.write(
    command_ids text[], digests text[], own_streams text[], instants timestamptz[],
    written_by int[], streams text[], versions bigint[], events text[], heads text[]
) returns table (
    command_id text, outcome text, stream text, version bigint,
    "position" bigint, last_position bigint, recorded_at timestamptz
) language plpgsql volatile set search_path = record, pg_temp as $$
#variable_conflict use_column
declare
    last record.entries;
begin
    select * into last from record.entries e order by e.notification_id desc limit 1;
    last.notification_id := coalesce(last.notification_id, 0);
    select array_agg(greatest(i.instant, last.recorded_at) order by i.number) into instants
    from (
        select max(instant) over (order by number) as instant, number
        from unnest(instants) with ordinality as i (instant, number)
    ) i;

    insert into record.entries (originator_id, originator_version, topic, state, notification_id, recorded_at)
    select
        e.stream, e.version, e.event,
        convert_to(
            case
                when c.entries_before is null then e.head
                else replace(
                    e.head, ',"caused_by":@' || c.entries_before || ',',
                    ',"caused_by":' || last.notification_id + e.number - c.entries_before || ',')
            end
            || ',"position":' || last.notification_id + e.number || ',"recorded_at":"'
            || to_char(instants[e.command] at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            || '","stream":"' || e.stream || '","version":' || e.version || '}', 'UTF8'),
        last.notification_id + e.number, instants[e.command]
    from unnest(written_by, streams, versions, events, heads) with ordinality
        as e (command, stream, version, event, head, number)
    cross join lateral (
        select substring(e.head from ',"caused_by":@([0-9]+),')::bigint as entries_before
    ) c;

    return query
    insert into record.receipts (command_id, digest, stream, version, "position", last_position, recorded_at)
    select
        command_ids[e.command], decode(digests[e.command], 'hex'), own_streams[e.command],
        coalesce(max(e.version) filter (where e.stream = own_streams[e.command]), 0),
        last.notification_id + min(e.number), last.notification_id + max(e.number), instants[e.command]
    from unnest(written_by, streams, versions) with ordinality as e (command, stream, version, number)
    group by e.command
    returning command_id, 'recorded', stream, version, "position", last_position, recorded_at;

    perform pg_notify('record_entries', (select max(notification_id) from record.entries)::text);
end
$$;
revoke all on function record.write from public;

-- The stream's version, if it is no longer that at which it was read.
create function record.changed(stream text, version bigint)
returns table (stream text, version bigint) language sql stable as $$
    select $1, coalesce(
        (select max(e.originator_version) from record.entries e where e.originator_id = $1), 0)
    where $2 <> coalesce((
        select e.originator_version from record.entries e
        where e.originator_id = $1 and e.originator_version >= $2
        order by e.originator_version desc limit 1
    ), 0)
$$;

-- Only a record founded as a simulation, or founded now as one, has moments of its own.
create function record.require_simulation(first_head text) returns void language plpgsql stable as $$
begin
    if not record.is_simulation(
        coalesce(
            (select e.state from record.entries e where e.notification_id = 1),
            convert_to(first_head || '}', 'UTF8'))
    ) then
        raise exception 'Only a record founded as a simulation may bring its own clock.';
    end if;
end
$$;

-- As in 0003, but for what the functions above do.
create or replace function record.append(
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
    newest bigint;
    not_now record;
    answered int[] := '{}';
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
        select distinct on (r.command) r.command, c.stream, c.version
        from unnest(read_by, read_streams, read_versions) as r (command, stream, version)
        cross join lateral record.changed(r.stream, r.version) c
        where r.command <> all (answered)
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

    if read_head is not null then
        newest := coalesce((select max(e.notification_id) from record.entries e), 0);
        if newest <> read_head then
            return query select
                id, 'behind', null, null::bigint, newest, null::bigint, null::timestamptz
            from unnest(command_ids) as id;
            return;
        end if;
    end if;
    if clock is not null then
        perform record.require_simulation(heads[1]);
    end if;
    return query select * from record.write(
        command_ids, digests, own_streams,
        array_fill(coalesce(clock, clock_timestamp()), array[cardinality(command_ids)]),
        written_by, streams, versions, events, heads);
end
$$;

-- Append what one writer tells of a simulation: commands that may rest on those before them, each at
-- its own moment of `clocks`, all of them or none. `read_*`: the streams that they rest on, at the
-- versions before all of them. If one has changed meanwhile, that is the answer to each.
create function record.append_told(
    command_ids text[], digests text[], own_streams text[], clocks timestamptz[],
    read_streams text[], read_versions bigint[],
    written_by int[], streams text[], versions bigint[], events text[], heads text[]
) returns table (
    command_id text, outcome text, stream text, version bigint,
    "position" bigint, last_position bigint, recorded_at timestamptz
) language plpgsql volatile security definer set search_path = record, pg_temp as $$
#variable_conflict use_column
begin
    lock table record.append_turn in exclusive mode;
    perform record.require_simulation(heads[1]);
    return query
    select id, 'conflict', c.stream, c.version, null::bigint, null::bigint, null::timestamptz
    from (
        select c.stream, c.version
        from unnest(read_streams, read_versions) as r (stream, version)
        cross join lateral record.changed(r.stream, r.version) c
        limit 1
    ) c
    cross join unnest(command_ids) as id;
    if not found then
        return query select * from record.write(
            command_ids, digests, own_streams, clocks, written_by, streams, versions, events, heads);
    end if;
end
$$;
revoke all on function record.append_told from public;
