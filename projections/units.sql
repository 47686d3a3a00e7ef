-- The units on a day, whether or not they exist, each with the jurisdiction that it belongs to, itself
-- or through its superiors. No unit is under itself; `union` ends even then.
-- name: views
create function units_on(day date, known bigint) returns table (
    unit text, effective_from date, effective_until date, status text, name text, initials text[],
    unit_kind text, credit_code text, superior text, jurisdiction text, successor text
) language sql stable begin atomic
    with recursive standing as (
        select u.*
        from unit_line_known(known) u
        where u.effective_from <= day and (u.effective_until is null or u.effective_until > day)
    ), climb as (
        select s.unit, s.superior, s.jurisdiction from standing s
        union
        select c.unit, s.superior, s.jurisdiction
        from climb c
        join standing s on s.unit = c.superior
    )
    select
        s.unit, s.effective_from, s.effective_until, s.status, s.name, s.initials, s.unit_kind,
        s.credit_code, s.superior, c.jurisdiction, s.successor
    from standing s
    left join climb c on c.unit = s.unit and c.jurisdiction is not null;
end;
-- The name of one unit on a day.
create function unit_name_on(who text, day date, known bigint) returns text
language sql stable begin atomic
    select u.name
    from unit_line_known(known) u
    where u.unit = who
        and u.effective_from <= day and (u.effective_until is null or u.effective_until > day);
end

-- name: list
select
    u.unit, u.effective_from, u.effective_until, u.status, u.name, u.unit_kind, u.credit_code,
    u.superior, a.name as superior_name, u.jurisdiction, j.name as jurisdiction_name,
    u.successor, s.name as successor_name
from units_on(%(effective)s, %(known)s) u
left join unit_line_known(%(known)s) a
    on a.unit = u.superior
    and a.effective_from <= %(effective)s
    and (a.effective_until is null or a.effective_until > %(effective)s)
left join unit_line_known(%(known)s) s
    on s.unit = u.successor
    and s.effective_from <= %(effective)s
    and (s.effective_until is null or s.effective_until > %(effective)s)
left join places_on(%(effective)s, %(known)s) j on j.jurisdiction = u.jurisdiction
left join places_on(%(effective)s, %(known)s) p on p.jurisdiction = j.parent
where (%(status)s::text is null or u.status = %(status)s)
    and (%(unit_kind)s::text is null or u.unit_kind = %(unit_kind)s)
    and (%(superior)s::text is null or u.superior = %(superior)s)
    and (%(jurisdiction)s::text is null or u.jurisdiction = %(jurisdiction)s)
    and (%(within)s::text is null or %(within)s in (j.jurisdiction, j.parent, p.parent))
    and (
        %(q)s::text is null
        or strpos(u.name, %(q)s) > 0
        or u.credit_code = upper(%(q)s)
        or exists (select from unnest(u.initials) i where strpos(i, lower(%(q)s)) > 0)
    )
    and (
        %(after_name)s::text is null
        or (u.name collate "C", u.unit collate "C") > (%(after_name)s, %(after_id)s)
    )
order by u.name collate "C", u.unit collate "C"
limit %(limit)s

-- name: one
select
    u.unit, u.effective_from, u.effective_until, u.status, u.name, u.unit_kind, u.credit_code,
    u.superior, a.name as superior_name, u.jurisdiction, j.name as jurisdiction_name,
    u.successor, s.name as successor_name
from units_on(%(effective)s, %(known)s) u
left join unit_line_known(%(known)s) a
    on a.unit = u.superior
    and a.effective_from <= %(effective)s
    and (a.effective_until is null or a.effective_until > %(effective)s)
left join unit_line_known(%(known)s) s
    on s.unit = u.successor
    and s.effective_from <= %(effective)s
    and (s.effective_until is null or s.effective_until > %(effective)s)
left join places_on(%(effective)s, %(known)s) j on j.jurisdiction = u.jurisdiction
where u.unit = %(unit)s

-- name: periods
select
    u.unit, u.effective_from, u.effective_until, u.status, u.name, u.unit_kind, u.jurisdiction,
    j.name as jurisdiction_name, u.superior, a.name as superior_name, u.credit_code, u.successor
from unit_line_known(%(known)s) u
left join jurisdiction_line_known(%(known)s) j
    on j.jurisdiction = u.jurisdiction
    and j.effective_from <= u.effective_from
    and (j.effective_until is null or j.effective_until > u.effective_from)
left join unit_line_known(%(known)s) a
    on a.unit = u.superior
    and a.effective_from <= u.effective_from
    and (a.effective_until is null or a.effective_until > u.effective_from)
where u.unit = %(unit)s
order by u.effective_from

-- name: names
select unit, effective_from, name
from unit_line_known(%(known)s)
where unit = any(%(ids)s::text[])
order by unit, effective_from
