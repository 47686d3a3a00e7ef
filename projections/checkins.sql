-- Check-ins on a day, with the community's name on that day. Where the community ended, nothing more
-- is owed, though nobody checked out.
-- name: views
create function checkins_on(day date, known bigint) returns table (
    checkin text, effective_from date, effective_until date, status text, community text,
    participant text, unit text, unit_name text, person text, checked_in_on date,
    "position" bigint, community_name text, community_ended_on date
) language sql stable begin atomic
    select
        k.checkin, k.effective_from, k.effective_until, k.status, k.community,
        k.participant, k.unit, coalesce(u.name, k.unit), k.person, k.checked_in_on, k.position, c.name,
        case when c.status <> 'active' then c.effective_from end
    from checkin_line_known(known) k
    left join register_on(day, known) c on c.community = k.community
    left join unit_line_known(known) u
        on u.unit = k.unit
        and u.effective_from <= day and (u.effective_until is null or u.effective_until > day)
    where k.effective_from <= day and (k.effective_until is null or k.effective_until > day);
end;
-- What those who checked in pledge, do and are asked, with its status of a day. An opinion or a
-- pledge is overdue when its day has passed and it is still waited for.
create function checkin_items_on(today date, known bigint) returns table (
    checkin text, kind text, item text, effective_from date, effective_until date, status text,
    community text, text text, about text, stance text, hours bigint, period_from date,
    due_on date, begun_on date, "position" bigint, overdue boolean
) language sql stable begin atomic
    select
        i.checkin, i.kind, i.item, i.effective_from, i.effective_until, i.status, i.community,
        i.text, i.about, i.stance, i.hours, i.period_from, i.due_on, i.begun_on, i."position",
        coalesce(i.status in ('asked', 'pledged') and i.due_on < today, false)
    from checkin_item_known(known) i
    where i.effective_from <= today and (i.effective_until is null or i.effective_until > today);
end

-- name: list
select
    checkin, effective_from, effective_until, status, community, participant, unit, unit_name,
    person, person_name_on(person, %(effective)s, %(known)s) as person_name, checked_in_on, "position", community_name, community_ended_on
from checkins_on(%(effective)s, %(known)s)
where (%(checkin)s::text is null or checkin = %(checkin)s)
    and (%(community)s::text is null or community = %(community)s)
    and (%(participant)s::text is null or participant = %(participant)s)
    and (%(unit)s::text is null or unit = %(unit)s)
    and (%(unit_name)s::text is null or strpos(unit_name, %(unit_name)s) > 0)
    and (%(status)s::text is null or status = %(status)s)
    and (%(status)s::text is distinct from 'present' or community_ended_on is null)
    and (
        %(after_first)s::text is null
        or (unit_name, checkin) > (%(after_first)s, %(after_id)s)
    )
order by unit_name, checkin
limit %(limit)s

-- name: items
select
    i.checkin, i.kind, i.item, i.effective_from, i.effective_until, i.status, i.community, i.text,
    i.about, i.stance, i.hours, i.period_from, i.due_on, i.begun_on, i.position,
    k.unit, k.unit_name, k.participant, i.overdue and k.community_ended_on is null as overdue,
    k.community_name
from checkin_items_on(%(effective)s, %(known)s) i
join checkins_on(%(effective)s, %(known)s) k on k.checkin = i.checkin
where (%(checkin)s::text is null or k.checkin = %(checkin)s)
    and (%(community)s::text is null or k.community = %(community)s)
    and (%(participant)s::text is null or k.participant = %(participant)s)
    and (%(unit)s::text is null or k.unit = %(unit)s)
    and (%(unit_name)s::text is null or strpos(k.unit_name, %(unit_name)s) > 0)
    and (%(status)s::text is null or k.status = %(status)s)
    and (%(kind)s::text is null or i.kind = %(kind)s)
    and (%(item_status)s::text is null or i.status = %(item_status)s)
    and (
        %(overdue)s::boolean is null
        or (i.overdue and k.community_ended_on is null) = %(overdue)s
    )
    and (
        %(after_first)s::date is null
        or (i.begun_on, i.checkin || '/' || i.kind || '/' || i.item)
            > (%(after_first)s::date, %(after_id)s)
    )
order by i.begun_on, i.checkin || '/' || i.kind || '/' || i.item
limit %(limit)s

-- Each check-in with the days of its stay, and the periods for which its unit has heard by the day.
-- name: feedback
select
    k.checkin, k.community, k.community_name, k.unit, k.unit_name, k.checked_in_on,
    case when k.status = 'left' then k.effective_from end as left_on,
    e.ended_on, e.restored_on, f.periods, f.days
from checkins_on(%(effective)s, %(known)s) k
left join lateral (
    select
        array_agg(i.period_from order by i.period_from) as periods,
        array_agg(i.begun_on order by i.period_from) as days
    from checkin_item_known(%(known)s) i
    where i.checkin = k.checkin and i.kind = 'feedback' and i.begun_on <= %(effective)s
) f on true
cross join lateral (
    select
        coalesce(array_agg(ended_on order by ended_on), '{}') as ended_on,
        coalesce(array_agg(restored_on order by ended_on), '{}') as restored_on
    from communities_ended(%(effective)s, %(known)s)
    where community = k.community
) e
where (%(checkin)s::text is null or k.checkin = %(checkin)s)
    and (%(community)s::text is null or k.community = %(community)s)
    and (%(participant)s::text is null or k.participant = %(participant)s)
    and (%(unit)s::text is null or k.unit = %(unit)s)
    and (%(unit_name)s::text is null or strpos(k.unit_name, %(unit_name)s) > 0)
    and (%(status)s::text is null or k.status = %(status)s)
order by k.checkin
