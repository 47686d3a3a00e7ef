-- name: begin
begin;
lock table progress in access share mode;
execute picture

-- name: prepare
prepare picture as
select json_build_array(
    coalesce(max("position"), 0),
    coalesce(json_agg(projection order by projection) filter (where parked_at is not null), '[]'),
    coalesce(bool_or(error like 'RecordAltered%'), false),
    (select recorded_at from record.entries order by notification_id desc limit 1),
    'progress'::regclass::oid::bigint
)
from progress

-- name: position_at
select record.position_at(%(instant)s) as "position"
