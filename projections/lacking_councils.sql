-- name: lacking
select
    r.community, r.name as community_name, r.code, r.district, r.district_name, r.type,
    wanted.kind as council_kind
from register_on(%(effective)s, %(known)s) r
join unnest(%(kinds)s::text[], %(types)s::text[]) as wanted (kind, type) on wanted.type = r.type
where r.status = 'active'
    and (%(district)s::text is null or r.district = %(district)s)
    and not exists (
        select from councils_on(%(effective)s, %(known)s) c
        where c.community = r.community and c.council_kind = wanted.kind
    )
    and (
        %(after_code)s::text is null
        or (coalesce(r.code, ''), r.community || '/' || wanted.kind)
        > (%(after_code)s, %(after_id)s)
    )
order by coalesce(r.code, ''), r.community || '/' || wanted.kind
limit %(limit)s
