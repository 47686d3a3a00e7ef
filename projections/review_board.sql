-- name: list
select
    l.review, l.round, l.community, l.type, l.unit, l.subdistrict, l.withdrawn_on, l.returned_to,
    l.grade, l.rank, l.among, l.total, l.decided, l."position",
    r.name as community_name, r.code, r.district_name as unit_name, r.subdistrict_name,
    o.unsettled as objections_open
from review_line_known(%(known)s) l
join rounds_on('infinity', %(known)s) n on n.round = l.round
left join register_on(%(cutoff_on)s, %(known)s) r on r.community = l.community
cross join lateral (
    select count(*) as unsettled
    from review_objection_known(%(known)s) e
    where e.review = l.review and e.ended_on is null and n.status <> 'annulled'
) o
cross join lateral (
    select count(*) as done
    from review_score_known(%(known)s) s
    where s.review = l.review
) d
where l.round = %(round)s
    and (%(community)s::text is null or l.community = %(community)s)
    and (%(type)s::text is null or l.type = %(type)s)
    and (%(unit)s::text is null or l.unit = %(unit)s)
    and (%(subdistrict)s::text is null or l.subdistrict = %(subdistrict)s)
    and (%(grade)s::text is null or l.grade = %(grade)s)
    and (
        %(stages_done)s::bigint is null
        or (
            d.done = %(stages_done)s and l.grade is null and l.withdrawn_on is null
            and n.status <> 'annulled'
        )
    )
    and (
        %(after_code)s::text is null
        or (coalesce(r.code, '') collate "C", l.community collate "C")
            > (%(after_code)s, %(after_id)s)
    )
order by coalesce(r.code, '') collate "C", l.community collate "C"
limit %(limit)s

-- The urban communities (opening paragraph) on the cut-off day that are not in the round on a day.
-- name: absent
select
    r.community, r.name as community_name, r.code, r.type, r.subdistrict, r.subdistrict_name,
    r.district as unit, r.district_name as unit_name, l.community is not null as withdrawn
from register_on(%(cutoff_on)s, %(known)s) r
left join reviews_on(%(effective)s, %(known)s) l
    on l.community = r.community and l.round = %(round)s
where r.status = 'active' and r.urban
    and (l.community is null or l.withdrawn)
    and (
        %(after_code)s::text is null
        or (coalesce(r.code, '') collate "C", r.community collate "C")
            > (%(after_code)s, %(after_id)s)
    )
order by coalesce(r.code, '') collate "C", r.community collate "C"
limit %(limit)s

-- name: objections
select
    l.community, o.objection, o.filed_on, o.filed_by,
    person_name_on(o.filed_by, o.filed_on, %(known)s) as filed_by_name, o.grounds,
    coalesce(o.became, 'filed') as status, o.outcome,
    o.decided_on, o.decided_by,
    person_name_on(o.decided_by, o.decided_on, %(known)s) as decided_by_name, o.reason, o.settled_on,
    o.settled_by, person_name_on(o.settled_by, o.settled_on, %(known)s) as settled_by_name,
    o.settled_because as settled_for, o.corrections, o.withdrawn_on,
    o.withdrawn_because as withdrawn_for, o.version, o."position"
from review_objection_known(%(known)s) o
join review_line_known(%(known)s) l on l.review = o.review
join rounds_on('infinity', %(known)s) n on n.round = l.round
where l.round = %(round)s
    and (%(community)s::text is null or l.community = %(community)s)
    and (not %(unsettled)s::boolean or (o.ended_on is null and n.status <> 'annulled'))
order by o.filed_on, o.review, o.objection
