-- name: list
select
    g.person, p.name as person_name, g."grant", g.role,
    case when g.place like 'jurisdiction:%%' then split_part(g.place, ':', 2) end as jurisdiction,
    case when g.place like 'community:%%' then split_part(g.place, ':', 2) end as community,
    j.name as jurisdiction_name, c.name as community_name,
    g.effective_from, g.effective_until, g.acting_for, a.name as acting_for_name, g.granted_by,
    b.name as granted_by_name, g.reason, g.position
from authority_grant_known(%(known)s) g
left join places_on(%(effective)s, %(known)s) j on 'jurisdiction:' || j.jurisdiction = g.place
left join register_on(%(effective)s, %(known)s) c on 'community:' || c.community = g.place
left join people_on(%(effective)s, %(known)s) p on p.person = g.person
left join people_on(%(effective)s, %(known)s) a on a.person = g.acting_for
left join people_on(%(effective)s, %(known)s) b on b.person = g.granted_by
where g.effective_from <= %(effective)s
    and (g.effective_until is null or g.effective_until > %(effective)s)
    and (g.revoked_on is null or g.revoked_on > %(effective)s)
    and (%(person)s::text is null or g.person = %(person)s)
    and (%(role)s::text is null or g.role = %(role)s)
    and (%(jurisdiction)s::text is null or g.place = 'jurisdiction:' || %(jurisdiction)s)
    and (%(community)s::text is null or g.place = 'community:' || %(community)s)
    and (
        %(after_person)s::text is null
        or (g.person, g."grant") > (%(after_person)s, %(after_grant)s)
    )
order by g.person, g."grant"
limit %(limit)s
