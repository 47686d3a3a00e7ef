-- Programmes as they stood on a day; the items of all of them as they were stated on a day, with
-- their tasks in figures.
-- name: views
create function programmes_on(day date, known bigint) returns table (
    programme text, jurisdiction text, year bigint, title text, of_city boolean, status text,
    drafted_on date, adopted_on date, closed_on date, "position" bigint
) language sql stable begin atomic
    select
        programme, jurisdiction, year, title, of_city,
        case
            when closed_on <= day then 'closed'
            when adopted_on <= day then 'adopted'
            else 'draft'
        end,
        drafted_on,
        case when adopted_on <= day then adopted_on end,
        case when closed_on <= day then closed_on end,
        "position"
    from programme_line_known(known)
    where drafted_on <= day;
end;
create function programme_items_on(day date, known bigint) returns table (
    programme text, item text, version bigint, added_on date, title text, description text,
    focus text, action text, unit text, person text, due_on date, reason text, dropped_on date,
    dropped_for text, "position" bigint, tasks bigint, tasks_open bigint, tasks_closed bigint,
    percent bigint, ended_on date, added_at bigint
) language sql stable begin atomic
    select
        i.programme, i.item, i.version, i.added_on, i.title, i.description, i.focus, i.action,
        i.unit, i.person, i.due_on, i.reason,
        case when i.dropped_on <= day then i.dropped_on end,
        case when i.dropped_on <= day then i.dropped_for end,
        i."position", t.tasks, t.tasks_open, t.tasks_closed, t.percent, t.ended_on, i.added_at
    from programme_item_known(known) i
    cross join lateral (
        select
            count(*) as tasks,
            count(*) filter (where status not in ('closed', 'cancelled')) as tasks_open,
            count(*) filter (where status = 'closed') as tasks_closed,
            coalesce(avg(percent) filter (where status <> 'cancelled'), 0)::bigint as percent,
            max(since) filter (where status in ('closed', 'cancelled')) as ended_on
        from tasks_on(day, known)
        where source_stream = 'programme:' || i.programme and source_part = i.item
    ) t
    where i.effective_from <= day and (i.effective_until is null or i.effective_until > day);
end

-- name: list
select
    p.programme, p.jurisdiction, j.name as jurisdiction_name, p.year, p.title, p.of_city,
    case
        when p.closed_on <= %(effective)s then 'closed'
        when p.adopted_on <= %(effective)s then 'adopted'
        else 'draft'
    end as status,
    p.drafted_on,
    case when p.adopted_on <= %(effective)s then p.adopted_on end as adopted_on,
    case when p.closed_on <= %(effective)s then p.closed_on end as closed_on,
    case when p.closed_on <= %(effective)s then p.summary end as summary,
    i.items, i.done, p.position
from programme_line_known(%(known)s) p
cross join lateral (
    select
        count(*) as items,
        count(*) filter (where tasks_closed > 0 and tasks_open = 0) as done
    from programme_items_on(%(effective)s, %(known)s)
    where programme = p.programme and dropped_on is null
) i
left join places_on(%(effective)s, %(known)s) j on j.jurisdiction = p.jurisdiction
where p.drafted_on <= %(effective)s
    and (%(jurisdiction)s::text is null or p.jurisdiction = %(jurisdiction)s)
    and (%(year)s::integer is null or p.year = %(year)s)
    and (%(programme)s::text is null or p.programme = %(programme)s)
    and (
        %(after_year)s::integer is null
        or (p.year, p.programme) > (%(after_year)s, %(after_id)s)
    )
order by p.year, p.programme
limit %(limit)s

-- A deadline lapses until the item is done, dropped or given another: each time that it was stated
-- has one, so a new deadline takes no lapse away.
-- name: items
select
    i.programme, i.item, i.version, i.added_on, i.title, i.description, i.focus, i.action, i.unit,
    unit_name_on(i.unit, %(effective)s, %(known)s) as unit_name, i.person,
    person_name_on(i.person, %(effective)s, %(known)s) as person_name, i.due_on, i.reason, i.dropped_on, i.dropped_for, i.tasks, i.tasks_open,
    i.tasks_closed, i.percent, i."position",
    array(
        select array[s.due_on, l.lapsed_until]
        from programme_item_known(%(known)s) s
        cross join lateral (
            select least(s.effective_until, s.dropped_on, %(effective)s) as until
        ) e
        cross join lateral (
            select
                case
                    when count(*) filter (where status not in ('closed', 'cancelled')) = 0
                        and count(*) filter (where status = 'closed') > 0
                    then max(since)
                    else e.until
                end as lapsed_until
            from tasks_on(e.until, %(known)s)
            where source_stream = 'programme:' || s.programme and source_part = s.item
        ) l
        where s.programme = i.programme and s.item = i.item
            and s.effective_from <= %(effective)s and l.lapsed_until > s.due_on
        order by s.version
    ) as lapses
from programme_items_on(%(effective)s, %(known)s) i
where i.programme = %(programme)s
order by i.added_at

-- name: consultations
select programme, version, consulted_from, consulted_until, replies, summary, "position"
from programme_consultation_known(%(known)s)
where programme = %(programme)s and consulted_until <= %(effective)s
order by consulted_from, version
