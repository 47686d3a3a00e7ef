-- name: begin
lock table progress in access share mode;
select
    max("position") as "position",
    array_agg(projection order by projection) filter (where parked_at is not null) as parked
from progress

-- name: position_at
select record.position_at(%(instant)s) as "position"
