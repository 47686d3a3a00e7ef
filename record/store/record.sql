-- The first row carries the database's clock; the others are the entries behind the versions that
-- the caller has already folded.
-- name: load
select
    null as stream, 0 as version, null as event, null as state, null as "position",
    clock_timestamp() as recorded_at
union all (
    select
        e.originator_id, e.originator_version, e.topic, e.state, e.notification_id, e.recorded_at
    from unnest(%(streams)s::text[], %(versions)s::bigint[]) as known (stream, version)
    join record.entries e on e.originator_id = known.stream and e.originator_version > known.version
    order by e.originator_id, e.originator_version
)

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

-- name: position_at
select record.position_at(%(instant)s) as "position"
