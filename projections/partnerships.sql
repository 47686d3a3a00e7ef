-- Partnerships on a day, with the community's name and place on that day. None holds beyond the end of
-- its community.
-- name: views
create function partnerships_on(day date, known bigint) returns table (
    partnership text, effective_from date, effective_until date, status text, community text,
    subdistrict text, unit text, unit_name text, title text, aims text, "position" bigint,
    community_name text, place text, in_force boolean, in_force_until date, community_ended boolean
) language sql stable begin atomic
    select
        p.partnership, p.effective_from, p.effective_until, p.status, p.community,
        p.subdistrict, p.unit, coalesce(u.name, p.unit), p.title, p.aims, p.position,
        c.name, coalesce(p.subdistrict, c.subdistrict),
        s.partnership is not null and coalesce(c.status = 'active', true), s.in_force_until,
        coalesce(c.status <> 'active', false)
    from partnership_line_known(known) p
    left join register_on(day, known) c on c.community = p.community
    left join unit_line_known(known) u
        on u.unit = p.unit
        and u.effective_from <= day and (u.effective_until is null or u.effective_until > day)
    left join partnership_span_known(known) s
        on s.partnership = p.partnership
        and s.effective_from <= day and (s.effective_until is null or s.effective_until > day)
    where p.effective_from <= day and (p.effective_until is null or p.effective_until > day);
end;
-- What partners exchange, with its status of a day. A claimed project is overdue when its
-- day has passed.
create function partnership_items_on(today date, known bigint) returns table (
    partnership text, kind text, item text, effective_from date, effective_until date, status text,
    by_side text, text text, need text, facility_kind text, person text, due_on date, rating text,
    begun_on date, "position" bigint, overdue boolean
) language sql stable begin atomic
    select
        i.partnership, i.kind, i.item, i.effective_from, i.effective_until, i.status, i.by_side,
        i.text, i.need, i.facility_kind, i.person, i.due_on, i.rating, i.begun_on, i."position",
        coalesce(i.status = 'claimed' and i.due_on < today, false)
    from partnership_item_known(known) i
    where i.effective_from <= today and (i.effective_until is null or i.effective_until > today);
end

-- name: list
select
    partnership, effective_from, effective_until, status, community, subdistrict, unit,
    unit_name, title, aims, "position", community_name, in_force, in_force_until,
    (
        select s.name from places_on(%(effective)s, %(known)s) s
        where s.jurisdiction = p.subdistrict
    ) as subdistrict_name
from partnerships_on(%(effective)s, %(known)s) p
where (%(partnership)s::text is null or partnership = %(partnership)s)
    and (%(community)s::text is null or community = %(community)s)
    and (%(subdistrict)s::text is null or place = %(subdistrict)s)
    and (%(unit)s::text is null or unit = %(unit)s)
    and (%(unit_name)s::text is null or strpos(unit_name, %(unit_name)s) > 0)
    and (%(in_force)s::boolean is null or in_force = %(in_force)s)
    and (
        %(after_first)s::text is null
        or (unit_name, partnership) > (%(after_first)s, %(after_id)s)
    )
order by unit_name, partnership
limit %(limit)s

-- name: names
select partnership, effective_from, title
from partnership_line_known(%(known)s)
where partnership = any(%(ids)s::text[])
order by partnership, effective_from

-- name: titles
select distinct on (partnership, kind, item) partnership, kind, item, text
from partnership_item_known(%(known)s)
where partnership = any(%(partnerships)s::text[]) and text is not null
order by partnership, kind, item, effective_from desc

-- name: items
select
    i.partnership, i.kind, i.item, i.effective_from, i.effective_until, i.status, i.by_side, i.text,
    i.need, i.facility_kind, i.person, person_name_on(i.person, %(effective)s, %(known)s) as person_name,
    i.due_on, i.rating, i.begun_on, i.position,
    p.community, p.unit, p.unit_name, i.overdue and not p.community_ended as overdue, p.community_name
from partnership_items_on(%(effective)s, %(known)s) i
join partnerships_on(%(effective)s, %(known)s) p on p.partnership = i.partnership
where (%(partnership)s::text is null or p.partnership = %(partnership)s)
    and (%(community)s::text is null or p.community = %(community)s)
    and (%(subdistrict)s::text is null or p.place = %(subdistrict)s)
    and (%(unit)s::text is null or p.unit = %(unit)s)
    and (%(unit_name)s::text is null or strpos(p.unit_name, %(unit_name)s) > 0)
    and (%(in_force)s::boolean is null or p.in_force = %(in_force)s)
    and (%(kind)s::text is null or i.kind = %(kind)s)
    and (%(status)s::text is null or i.status = %(status)s)
    and (%(by_side)s::text is null or i.by_side = %(by_side)s)
    and (
        %(overdue)s::boolean is null
        or (i.overdue and not p.community_ended) = %(overdue)s
    )
    and (
        %(after_first)s::date is null
        or (i.begun_on, i.partnership || '/' || i.kind || '/' || i.item)
            > (%(after_first)s::date, %(after_id)s)
    )
order by i.begun_on, i.partnership || '/' || i.kind || '/' || i.item
limit %(limit)s

-- name: exchanges
select i.kind, i.by_side, count(*) as items
from partnership_item_known(%(known)s) i
where i.partnership = %(partnership)s
    and i.by_side is not null
    and i.kind in ('need', 'resource', 'project', 'feedback', 'mutual-appraisal')
    and i.effective_from <= %(effective)s
    and (i.effective_until is null or i.effective_until > %(effective)s)
    and date_trunc('year', i.begun_on) = date_trunc('year', %(effective)s::date)
group by i.kind, i.by_side
order by i.kind, i.by_side
