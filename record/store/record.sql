-- One row has the database's clock only; the others are the entries after the versions that the
-- caller has already folded, each stream's in order.
-- name: load
select
    clock_timestamp() as clock,
    null as stream, null as version, null as event, null as state, null as "position"
union all
select null, known.stream, e.version, e.event, e.state, e.position
from unnest(
    string_to_array(%(streams)s, E'\n'), string_to_array(%(versions)s, E'\n')::bigint[]
) as known (stream, version)
cross join lateral (
    select
        e.originator_version as version, e.topic as event, e.state, e.notification_id as "position"
    from record.entries e
    where e.originator_id = known.stream and e.originator_version > known.version
    order by e.originator_version
) e

-- name: histories
select originator_id as stream, topic as event, state, notification_id as "position"
from record.entries
where originator_id = any(%(streams)s)
order by originator_id, originator_version

-- name: receipt
select digest, stream, version, "position", last_position, recorded_at
from record.receipts
where command_id = %(command_id)s

-- name: last
select recorded_at from record.entries order by notification_id desc limit 1

-- What an entry caused was recorded with it: up to the last entry of its command or batch.
-- name: caused_by
select e.topic as event, e.state, e.notification_id as "position"
from record.entries e
where e.notification_id > %(after)s
    and e.notification_id <= (
        select r.last_position
        from record.entries_readable c
        join record.receipts r on r.command_id = c.command_id
        where c.position = %(position)s
    )
    and convert_from(e.state, 'UTF8')::jsonb -> 'caused_by' = to_jsonb(%(position)s::bigint)
order by e.notification_id
limit %(limit)s

-- name: recorded_at
select recorded_at from record.entries where notification_id = %(position)s

-- name: position_at
select record.position_at(%(instant)s) as "position"
