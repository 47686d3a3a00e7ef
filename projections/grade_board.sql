-- name: list
select
    g.community, g.round, g.effective_from, g.effective_until, g.grade, g.type, g.unit, g.rank,
    g.among, g.total, g.decided, g."position",
    r.name as community_name, r.code
from grades_on(%(effective)s, %(known)s) g
left join register_on(%(effective)s, %(known)s) r on r.community = g.community
where (%(grade)s::text is null or g.grade = %(grade)s)
    and (%(type)s::text is null or g.type = %(type)s)
    and (%(unit)s::text is null or g.unit = %(unit)s)
    and (
        %(after_code)s::text is null
        or (coalesce(r.code, '') collate "C", g.community collate "C")
            > (%(after_code)s, %(after_id)s)
    )
order by coalesce(r.code, '') collate "C", g.community collate "C"
limit %(limit)s

-- name: history
select
    g.community, g.round, g.effective_from, g.effective_until, g.grade, g.type, g.unit, g.rank,
    g.among, g.total, g.decided, g."position", r.name as community_name
from grade_period_known(%(known)s) g
left join register_on(%(effective)s, %(known)s) r on r.community = g.community
where g.community = %(community)s and g.effective_from <= %(effective)s
order by g.effective_from, g.round
