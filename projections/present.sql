-- What holds of a community and what goes on in it on a day, each with the documents of its entry. The
-- values of its attributes come from the domain's own timelines.
-- name: standing
select
    s.what, s.subject, s.part, s.title, s.value, s.person,
    person_name_on(s.person, %(effective)s, %(known)s) as person_name, s.unit,
    coalesce(
        unit_name_on(s.unit, %(effective)s, %(known)s),
        (
            select j.name from places_on(%(effective)s, %(known)s) j
            where s.what = 'grade' and j.jurisdiction = s.unit
        )
    ) as unit_name,
    s.since, s."position",
    convert_from(e.state, 'UTF8')::jsonb -> 'basis' as basis
from (
    select
        what, subject, null::text as part, null::text as title, value, null::text as person,
        null::text as unit, since, "position"
    from jsonb_to_recordset(%(values)s::jsonb) as v (
        what text, subject text, value jsonb, since date, "position" bigint
    )
    union all
    select
        'grade', 'review:' || round || '.' || community, round, null, to_jsonb(grade), null, unit,
        effective_from, "position"
    from grades_on(%(effective)s, %(known)s)
    where community = %(community)s
    union all
    select
        'measure', 'measure:' || measure, code, null, to_jsonb(type), null, null,
        coalesce(carried_on, adopted_on), "position"
    from measures_on(%(effective)s, %(known)s)
    where community = %(community)s and closed_on is null
    union all
    select
        'task', 'task:' || task, null, title, to_jsonb(status), person, unit, since, "position"
    from tasks_on(%(effective)s, %(known)s)
    where community = %(community)s and status not in ('closed', 'cancelled')
    union all
    select
        'council', 'council:' || council, null, title, to_jsonb(council_kind), null, null,
        founded_on, "position"
    from councils_on(%(effective)s, %(known)s)
    where community = %(community)s
    union all
    select
        'partnership', 'partnership:' || partnership, null, title, to_jsonb(status), null,
        unit, effective_from, "position"
    from partnerships_on(%(effective)s, %(known)s)
    where community = %(community)s and in_force
    union all
    select
        'check-in', 'checkin:' || checkin, null, unit_name, to_jsonb(participant), person,
        unit, checked_in_on, "position"
    from checkins_on(%(effective)s, %(known)s)
    where community = %(community)s and status = 'present'
    union all
    select
        'support', 'support:' || support, round, aim, to_jsonb(grade), null, null, begun_on,
        "position"
    from supports_on(%(effective)s, %(known)s)
    where community = %(community)s and outcome is null
    union all
    select
        'supporter', 'support:' || a.support, a.assignment, null, to_jsonb(a.kind), a.person,
        a.unit, a.effective_from, a."position"
    from supports_on(%(effective)s, %(known)s) l
    join supporters_on(%(effective)s, %(known)s) a on a.support = l.support
    where l.community = %(community)s and l.outcome is null
        and (a.effective_until is null or a.effective_until > %(effective)s)
    union all
    select
        'exemplar', 'exemplar:' || exemplar, null, title, to_jsonb(type), null, null,
        effective_from, "position"
    from exemplars_on(%(effective)s, %(known)s)
    where community = %(community)s and status = 'designated'
) s
-- Nothing stands or is owed beyond the end of a community: but its attributes, which say so, and what
-- somebody has yet to do.
join record.entries e on e.notification_id = s."position"
where s.subject = 'community:' || %(community)s or s.what = 'task'
    or exists (
        select from register_on(%(effective)s, %(known)s) r
        where r.community = %(community)s and r.status = 'active'
    )
order by s.what, s.since, s."position", s.part
