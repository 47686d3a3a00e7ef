-- Append the commands of several callers in one transaction, under a lock that nobody else can hold,
-- in place of what 0001 has for that. A record that a version in between began has both already.
--
-- The entries of some commands are appended, each command as a whole or not at all, and it is said
-- what became of each. Whoever calls gives no two commands of one id, and none that rests on a stream
-- to which another of them writes: none can harm another.
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
--
-- Which entry caused another within one append is known before its position is: a head says by how many
-- entries the cause comes before it, `"caused_by":@2`, and the function writes the position. No text of
-- a body can be mistaken for that: in it, quotation marks are escaped.
create table if not exists record.append_turn ();
drop function if exists record.append(
    text[], bigint[], text, bytea, text, text[], bigint[], text[], text[], timestamptz, bigint);
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
            case
                when c.entries_before is null then e.head
                else replace(
                    e.head, ',"caused_by":@' || c.entries_before || ',',
                    ',"caused_by":' || last.notification_id + e.number - c.entries_before || ',')
            end
            || ',"position":' || last.notification_id + e.number || recorded
            || e.stream || '","version":' || e.version || '}', 'UTF8'),
        last.notification_id + e.number, at_instant
    from unnest(streams, versions, events, heads) with ordinality as e (stream, version, event, head, number)
    cross join lateral (
        select substring(e.head from ',"caused_by":@([0-9]+),')::bigint as entries_before
    ) c;

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

revoke all on function record.append from public;
