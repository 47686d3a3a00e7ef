-- name: begin
begin;
lock table progress in access share mode

-- name: picture
select
    max("position") as "position",
    array_agg(projection order by projection) filter (where parked_at is not null) as parked,
    coalesce(bool_or(error like 'RecordAltered%'), false) as altered,
    (select recorded_at from record.entries order by notification_id desc limit 1) as recorded_at,
    'progress'::regclass::oid::bigint as generation
from progress

-- name: position_at
select record.position_at(%(instant)s) as "position"
