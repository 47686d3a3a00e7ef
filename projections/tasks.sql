-- Tasks as they stood on a day: the step that holds on it.
-- name: views
create function tasks_on(day date, known bigint) returns table (
    task text, title text, description text, source text, source_stream text, source_part text,
    action text, jurisdiction text, community text, assigned_on date, status text, since date, unit text,
    person text, due_on date, percent bigint, note text, lapses date[],
    version bigint, "position" bigint
) language sql stable begin atomic
    select
        t.task, t.title, t.description, t.source, t.source_stream, t.source_part,
        t.action, t.jurisdiction, t.community, t.assigned_on, s.status, s.effective_from, s.unit,
        s.person, s.due_on, s.percent, s.note, s.lapses,
        s.version, s."position"
    from task_line_known(known) t
    join task_step_known(known) s on s.task = t.task
    where s.annulled_by is null
        and s.effective_from <= day and (s.effective_until is null or s.effective_until > day);
end;
-- Those that have one of these statuses: of the steps that go on, and of those that ended after the
-- day, which each have an index of their own.
create function tasks_with(statuses text[], day date, known bigint) returns table (
    task text, title text, jurisdiction text, community text, status text, due_on date,
    "position" bigint
) language sql stable begin atomic
    select t.task, t.title, t.jurisdiction, t.community, s.status, s.due_on, s."position"
    from (
        select task, status, effective_from, due_on, "position"
        from task_step_known(known)
        where annulled_by is null and effective_until is null
        union all
        select task, status, effective_from, due_on, "position"
        from task_step_known(known)
        where annulled_by is null and effective_until is not null
            and daterange(effective_from, effective_until) @> day
    ) s
    join task_line_known(known) t on t.task = s.task
    where s.status = any(statuses) and s.effective_from <= day;
end

-- The first lines of each status and of these the first, because each has its own place in the order:
-- of the steps that go on, nearly all there are today, and of those that ended behind the day. What
-- else is shown of a task is looked up for these only.
-- name: list
select
    t.task, t.title, t.description, t.source, t.source_stream, t.source_part, t.action, t.jurisdiction,
    t.community, r.name as community_name, coalesce(r.district, j.district) as district,
    coalesce(r.district_name, j.district_name) as district_name, j.name as jurisdiction_name,
    t.assigned_on, s.status, s.effective_from, s.unit, unit_name_on(s.unit, %(effective)s, %(known)s) as unit_name,
    s.person, person_name_on(s.person, %(effective)s, %(known)s) as person_name, s.due_on, s.percent, s.note, s.lapses, s.version, s."position"
from (
    select
        s.task, s.status, s.effective_from, s.unit, s.person, s.due_on, s.percent, s.note,
        s.lapses, s.version, s."position"
    from unnest(%(statuses)s::text[]) as asked (status)
    cross join lateral (
{going_on}
    union all
{ended}
    ) s
    order by s.due_on, s.task
    limit %(limit)s
) s
join task_line_known(%(known)s) t on t.task = s.task
left join lateral (
    select r.name, r.district, r.district_name
    from register_on(%(effective)s, %(known)s) r
    where r.community = t.community
    limit 1  -- there is one at most: it is looked up for the lines that are shown
) r on true
left join lateral (
    select d.name, d.district, d.district_name
    from districts_on(%(effective)s, %(known)s) d
    where d.jurisdiction = t.jurisdiction
    limit 1
) j on true
order by s.due_on, s.task

-- name: first_of
    (
        select
            s.task, s.status, s.effective_from, s.unit, s.person, s.due_on, s.percent, s.note,
            s.lapses, s.version, s."position"
        from task_step_known(%(known)s) s
        {its_line}
        where s.status = asked.status and s.annulled_by is null
            and {holds}
            and s.due_on <= %(due_until)s
            and (not %(lapsed)s::boolean or cardinality(s.lapses) > 0)
            and (%(unit)s::text is null or s.unit = %(unit)s)
            and (%(person)s::text is null or s.person = %(person)s)
            {narrowed}
            and (
                %(after_day)s::date is null
                or (s.due_on, s.task) > (%(after_day)s, %(after_id)s)
            )
        order by s.due_on, s.task
        limit %(limit)s
    )

-- name: goes_on
s.effective_until is null and s.effective_from <= %(effective)s

-- name: held
s.effective_until is not null
    and daterange(s.effective_from, s.effective_until) @> %(effective)s::date

-- What only the task itself says, and no step of it.
-- name: its_line
join task_line_known(%(known)s) t on t.task = s.task

-- name: narrowed
and (%(community)s::text is null or t.community = %(community)s)
and (
    %(district)s::text is null
    or %(district)s = coalesce(
        (
            select r.district from register_on(%(effective)s, %(known)s) r
            where r.community = t.community
        ),
        (
            select d.district from districts_on(%(effective)s, %(known)s) d
            where d.jurisdiction = t.jurisdiction
        )
    )
)
and (%(source)s::text is null or t.source = %(source)s)
and (%(source_stream)s::text is null or t.source_stream = %(source_stream)s)
and (%(source_part)s::text is null or t.source_part = %(source_part)s)
and (%(action)s::text is null or t.action = %(action)s)

-- name: one
select
    t.task, t.title, t.description, t.source, t.source_stream, t.source_part, t.action, t.jurisdiction,
    t.community, r.name as community_name, coalesce(r.district, j.district) as district,
    coalesce(r.district_name, j.district_name) as district_name, j.name as jurisdiction_name,
    t.assigned_on, t.status, t.since as effective_from, t.unit, unit_name_on(t.unit, %(effective)s, %(known)s) as unit_name,
    t.person, person_name_on(t.person, %(effective)s, %(known)s) as person_name, t.due_on, t.percent, t.note, t.lapses, t.version, t.position
from tasks_on(%(effective)s, %(known)s) t
left join register_on(%(effective)s, %(known)s) r on r.community = t.community
left join districts_on(%(effective)s, %(known)s) j on j.jurisdiction = t.jurisdiction
where t.task = %(task)s

-- name: steps
select
    version, effective_from, effective_until, status, unit, unit_name_on(unit, %(effective)s, %(known)s) as unit_name,
    person, person_name_on(person, %(effective)s, %(known)s) as person_name, due_on, percent, note,
    actor as by_person, person_name_on(actor, %(effective)s, %(known)s) as by_person_name, annulled_by as annulled_by_version, "position"
from task_step_known(%(known)s)
where task = %(task)s and effective_from <= %(effective)s
order by version
