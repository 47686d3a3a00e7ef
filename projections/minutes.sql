-- name: register
select
    m.council, m.session, m.number, m.community, r.name as community_name, r.district,
    r.district_name, m.council_title, s.held_on, m.stated_on, m.text, m.position
from (
    select distinct on (council, session)
        council, session, number, community, council_title, stated_on, text, "position"
    from minutes_version_known(%(known)s)
    where stated_on <= %(effective)s and (%(community)s::text is null or community = %(community)s)
    order by council, session, number desc
) m
-- The day is the session's, which may have been corrected since these minutes were stated.
join sessions_on(%(effective)s, %(known)s) s
    on s.council = m.council and s.session = m.session and s.held_on is not null
left join register_on(%(effective)s, %(known)s) r on r.community = m.community
where (%(district)s::text is null or r.district = %(district)s)
    and (%(text)s::text is null or strpos(m.text, %(text)s) > 0)
    and (
        %(after_day)s::date is null
        or (s.held_on, m.council || '/' || m.session) > (%(after_day)s, %(after_id)s)
    )
order by s.held_on, m.council || '/' || m.session
limit %(limit)s

-- name: versions
select number, stated_on, text, reason, actor as by_person,
    person_name_on(actor, %(effective)s, %(known)s) as by_person_name, "position"
from minutes_version_known(%(known)s)
where council = %(council)s and session = %(session)s and stated_on <= %(effective)s
order by number
