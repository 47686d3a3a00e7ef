-- name: facts
select
    i."position", i.effective_on, i.community, i.jurisdiction, e.topic as event, e.state
from irregular_facts(%(effective)s, %(known)s) i
join record.entries e on e.notification_id = i."position"
left join register_on(%(effective)s, %(known)s) r on r.community = i.community
left join districts_on(%(effective)s, %(known)s) j on j.jurisdiction = i.jurisdiction
where (%(begin)s::date is null or i.effective_on >= %(begin)s)
    and (%(end)s::date is null or i.effective_on <= %(end)s)
    and (%(code)s::text is null or %(code)s = any(i.codes))
    and (%(person)s::text is null or i.person = %(person)s)
    and (%(community)s::text is null or i.community = %(community)s)
    and (
        %(jurisdiction)s::text is null
        or %(jurisdiction)s = coalesce(r.subdistrict, j.subdistrict)
        or %(jurisdiction)s = coalesce(r.district, j.district)
        or exists (
            select from places_on(%(effective)s, %(known)s) c
            where c.jurisdiction = %(jurisdiction)s and c.parent is null
        )
    )
    and (
        %(after_day)s::date is null
        or (i.effective_on, i."position") > (%(after_day)s, %(after_position)s)
    )
order by i.effective_on, i."position"
limit %(limit)s

-- name: marks
select i."position", i.effective_on, e.topic as event, e.state
from irregular_facts('infinity', %(known)s) i
join record.entries e on e.notification_id = i."position"
where i.stream = %(stream)s
order by i."position"
