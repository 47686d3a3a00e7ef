-- The posts that are held on a day.
-- name: views
create function posts_on(day date, known bigint) returns table (
    person text, "number" bigint, unit text, title text, effective_from date, effective_until date
) language sql stable begin atomic
    select p.person, p.number, p.unit, p.title, p.effective_from, p.effective_until
    from post_line_known(known) p
    where p.effective_from <= day and (p.effective_until is null or p.effective_until > day);
end;
-- The name of every official on a day.
create function people_on(day date, known bigint) returns table (person text, name text)
language sql stable begin atomic
    select l.person, l.name
    from person_line_known(known) l
    where l.effective_from <= day and (l.effective_until is null or l.effective_until > day);
end;
-- The name of one official on a day.
create function person_name_on(who text, day date, known bigint) returns text
language sql stable begin atomic
    select l.name
    from person_line_known(known) l
    where l.person = who
        and l.effective_from <= day and (l.effective_until is null or l.effective_until > day);
end

-- name: list
select l.person, l.name, l.distinction
from person_line_known(%(known)s) l
where l.effective_from <= %(effective)s
    and (l.effective_until is null or l.effective_until > %(effective)s)
    and (
        %(q)s::text is null
        or strpos(l.name, %(q)s) > 0
        or exists (select from unnest(l.initials) i where strpos(i, lower(%(q)s)) > 0)
    )
    and (
        (
            %(any)s::boolean
            and coalesce(%(unit)s, %(superior)s, %(jurisdiction)s, %(within)s) is null
            and exists (
                select from post_line_known(%(known)s) h
                where h.person = l.person and h.effective_from <= %(effective)s
            )
        )
        or l.person in (
            select h.person
            from posts_on(%(effective)s, %(known)s) h
            left join units_on(%(effective)s, %(known)s) u on u.unit = h.unit
            left join places_on(%(effective)s, %(known)s) j on j.jurisdiction = u.jurisdiction
            left join places_on(%(effective)s, %(known)s) p on p.jurisdiction = j.parent
            where (%(unit)s::text is null or h.unit = %(unit)s)
                and (%(superior)s::text is null or u.superior = %(superior)s)
                and (%(jurisdiction)s::text is null or u.jurisdiction = %(jurisdiction)s)
                and (%(within)s::text is null or %(within)s in (j.jurisdiction, j.parent, p.parent))
        )
    )
    and (
        %(after_name)s::text is null
        or (l.name, l.person collate "C") > (%(after_name)s, %(after_id)s)
    )
order by l.name, l.person collate "C"
limit %(limit)s

-- name: one
select l.person, l.name, l.distinction
from person_line_known(%(known)s) l
where l.person = %(person)s
    and l.effective_from <= %(effective)s
    and (l.effective_until is null or l.effective_until > %(effective)s)

-- name: posts
select
    p.person, p.number as post, p.unit, u.name as unit_name, p.title, p.effective_from,
    p.effective_until
from post_line_known(%(known)s) p
left join unit_line_known(%(known)s) u
    on u.unit = p.unit
    and u.effective_from <= %(effective)s
    and (u.effective_until is null or u.effective_until > %(effective)s)
where p.person = any(%(ids)s::text[])
    and (
        not %(on_day)s::boolean
        or (
            p.effective_from <= %(effective)s
            and (p.effective_until is null or p.effective_until > %(effective)s)
        )
    )
order by p.person, p.effective_from, p.number

-- name: names
select person, effective_from, effective_until, name
from person_line_known(%(known)s)
where person = any(%(ids)s::text[])
order by person, effective_from

-- name: names_in_units
select distinct p.person, p.unit, l.name, l.distinction
from post_line_known(%(known)s) p
join person_line_known(%(known)s) l on l.person = p.person
order by p.person, p.unit, l.name
