-- The register on a day, with the names that subdistricts and districts had on that day.
-- name: views
create function register_on(day date, known bigint) returns table (
    community text, effective_from date, effective_until date, status text,
    name text, code text, type text, subtype text, features text[],
    subdistrict text, subdistrict_name text, subdistrict_code text,
    district text, district_name text, district_code text
) language sql stable begin atomic
    select
        c.community, c.effective_from, c.effective_until, c.status,
        c.name, c.code, c.type, c.subtype, c.features,
        s.jurisdiction, s.name, s.code,
        d.jurisdiction, d.name, d.code
    from community_line_known(known) c
    left join jurisdiction_line_known(known) s
        on s.jurisdiction = c.subdistrict
        and s.effective_from <= day and (s.effective_until is null or s.effective_until > day)
    left join jurisdiction_line_known(known) d
        on d.jurisdiction = s.parent
        and d.effective_from <= day and (d.effective_until is null or d.effective_until > day)
    where c.effective_from <= day and (c.effective_until is null or c.effective_until > day);
end;
-- How many communities stood from a day on, and how many of them were classified.
create function register_course(known bigint) returns table (
    day date, classified bigint, standing bigint
) language sql stable begin atomic
    select c.day, sum(sum(c.classified)) over days, sum(sum(c.standing)) over days
    from (
        select effective_from as day, (type is not null)::integer as classified, 1 as standing
        from community_line_known(known)
        where community_line_known.status = 'active'
        union all
        select effective_until, -(type is not null)::integer, -1
        from community_line_known(known)
        where community_line_known.status = 'active' and effective_until is not null
    ) c
    group by c.day
    window days as (order by c.day);
end

-- name: list
select
    community, effective_from, effective_until, status, name, code, type, subtype,
    coalesce(features, '{}') as features,
    subdistrict, subdistrict_name, subdistrict_code, district, district_name, district_code
from register_on(%(effective)s, %(known)s)
where (%(status)s::text is null or status = %(status)s)
    and (%(type)s::text is null or type = %(type)s)
    and (not %(unclassified)s::boolean or type is null)
    and (%(district)s::text is null or district = %(district)s)
    and (%(subdistrict)s::text is null or subdistrict = %(subdistrict)s)
    and (%(code)s::text is null or starts_with(code, %(code)s))
    and (%(name)s::text is null or strpos(name, %(name)s) > 0)
    and (not %(after_uncoded)s::boolean or code is not null or community > %(after_id)s)
    and (%(after_code)s::text is null or (code, community) > (%(after_code)s, %(after_id)s))
order by code nulls first, community
limit %(limit)s

-- name: one
select
    community, effective_from, effective_until, status, name, code, type, subtype,
    coalesce(features, '{}') as features,
    subdistrict, subdistrict_name, subdistrict_code, district, district_name, district_code
from register_on(%(effective)s, %(known)s)
where community = %(community)s

-- name: periods
select
    community, effective_from, effective_until, status, name, code, subdistrict, type, subtype,
    features
from community_line_known(%(known)s)
where community = %(community)s
order by effective_from

-- name: changes
select subject, attribute, effective_from, ordinal, value, version, struck_by, "position"
from community_change_known(%(known)s)
order by subject

-- name: changes_of_one
select subject, attribute, effective_from, ordinal, value, version, struck_by, "position"
from community_change_known(%(known)s)
where subject = %(community)s

-- name: names
select community, effective_from, name
from community_line_known(%(known)s)
where community = any(%(ids)s::text[])
order by community, effective_from
