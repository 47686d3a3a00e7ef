-- Councils that stand on a day, and sessions as they had come about by it. An agenda has no day of its
-- own: it stands from its recording on, or from the day of the session, whichever comes first.
-- name: views
create function councils_on(day date, known bigint) returns table (
    council text, community text, title text, council_kind text, sessions_min bigint, per text,
    founded_on date, "position" bigint
) language sql stable begin atomic
    select council, community, title, council_kind, sessions_min, per, founded_on, "position"
    from council_line_known(known)
    where founded_on <= day and (dissolved_on is null or dissolved_on > day);
end;
create function sessions_on(today date, known bigint) returns table (
    council text, council_title text, council_kind text, session text, community text,
    noticed_on date, scheduled_on date, place text, agenda text[], "position" bigint, held_on date,
    held_by bigint, present text[], excused text[], observers text[], cancelled_on date,
    cancelled_for text, minuted boolean, versions bigint, minutes_on date, day date
) language sql stable begin atomic
    select
        s.council, c.title, c.council_kind, s.session, s.community, s.noticed_on, s.scheduled_on,
        s.place,
        coalesce(
            (
                select array(select jsonb_array_elements_text(a.agenda::jsonb))
                from unnest(s.agendas, s.agendas_on) with ordinality as a (agenda, set_on, ordinal)
                where least(a.set_on, s.held_on, s.cancelled_on) <= today
                order by a.ordinal desc
                limit 1
            ),
            '{}'
        ),
        s."position",
        case when held_on <= today then held_on end,
        case when held_on <= today then held_by end,
        case when held_on <= today then present else '{}' end,
        case when held_on <= today then excused else '{}' end,
        case when held_on <= today then observers else '{}' end,
        case when cancelled_on <= today then cancelled_on end,
        case when cancelled_on <= today then cancelled_for end,
        today >= any(s.minuted_on),
        (select count(*) from unnest(s.minuted_on) as minuted (on_day) where on_day <= today),
        (select max(on_day) from unnest(s.minuted_on) as minuted (on_day) where on_day <= today),
        case when held_on <= today then held_on else scheduled_on end
    from council_session_known(known) s
    join council_line_known(known) c on c.council = s.council
    where s.noticed_on <= today;
end

-- name: list
select
    c.council, c.community, r.name as community_name, r.district, r.district_name, c.title, c.council_kind,
    c.sessions_min, c.per, c.founded_on,
    case when c.dissolved_on <= %(effective)s then c.dissolved_on end as dissolved_on,
    case when r.status <> 'active' then r.effective_from end as community_ended_on,
    e.ended_on, e.restored_on,
    (
        select count(*) from council_member_known(%(known)s) m
        where m.council = c.council and m.joined_on <= %(effective)s
            and (m.left_on is null or m.left_on > %(effective)s)
    ) as members,
    (
        select coalesce(array_agg(s.held_on order by s.held_on), '{}')
        from council_session_known(%(known)s) s
        where s.council = c.council and s.held_on <= %(effective)s
    ) as held_on
from council_line_known(%(known)s) c
left join register_on(%(effective)s, %(known)s) r on r.community = c.community
cross join lateral (
    select
        coalesce(array_agg(ended_on order by ended_on), '{}') as ended_on,
        coalesce(array_agg(restored_on order by ended_on), '{}') as restored_on
    from communities_ended(%(effective)s, %(known)s)
    where community = c.community
) e
where c.founded_on <= %(effective)s
    and (
        coalesce(r.status = 'active', true)
        or c.council = %(council)s::text or %(missed)s::boolean
    )
    and (
        c.dissolved_on is null or c.dissolved_on > %(effective)s
        or c.council = %(council)s::text or %(missed)s::boolean
    )
    and (%(council)s::text is null or c.council = %(council)s)
    and (%(community)s::text is null or c.community = %(community)s)
    and (%(district)s::text is null or r.district = %(district)s)
    and (%(council_kind)s::text is null or c.council_kind = %(council_kind)s)
    and (
        %(after_community)s::text is null
        or (c.community, c.council) > (%(after_community)s, %(after_id)s)
    )
order by c.community, c.council
limit %(limit)s

-- name: lines
select
    council, community, title, council_kind, sessions_min, per, founded_on, dissolved_on, "position"
from council_line_known(%(known)s)
order by community, council

-- name: members
select
    m.member, coalesce(unit_name_on(m.member, %(effective)s, %(known)s), m.member) as member_name,
    m.joined_on, m.left_on, m.version
from council_member_known(%(known)s) m
where m.council = %(council)s and m.joined_on <= %(effective)s
    and (m.left_on is null or m.left_on > %(effective)s)
order by m.joined_on, m.member

-- name: names
select asked.unit, asked.day, u.name
from unnest(%(units)s::text[], %(days)s::date[]) as asked (unit, day)
join unit_line_known(%(known)s) u
    on u.unit = asked.unit and u.effective_from <= asked.day
    and (u.effective_until is null or u.effective_until > asked.day)

-- name: sessions
select
    s.council, s.council_title, s.council_kind, s.session, s.community,
    r.name as community_name, r.district, r.district_name, s.day,
    case
        when s.held_on is not null then 'held'
        when s.cancelled_on is not null then 'cancelled'
        else 'convened'
    end as status,
    s.noticed_on, s.scheduled_on, s.place, s.agenda, s.held_on, s.held_by as version, s.present,
    s.excused, s.observers, s.cancelled_on, s.cancelled_for, s.versions, s.minutes_on, s.position
from sessions_on(%(effective)s, %(known)s) s
left join register_on(%(effective)s, %(known)s) r on r.community = s.community
where (%(council)s::text is null or s.council = %(council)s)
    and (%(session)s::text is null or s.session = %(session)s)
    and (%(community)s::text is null or s.community = %(community)s)
    and (%(district)s::text is null or r.district = %(district)s)
    and (%(council_kind)s::text is null or s.council_kind = %(council_kind)s)
    and (%(begin)s::date is null or s.day >= %(begin)s)
    and (%(end)s::date is null or s.day <= %(end)s)
    and (
        %(after_day)s::date is null
        or (s.day, s.council || '/' || s.session) > (%(after_day)s, %(after_id)s)
    )
order by s.day, s.council || '/' || s.session
limit %(limit)s

-- name: resolutions
select
    resolution, session, adopted_on, text, tasks,
    annulled_on, annulled_for, "position"
from council_resolution_known(%(known)s)
where council = %(council)s and adopted_on <= %(effective)s
    and (%(session)s::text is null or session = %(session)s)
order by adopted_on, "position"
