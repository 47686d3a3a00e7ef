-- The newest spell of each measure on a day, with the type for which it is pursued by then; and when
-- measures were taken up, for which type they were at first.
-- name: views
create function measures_begun(day date, known bigint) returns table (
    measure text, type text, adopted_on date
) language sql stable begin atomic
    select measure, type, adopted_on from measure_spell_known(known) where adopted_on <= day;
end;
create function measures_on(day date, known bigint) returns table (
    measure text, community text, code text, type text, spell bigint, adopted_on date,
    carried_on date, carried_for text, closed_on date, ending text, closed_for text,
    "position" bigint
) language sql stable begin atomic
    select
        s.measure, s.community, s.code, coalesce(c.type, s.type), s.version, s.adopted_on,
        c.carried_on, c.reason,
        case when s.closed_on <= day then s.closed_on end,
        case when s.closed_on <= day then s.ending end,
        case when s.closed_on <= day then s.closed_for end,
        s."position"
    from measure_spell_known(known) s
    left join lateral (
        select k.type, k.carried_on, k.reason
        from measure_carry_known(known) k
        where k.measure = s.measure and k.spell = s.version and k.carried_on <= day
        order by k.version desc
        limit 1
    ) c on true
    where s.adopted_on <= day and not exists (
        select from measure_spell_known(known) later
        where later.measure = s.measure and later.adopted_on <= day and later.version > s.version
    );
end

-- name: communities
select r.community, r.name as community_name, r.code, r.district, r.district_name, r.type
from register_on(%(effective)s, %(known)s) r
where r.status = 'active'
    and (%(community)s::text is null or r.community = %(community)s)
    and (%(district)s::text is null or r.district = %(district)s)
    and (%(type)s::text is null or r.type = %(type)s)
    and (
        not %(unsettled)s::boolean
        or exists (
            select from measures_on(%(effective)s, %(known)s) m
            where m.community = r.community and m.closed_on is null
                and m.type is distinct from r.type
        )
    )
    and (
        %(after_code)s::text is null
        or (coalesce(r.code, ''), r.community) > (%(after_code)s, %(after_id)s)
    )
order by coalesce(r.code, ''), r.community
limit %(limit)s

-- name: measures
select
    m.measure, m.community, r.name as community_name, m.code, m.type,
    case
        when m.closed_on is not null then 'closed'
        when t.tasks > 0 then 'under-way'
        when p.planned_on is not null then 'planned'
        else 'adopted'
    end as status,
    m.closed_on is null and m.type is distinct from r.type as unsettled,
    m.adopted_on, p.planned_on, p.plan, coalesce(p.actions, '{}') as actions,
    p.unit, unit_name_on(p.unit, %(effective)s, %(known)s) as unit_name,
    p.person, person_name_on(p.person, %(effective)s, %(known)s) as person_name, p.due_on,
    m.carried_on, m.carried_for, m.closed_on, m.ending, m.closed_for,
    t.tasks, t.tasks_open, t.tasks_closed, m.position
from measures_on(%(effective)s, %(known)s) m
join register_on(%(effective)s, %(known)s) r on r.community = m.community
left join lateral (
    select k.planned_on, k.plan, k.actions, k.unit, k.person, k.due_on
    from measure_plan_known(%(known)s) k
    where k.measure = m.measure and k.spell = m.spell and k.planned_on <= %(effective)s
    order by k.version desc
    limit 1
) p on true
cross join lateral (
    select
        count(*) as tasks,
        count(*) filter (where status not in ('closed', 'cancelled')) as tasks_open,
        count(*) filter (where status = 'closed') as tasks_closed
    from tasks_on(%(effective)s, %(known)s)
    where source_stream = 'measure:' || m.measure and assigned_on >= m.adopted_on
) t
where m.community = any(%(communities)s::text[])
order by m.community, m.code

-- name: spells
select
    version, type, adopted_on,
    case when closed_on <= %(effective)s then closed_on end as closed_on,
    case when closed_on <= %(effective)s then ending end as ending,
    case when closed_on <= %(effective)s then closed_for end as closed_for,
    "position"
from measure_spell_known(%(known)s)
where measure = %(measure)s and adopted_on <= %(effective)s
order by version

-- name: plans
select
    version, spell, planned_on, plan, actions, unit, unit_name_on(unit, %(effective)s, %(known)s) as unit_name,
    person, person_name_on(person, %(effective)s, %(known)s) as person_name, due_on, "position"
from measure_plan_known(%(known)s)
where measure = %(measure)s and planned_on <= %(effective)s
order by version

-- name: carries
select version, spell, carried_on, type, reason, "position"
from measure_carry_known(%(known)s)
where measure = %(measure)s and carried_on <= %(effective)s
order by version
