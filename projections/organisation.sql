-- The jurisdictions on a day, whether or not they stand.
-- name: views
create function places_on(day date, known bigint) returns table (
    jurisdiction text, status text, level text, name text, code text, parent text,
    seat_town text
) language sql stable begin atomic
    select j.jurisdiction, j.status, j.level, j.name, j.code, j.parent, j.seat_town
    from jurisdiction_line_known(known) j
    where j.effective_from <= day and (j.effective_until is null or j.effective_until > day);
end;
-- The subdistrict and the district that each place is or lies in; the city lies in neither.
create function districts_on(day date, known bigint) returns table (
    jurisdiction text, name text, subdistrict text, district text, district_name text
) language sql stable begin atomic
    select
        j.jurisdiction, j.name,
        case when up.parent is not null then j.jurisdiction end,
        case
            when up.parent is not null then up.jurisdiction
            when j.parent is not null then j.jurisdiction
        end,
        case
            when up.parent is not null then up.name
            when j.parent is not null then j.name
        end
    from places_on(day, known) j
    left join places_on(day, known) up on up.jurisdiction = j.parent;
end;
-- Whether the communities of a place are urban ones (opening paragraph): those of a subdistrict, and
-- those of a town that is the seat of its county.
create function is_urban(level text, place text, seat_town text) returns boolean
language sql immutable
return coalesce(level = 'subdistrict' or (level = 'town' and place = seat_town), false)

-- name: list
select
    j.jurisdiction, j.effective_from, j.effective_until, j.status, j.level, j.name, j.code,
    j.parent, p.name as parent_name, j.seat_town
from jurisdiction_line_known(%(known)s) j
left join jurisdiction_line_known(%(known)s) p
    on p.jurisdiction = j.parent
    and p.effective_from <= %(effective)s
    and (p.effective_until is null or p.effective_until > %(effective)s)
where j.effective_from <= %(effective)s
    and (j.effective_until is null or j.effective_until > %(effective)s)
    and (%(status)s::text is null or j.status = %(status)s)
    and (%(level)s::text is null or j.level = %(level)s)
    and (%(parent)s::text is null or j.parent = %(parent)s)
    and (
        %(after_code)s::text is null
        or (coalesce(j.code, ''), j.jurisdiction) > (%(after_code)s, %(after_id)s)
    )
order by coalesce(j.code, ''), j.jurisdiction
limit %(limit)s

-- name: one
select
    j.jurisdiction, j.effective_from, j.effective_until, j.status, j.level, j.name, j.code,
    j.parent, p.name as parent_name, j.seat_town
from jurisdiction_line_known(%(known)s) j
left join jurisdiction_line_known(%(known)s) p
    on p.jurisdiction = j.parent
    and p.effective_from <= %(effective)s
    and (p.effective_until is null or p.effective_until > %(effective)s)
where j.jurisdiction = %(jurisdiction)s
    and j.effective_from <= %(effective)s
    and (j.effective_until is null or j.effective_until > %(effective)s)

-- name: periods
select
    j.jurisdiction, j.effective_from, j.effective_until, j.status, j.level, j.name, j.code,
    j.parent, p.name as parent_name, j.seat_town
from jurisdiction_line_known(%(known)s) j
left join jurisdiction_line_known(%(known)s) p
    on p.jurisdiction = j.parent and p.effective_from <= j.effective_from
    and (p.effective_until is null or p.effective_until > j.effective_from)
where j.jurisdiction = %(jurisdiction)s
order by j.effective_from

-- name: changes
select subject, attribute, effective_from, ordinal, value, version, struck_by, "position"
from jurisdiction_change_known(%(known)s)
order by subject

-- name: names
select jurisdiction, effective_from, name
from jurisdiction_line_known(%(known)s)
where jurisdiction = any(%(ids)s::text[])
order by jurisdiction, effective_from
