-- Supports, who gives them, their milestones and reports.
-- name: tables
create table support_line (
    support text not null,
    community text not null,
    round text not null,
    grade text not null,
    begun_on date not null,
    ended_on date,
    outcome text,
    next_round text,
    next_grade text,
    conclusion text,
    aim text,
    planned_on date,
    ended_by bigint,
    "position" bigint not null,
    primary key (support)
);
create index support_line_community on support_line (community);
create table support_assignment (
    support text not null,
    assignment text not null,
    kind text not null,
    person text,
    unit text,
    mentor text,
    effective_from date not null,
    effective_until date,
    planned_until date,
    version bigint not null,
    ended_by bigint,
    "position" bigint not null,
    primary key (support, assignment)
);
create table support_goal (
    support text not null,
    milestone text not null,
    title text not null,
    due_on date not null,
    reached_on date,
    comment text,
    version bigint,
    "position" bigint not null,
    primary key (support, milestone)
);
create table support_report (
    support text not null,
    version bigint not null,
    reported_on date not null,
    progress text not null,
    person text not null,
    "position" bigint not null,
    primary key (support, version)
);

-- Supports that go on on a day, and the milestones of their plans; reached by that day, or not.
-- name: views
create function supports_on(day date, known bigint) returns table (
    support text, community text, round text, grade text, begun_on date, aim text,
    "position" bigint
) language sql stable begin atomic
    select support, community, round, grade, begun_on, aim, "position"
    from support_line_known(known)
    where begun_on <= day and (ended_on is null or ended_on > day);
end;
create function support_goals_on(day date, known bigint) returns table (
    support text, community text, milestone text, title text, due_on date, reached_on date,
    "position" bigint
) language sql stable begin atomic
    select
        g.support, l.community, g.milestone, g.title, g.due_on,
        case when g.reached_on <= day then g.reached_on end, g."position"
    from support_goal_known(known) g
    join support_line_known(known) l on l.support = g.support
    where l.begun_on <= day and (l.ended_on is null or l.ended_on > day);
end

-- name: list
select
    l.support, l.community, l.round, l.grade, l.begun_on, l.ended_on, l.outcome, l.next_round,
    l.next_grade, l.conclusion, l.aim, l.planned_on, l.ended_by, l."position",
    r.name as community_name, r.district as unit, r.district_name as unit_name,
    a.kinds, g.milestones, g.reached, g.overdue, t.tasks, t.tasks_open, t.tasks_closed, t.percent,
    n.annulled_on as round_annulled_on
from support_line_known(%(known)s) l
join rounds_on(%(effective)s, %(known)s) n on n.round = l.round
left join register_on(%(effective)s, %(known)s) r on r.community = l.community
left join lateral (
    select array_agg(distinct s.kind) as kinds
    from support_assignment_known(%(known)s) s
    where s.support = l.support and s.effective_from <= %(effective)s
        and (s.effective_until is null or s.effective_until > %(effective)s)
        and (l.ended_on is null or l.ended_on > %(effective)s)
) a on true
left join lateral (
    select
        count(*) as milestones,
        count(*) filter (where s.reached_on <= %(effective)s) as reached,
        count(*) filter (
            where s.due_on < %(effective)s and (l.ended_on is null or l.ended_on > %(effective)s)
                and (s.reached_on is null or s.reached_on > %(effective)s)
        ) as overdue
    from support_goal_known(%(known)s) s
    where s.support = l.support
) g on true
cross join lateral (
    select
        count(*) as tasks,
        count(*) filter (where status not in ('closed', 'cancelled')) as tasks_open,
        count(*) filter (where status = 'closed') as tasks_closed,
        (avg(percent) filter (where status <> 'cancelled'))::integer as percent
    from tasks_on(%(effective)s, %(known)s)
    where source_stream = 'support:' || l.support
) t
where (%(support)s::text is null or l.support = %(support)s)
    and (%(round)s::text is null or l.round = %(round)s)
    and (%(community)s::text is null or l.community = %(community)s)
    and (%(unit)s::text is null or r.district = %(unit)s)
    and (%(outcome)s::text is null or l.outcome = %(outcome)s)
    and (%(open)s::boolean is null or (l.outcome is null) = %(open)s)
    and (
        %(after_day)s::text is null
        or (l.begun_on, l.support collate "C") > (%(after_day)s::date, %(after_id)s)
    )
order by l.begun_on, l.support collate "C"
limit %(limit)s

-- name: assignments
select
    support, assignment, kind, person, unit, mentor, effective_from, effective_until,
    planned_until, version, ended_by, "position"
from support_assignment_known(%(known)s)
where support = %(support)s
order by effective_from, assignment

-- name: goals
select
    g.support, g.milestone, g.title, g.due_on, g.reached_on, g.comment, g.version, g."position",
    t.tasks, t.tasks_open, t.tasks_closed, t.percent
from support_goal_known(%(known)s) g
cross join lateral (
    select
        count(*) as tasks,
        count(*) filter (where status not in ('closed', 'cancelled')) as tasks_open,
        count(*) filter (where status = 'closed') as tasks_closed,
        (avg(percent) filter (where status <> 'cancelled'))::integer as percent
    from tasks_on(%(effective)s, %(known)s)
    where source_stream = 'support:' || g.support and source_part = g.milestone
) t
where g.support = %(support)s
order by g.due_on, g.milestone

-- name: reports
select support, version, reported_on, progress, person, "position"
from support_report_known(%(known)s)
where support = %(support)s
order by reported_on, version
