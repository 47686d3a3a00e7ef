-- Supports that have begun by a day, with the plan of that day, and what had become of them by then:
-- the outcome is null while one goes on.
-- name: views
create function supports_on(day date, known bigint) returns table (
    support text, community text, round text, grade text, begun_on date, ended_on date,
    outcome text, next_round text, next_grade text, conclusion text, aim text, planned_on date,
    "position" bigint
) language sql stable begin atomic
    select
        l.support, l.community, l.round, l.grade, l.begun_on, o.over_on, o.outcome, o.next_round,
        o.next_grade, o.conclusion, p.aim, p.planned_on,
        greatest(l."position", o."position", p."position")
    from support_line_known(known) l
    left join support_outcome_known(known) o
        on o.support = l.support
        and o.over_on <= day and (o.resumed_on is null or o.resumed_on > day)
    left join support_plan_known(known) p
        on p.support = l.support
        and p.planned_on <= day and (p.replaced_on is null or p.replaced_on > day)
    where l.begun_on <= day;
end;
-- Who had been assigned by a day, until when by what was settled then: at most until the support
-- itself was over.
create function supporters_on(day date, known bigint) returns table (
    support text, assignment text, kind text, person text, unit text, mentor text,
    effective_from date, effective_until date, version bigint, "position" bigint
) language sql stable begin atomic
    select
        a.support, a.assignment, a.kind, a.person, a.unit, a.mentor, a.effective_from,
        least(case when a.effective_until > day then a.planned_until else a.effective_until end,
            o.over_on),
        a.version, a."position"
    from support_assignment_known(known) a
    left join support_outcome_known(known) o
        on o.support = a.support
        and o.over_on <= day and (o.resumed_on is null or o.resumed_on > day)
    where a.effective_from <= day and (o.over_on is null or a.effective_from <= o.over_on);
end;
-- The milestones of the plans of a day; reached by that day, or not.
create function support_goals_on(day date, known bigint) returns table (
    support text, milestone text, title text, due_on date, reached_on date, comment text,
    version bigint, "position" bigint
) language sql stable begin atomic
    select
        g.support, g.milestone, g.title, g.due_on, r.reached_on, r.comment, r.version,
        greatest(g."position", r."position")
    from support_goal_known(known) g
    left join support_reach_known(known) r
        on r.support = g.support and r.milestone = g.milestone and r.reached_on <= day
    where g.planned_on <= day and (g.replaced_on is null or g.replaced_on > day);
end

-- name: list
select
    l.community, l.round, l.grade, l.begun_on, l.ended_on, l.outcome, l.next_round, l.next_grade,
    l.conclusion, l.aim, l.planned_on, l."position",
    r.name as community_name, r.district as unit, r.district_name as unit_name,
    case when r.status <> 'active' then r.effective_from end as community_ended_on,
    a.kinds, g.milestones, g.reached, g.overdue, t.tasks, t.tasks_open, t.tasks_closed, t.percent,
    n.annulled_on as round_annulled_on, n.title as round_title
from supports_on(%(effective)s, %(known)s) l
join rounds_on(%(effective)s, %(known)s) n on n.round = l.round
left join register_on(%(effective)s, %(known)s) r on r.community = l.community
cross join lateral (
    select coalesce(array_agg(distinct kind), '{}') as kinds
    from supporters_on(%(effective)s, %(known)s)
    where support = l.support
        and (effective_until is null or effective_until > %(effective)s)
) a
cross join lateral (
    select
        count(*) as milestones,
        count(reached_on) as reached,
        count(*) filter (
            where due_on < %(effective)s and reached_on is null and l.outcome is null
                and coalesce(r.status = 'active', true)
        ) as overdue
    from support_goals_on(%(effective)s, %(known)s)
    where support = l.support
) g
cross join lateral (
    select
        count(*) as tasks,
        count(*) filter (where status not in ('closed', 'cancelled')) as tasks_open,
        count(*) filter (where status = 'closed') as tasks_closed,
        (avg(percent) filter (where status <> 'cancelled'))::bigint as percent
    from tasks_on(%(effective)s, %(known)s)
    where source_stream = 'support:' || l.support
) t
where (%(support)s::text is null or l.support = %(support)s)
    and (%(round)s::text is null or l.round = %(round)s)
    and (%(community)s::text is null or l.community = %(community)s)
    and (%(unit)s::text is null or r.district = %(unit)s)
    and (%(outcome)s::text is null or l.outcome = %(outcome)s)
    and (
        %(open)s::boolean is null
        or (l.outcome is null and coalesce(r.status = 'active', true)) = %(open)s
    )
    and (
        %(after_day)s::text is null
        or (l.begun_on, l.support collate "C") > (%(after_day)s::date, %(after_id)s)
    )
order by l.begun_on, l.support collate "C"
limit %(limit)s

-- name: assignments
select
    s.assignment, s.kind, s.person, person_name_on(s.person, %(effective)s, %(known)s) as person_name, s.unit,
    unit_name_on(s.unit, %(effective)s, %(known)s) as unit_name, in_scope(s.mentor) as mentor,
    m.name as mentor_name, s.effective_from,
    s.effective_until, s.version, s."position"
from supporters_on(%(effective)s, %(known)s) s
left join register_on(%(effective)s, %(known)s) m on m.community = s.mentor
where s.support = %(support)s
order by s.effective_from, s.assignment

-- name: goals
select
    g.milestone, g.title, g.due_on, g.reached_on, g.comment, g.version, g."position",
    t.tasks, t.tasks_open, t.tasks_closed, t.percent
from support_goals_on(%(effective)s, %(known)s) g
cross join lateral (
    select
        count(*) as tasks,
        count(*) filter (where status not in ('closed', 'cancelled')) as tasks_open,
        count(*) filter (where status = 'closed') as tasks_closed,
        (avg(percent) filter (where status <> 'cancelled'))::bigint as percent
    from tasks_on(%(effective)s, %(known)s)
    where source_stream = 'support:' || g.support and source_part = g.milestone
) t
where g.support = %(support)s
order by g.due_on, g.milestone

-- name: reports
select
    version, reported_on, progress, person as by_person,
    person_name_on(person, %(effective)s, %(known)s) as by_person_name, "position"
from support_report_known(%(known)s)
where support = %(support)s and reported_on <= %(effective)s
order by reported_on, version
