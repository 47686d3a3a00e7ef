-- The register on a day, with the names that subdistricts and districts had on that day. Only urban
-- communities are to be classified.
-- name: views
create function register_on(day date, known bigint) returns table (
    community text, effective_from date, effective_until date, status text,
    name text, code text, type text, subtype text, features text[],
    subdistrict text, subdistrict_name text, subdistrict_code text,
    district text, district_name text, district_code text, urban boolean
) language sql stable begin atomic
    select
        c.community, c.effective_from, c.effective_until, c.status,
        c.name, c.code, c.type, c.subtype, c.features,
        s.jurisdiction, s.name, s.code,
        d.jurisdiction, d.name, d.code, is_urban(s.level, s.jurisdiction, d.seat_town)
    from community_line_known(known) c
    left join jurisdiction_line_known(known) s
        on s.jurisdiction = c.subdistrict
        and s.effective_from <= day and (s.effective_until is null or s.effective_until > day)
    left join jurisdiction_line_known(known) d
        on d.jurisdiction = s.parent
        and d.effective_from <= day and (d.effective_until is null or d.effective_until > day)
    where c.effective_from <= day and (c.effective_until is null or c.effective_until > day);
end;
-- The days from which a community did not exist, up to its restoration, as they had come about by a day.
create function communities_ended(day date, known bigint) returns table (
    community text, ended_on date, restored_on date
) language sql stable begin atomic
    select community, effective_from, case when effective_until <= day then effective_until end
    from community_line_known(known)
    where status <> 'active' and effective_from <= day;
end;
-- How many urban communities there were from a day on, in each district and (where it is null) in the
-- city, and how many of them were classified.
create function register_course(known bigint) returns table (
    day date, district text, classified bigint, standing bigint
) language sql stable begin atomic
    with period as (
        select
            greatest(c.effective_from, s.effective_from, d.effective_from) as effective_from,
            least(c.effective_until, s.effective_until, d.effective_until) as effective_until,
            s.parent as district, (c.type is not null)::integer as classified
        from community_line_known(known) c
        join jurisdiction_line_known(known) s
            on s.jurisdiction = c.subdistrict
            and (c.effective_until is null or s.effective_from < c.effective_until)
            and (s.effective_until is null or s.effective_until > c.effective_from)
        join jurisdiction_line_known(known) d
            on d.jurisdiction = s.parent
            and (s.effective_until is null or d.effective_from < s.effective_until)
            and (d.effective_until is null or d.effective_until > s.effective_from)
            and (c.effective_until is null or d.effective_from < c.effective_until)
            and (d.effective_until is null or d.effective_until > c.effective_from)
        where c.status = 'active' and is_urban(s.level, s.jurisdiction, d.seat_town)
    )
    select c.day, c.district, sum(sum(c.classified)) over days, sum(sum(c.standing)) over days
    from (
        select effective_from as day, district, classified, 1 as standing from period
        union all
        select effective_until, district, -classified, -1 from period
        where effective_until is not null
    ) c
    group by grouping sets ((c.day, c.district), (c.day))
    window days as (partition by c.district order by c.day);
end;
-- What lies in a place on a day, as a setting holds it: the place, the places under it, and what is
-- everyone's. Each lies where the day's row says, or before its first day where the first one says. It
-- reads as the owner, for whom nothing is out of scope.
create function scope_of(top text, day date) returns text
language sql stable security definer begin atomic
    with recursive place as (
        select top as id
        union
        select j.jurisdiction
        from place p
        join jurisdiction_line j on j.parent = p.id
        where (j.effective_until is null or j.effective_until > day)
            and (
                j.effective_from <= day
                or not exists (
                    select from jurisdiction_line b
                    where b.jurisdiction = j.jurisdiction and b.effective_from < j.effective_from
                )
            )
    )
    select jsonb_object_agg(found.id, 1)::text
    from (
        select id from place
        union
        select c.community
        from place p
        join community_line c on c.subdistrict = p.id
        where (c.effective_until is null or c.effective_until > day)
            and (
                c.effective_from <= day
                or not exists (
                    select from community_line b
                    where b.community = c.community and b.effective_from < c.effective_from
                )
            )
        union
        select '*'
    ) found;
end

-- name: list
select
    community, effective_from, effective_until, status, name, code, type, subtype,
    coalesce(features, '{}') as features,
    subdistrict, subdistrict_name, subdistrict_code, district, district_name, district_code, urban
from register_on(%(effective)s, %(known)s)
where (%(status)s::text is null or status = %(status)s)
    and (%(type)s::text is null or type = %(type)s)
    and (not %(unclassified)s::boolean or (urban and type is null))
    and (%(urban)s::boolean is null or urban = %(urban)s)
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
    subdistrict, subdistrict_name, subdistrict_code, district, district_name, district_code, urban
from register_on(%(effective)s, %(known)s)
where community = %(community)s

-- name: periods
select
    c.community, c.effective_from, c.effective_until, c.status, c.name, c.code, c.subdistrict,
    s.name as subdistrict_name, c.type, c.subtype, c.features
from community_line_known(%(known)s) c
left join jurisdiction_line_known(%(known)s) s
    on s.jurisdiction = c.subdistrict and s.effective_from <= c.effective_from
    and (s.effective_until is null or s.effective_until > c.effective_from)
where c.community = %(community)s
order by c.effective_from

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
