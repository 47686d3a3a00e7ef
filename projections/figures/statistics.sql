-- name: counts
select district, district_code, district_name, type, count(*) as communities
from register_on(%(effective)s, %(known)s)
where status = 'active'
group by district, district_code, district_name, type
order by district_code nulls last, type nulls last
