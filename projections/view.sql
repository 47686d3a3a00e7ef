-- name: begin
lock table progress in access share mode;
select max("position") as "position" from progress

-- name: position_at
select record.position_at(%(instant)s) as "position"
