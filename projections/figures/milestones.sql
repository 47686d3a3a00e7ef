-- name: classified
select day, district, classified, standing
from register_course(%(known)s)
where day <= %(effective)s
order by day

-- name: known_at
select record.position_at(%(instant)s) as "position"

-- name: rounds
select opened_on, case when status in ('published', 'closed') then published_on end as published_on
from rounds_on(%(effective)s, %(known)s)
where status not in ('planned', 'annulled')

-- name: types
select r.type, (
    select min(m.adopted_on) from measures_begun(%(effective)s, %(known)s) m where m.type = r.type
) as begun_on
from register_on(%(effective)s, %(known)s) r
where r.status = 'active' and r.urban and r.type is not null
group by r.type

-- name: programmes
select closed_on
from programmes_on(%(effective)s, %(known)s)
where of_city and status = 'closed'
