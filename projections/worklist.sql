-- Proposals as the steps that were recorded by a day left them; and those of them on which somebody
-- has yet to act.
-- name: views
create function proposals_on(day date, known bigint) returns table (
    community text, proposal text, status text, type text, effective_from date, reason text,
    origin text, proposed_position bigint, "position" bigint
) language sql stable begin atomic
    select
        community, proposal, status, type, effective_from, reason, origin, proposed_position,
        "position"
    from proposal_step_known(known)
    where recorded_from <= day and (recorded_until is null or recorded_until > day);
end;
create function proposals_waiting(day date, known bigint) returns table (
    community text, proposal text, status text, type text, effective_from date, reason text,
    origin text, proposed_position bigint, "position" bigint
) language sql stable begin atomic
    select
        community, proposal, status, type, effective_from, reason, origin, proposed_position,
        "position"
    from proposals_on(day, known)
    where status in ('proposed', 'endorsed', 'returned');
end

-- name: waiting
select
    r.community, r.name as community_name, r.code, r.type, r.district, r.district_name,
    r.subdistrict, r.subdistrict_name, r.urban, s.surveys, s.surveyed_on,
    p.proposal, p.status, p.type as proposed_type, p.effective_from as proposed_from, p.reason,
    p.origin, p.proposed_position, p."position"
from (
    select
        community, name, code, type, district, district_name, subdistrict, subdistrict_name, urban
    from register_on(%(effective)s, %(known)s)
    where status = 'active'
        and (%(district)s::text is null or district = %(district)s)
        and (%(subdistrict)s::text is null or subdistrict = %(subdistrict)s)
        and (%(type)s::text is null or type = %(type)s)
        and (not %(after_uncoded)s::boolean or code is not null or community > %(after_id)s)
        and (%(after_code)s::text is null or (code, community) > (%(after_code)s, %(after_id)s))
    order by code nulls first, community
    limit %(limit)s
) r
left join lateral (
    select
        array_agg(c.value order by c.effective_from, c.ordinal) as surveys,
        max(c.effective_from) as surveyed_on
    from survey_change_known(%(known)s) c
    where c.subject = r.community and c.struck_by is null and c.effective_from <= %(effective)s
) s on true
left join proposals_waiting(%(effective)s, %(known)s) p on p.community = r.community
order by r.code nulls first, r.community

-- name: surveyed
select
    r.name, r.type,
    (
        select array_agg(c.value order by c.effective_from, c.ordinal)
        from survey_change_known(%(known)s) c
        where c.subject = r.community and c.struck_by is null
            and c.effective_from <= %(effective)s
    ) as surveys
from register_on(%(effective)s, %(known)s) r
where r.community = %(community)s

-- name: proposals
select
    p.community, r.name as community_name, p.proposal, p.status, p.type, p.effective_from, p.reason,
    p.origin, p.proposed_position, p."position"
from proposals_on(%(effective)s, %(known)s) p
left join register_on(%(effective)s, %(known)s) r on r.community = p.community
where p.community = %(community)s
order by p.proposed_position
