-- name: entries
select notification_id, topic, state, originator_id, originator_version,
    recorded_at at time zone 'UTC' as recorded_at
from record.entries
where notification_id >= %(since)s
order by notification_id
limit %(limit)s

-- name: state
select state from record.entries where notification_id = %(position)s
