-- name: counts
select district, district_code, district_name, urban, type, count(*) as communities
from register_on(%(effective)s, %(known)s)
where status = 'active'
group by district, district_code, district_name, urban, type
order by district_code nulls last, urban desc, type nulls last
