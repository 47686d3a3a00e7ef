-- What the dashboard counts. One section for each figure, a line for each thing that it counts: in
-- the order of `ordered` and `id`, in the place that `community` or `jurisdiction` names. The first
-- sections wrap them: `count` and `page` are the two faces of the same lines.
-- name: count
select p.figure, p.value, count(*) as lines
from (
{placed}
) p
group by p.figure, p.value

-- name: page
select
    q.ordered, q.id, q.subject, q.part, q.title, q.community, q.community_name, q.subdistrict,
    s.name as subdistrict_name, q.district, d.name as district_name, q.value, q.day, q."position"
from (
    select
        p.ordered, p.id, p.subject, p.part, p.title, p.community, p.community_name, p.subdistrict,
        p.district, p.value, p.day, p."position"
    from (
{placed}
    ) p
    where %(after_ordered)s::text is null
        or (p.ordered collate "C", p.id collate "C") > (%(after_ordered)s, %(after_id)s)
    order by p.ordered collate "C", p.id collate "C"
    limit %(limit)s
) q
left join places_on(%(effective)s, %(known)s) s on s.jurisdiction = q.subdistrict
left join places_on(%(effective)s, %(known)s) d on d.jurisdiction = q.district
order by q.ordered collate "C", q.id collate "C"

-- What belongs to no community lies in its own jurisdiction: the city's own lies in no district.
-- Nothing stands or is owed beyond the end of its community, but by figures that outlive it.
-- name: placed
select
    l.figure, l.ordered, l.id, l.subject, l.part, l.title, l.community,
    r.name as community_name, coalesce(r.subdistrict, j.subdistrict) as subdistrict,
    coalesce(r.district, j.district) as district, l.value, l.day, l."position"
from (
{lines}
) l
left join register_on(%(effective)s, %(known)s) r on r.community = l.community
left join districts_on(%(effective)s, %(known)s) j on j.jurisdiction = l.jurisdiction
where (%(community)s::text is null or l.community = %(community)s)
    and (coalesce(r.status, 'active') = 'active' or l.figure = any(%(outliving)s::text[]))
    and (%(value)s::text is null or l.value = %(value)s)
    and (not %(without_value)s::boolean or l.value is null)
    and (
        %(jurisdiction)s::text is null
        or %(jurisdiction)s = coalesce(r.subdistrict, j.subdistrict)
        or %(jurisdiction)s = coalesce(r.district, j.district)
        or exists (
            select from places_on(%(effective)s, %(known)s) c
            where c.jurisdiction = %(jurisdiction)s and c.parent is null
        )
    )

-- name: named
select
    {figure} as figure, ordered, id, subject, part, title, community, jurisdiction, value, day,
    "position"
from (
{lines}
) f

-- What was derived, as lines of any of the figures that are.
-- name: derived
select
    figure, ordered, id, subject, part, title, community, jurisdiction, value, day, "position"
from jsonb_to_recordset(%(derived)s::jsonb) as d (
    figure text, ordered text, id text, subject text, part text, title text, community text,
    jurisdiction text, value text, day date, "position" bigint
)

-- name: recent
select record.position_at(%(since)s) as since, record.position_at(%(until)s) as until

-- name: communities
select
    coalesce(code, '') as ordered, community as id, 'community:' || community as subject,
    null::text as part, name as title, community, null::text as jurisdiction, type as value,
    effective_from as day, null::bigint as "position"
from register_on(%(effective)s, %(known)s)
where status = 'active'

-- name: unclassified
select
    coalesce(code, '') as ordered, community as id, 'community:' || community as subject,
    null::text as part, name as title, community, null::text as jurisdiction, null::text as value,
    effective_from as day, null::bigint as "position"
from register_on(%(effective)s, %(known)s)
where status = 'active' and urban and type is null

-- What still stands under a place that does not. Nothing forbids it: a reform dissolves first, and
-- says later where each community goes.
-- name: under_dissolved
select
    coalesce(r.code, '') as ordered, 'community:' || r.community as id,
    'community:' || r.community as subject, p.jurisdiction as part, r.name as title, r.community,
    null::text as jurisdiction, 'community' as value, null::date as day, null::bigint as "position"
from register_on(%(effective)s, %(known)s) r
join places_on(%(effective)s, %(known)s) p on p.jurisdiction = r.subdistrict
where r.status = 'active' and p.status <> 'active'
union all
select
    coalesce(j.code, ''), 'jurisdiction:' || j.jurisdiction, 'jurisdiction:' || j.jurisdiction,
    p.jurisdiction, j.name, null, j.jurisdiction, 'jurisdiction', null, null
from places_on(%(effective)s, %(known)s) j
join places_on(%(effective)s, %(known)s) p on p.jurisdiction = j.parent
where j.status = 'active' and p.status <> 'active'

-- name: proposals_waiting
select
    lpad(proposed_position::text, 19, '0') as ordered, community || '/' || proposal as id,
    'community:' || community as subject, proposal as part, reason as title, community,
    null::text as jurisdiction, status as value, effective_from as day, "position"
from proposals_waiting(%(effective)s, %(known)s)

-- name: reviews_waiting
select
    r.round as ordered, v.review as id, 'review:' || v.review as subject, null::text as part,
    r.title, v.community, null::text as jurisdiction, s.stage as value, r.opened_on as day,
    v."position"
from reviews_on(%(effective)s, %(known)s) v
join rounds_on(%(effective)s, %(known)s) r on r.round = v.round and r.status = 'open'
join round_stages(%(known)s) s on s.round = v.round and s.ordinal = v.stages_done
where not v.withdrawn

-- name: objections_waiting
select
    o.filed_on::text as ordered, o.review || '/' || o.objection as id,
    'review:' || o.review as subject, o.objection as part, o.grounds as title, o.community,
    null::text as jurisdiction, null::text as value, o.filed_on as day, o."position"
from objections_on(%(effective)s, %(known)s) o
join rounds_on(%(effective)s, %(known)s) r on r.round = o.round
where o.unsettled and r.status <> 'annulled'

-- name: graded
select
    effective_from::text as ordered, community as id,
    'review:' || round || '.' || community as subject, null::text as part,
    null::text as title, community, null::text as jurisdiction,
    grade as value, effective_from as day, "position"
from grades_on(%(effective)s, %(known)s)

-- name: supports_lacking
select
    g.effective_from::text as ordered, g.community as id, 'community:' || g.community as subject,
    null::text as part, null::text as title, g.community, null::text as jurisdiction,
    null::text as value, g.effective_from as day, g."position"
from grades_on(%(effective)s, %(known)s) g
where g.grade = any(%(supported)s::text[])
    and not exists (
        select from supports_on(%(effective)s, %(known)s) s
        where s.community = g.community and s.outcome is null
    )

-- name: supports
select
    begun_on::text as ordered, support as id, 'support:' || support as subject,
    null::text as part, aim as title, community, null::text as jurisdiction, null::text as value,
    begun_on as day, "position"
from supports_on(%(effective)s, %(known)s)
where outcome is null

-- name: support_milestones_overdue
select
    g.due_on::text as ordered, g.support || '/' || g.milestone as id,
    'support:' || g.support as subject, g.milestone as part, g.title, s.community,
    null::text as jurisdiction, null::text as value, g.due_on as day, g."position"
from support_goals_on(%(effective)s, %(known)s) g
join supports_on(%(effective)s, %(known)s) s on s.support = g.support and s.outcome is null
where g.due_on < %(effective)s and g.reached_on is null

-- name: councils
select
    founded_on::text as ordered, council as id, 'council:' || council as subject,
    null::text as part, title, community, null::text as jurisdiction, council_kind as value,
    founded_on as day, "position"
from councils_on(%(effective)s, %(known)s)

-- name: sessions_held
select
    held_on::text as ordered, council || '/' || session as id, 'council:' || council as subject,
    session as part, council_title as title, community, null::text as jurisdiction,
    council_kind as value, held_on as day, "position"
from sessions_on(%(effective)s, %(known)s)
where held_on >= %(quarter_from)s

-- name: minutes_lacking
select
    held_on::text as ordered, council || '/' || session as id, 'council:' || council as subject,
    session as part, council_title as title, community, null::text as jurisdiction,
    null::text as value, held_on as day, "position"
from sessions_on(%(effective)s, %(known)s)
where held_on is not null and not minuted

-- name: programmes
select
    year::text as ordered, programme as id, 'programme:' || programme as subject,
    null::text as part, title, null::text as community, jurisdiction, null::text as value,
    adopted_on as day, "position"
from programmes_on(%(effective)s, %(known)s)
where status = 'adopted'

-- An item is done once it has tasks and all of them are closed out. A dropped one is none any more.
-- name: programme_items
select
    i.due_on::text as ordered, i.programme || '/' || i.item as id,
    'programme:' || i.programme as subject, i.item as part, i.title, null::text as community,
    p.jurisdiction,
    case
        when i.tasks_closed > 0 and i.tasks_open = 0 then 'done'
        else 'open'
    end as value,
    i.due_on as day, i."position"
from programme_items_on(%(effective)s, %(known)s) i
join programmes_on(%(effective)s, %(known)s) p
    on p.programme = i.programme and p.status = 'adopted'
where i.dropped_on is null

-- name: tasks_open
select
    due_on::text as ordered, task as id, 'task:' || task as subject, null::text as part, title,
    community, jurisdiction, status as value, due_on as day, "position"
from tasks_with(%(statuses)s, %(effective)s, %(known)s)

-- name: measures_open
select
    adopted_on::text as ordered, measure as id, 'measure:' || measure as subject, code as part,
    null::text as title, community, null::text as jurisdiction, type as value, adopted_on as day,
    "position"
from measures_on(%(effective)s, %(known)s)
where closed_on is null

-- name: measures_unsettled
select
    m.adopted_on::text as ordered, m.measure as id, 'measure:' || m.measure as subject,
    m.code as part, null::text as title, m.community, null::text as jurisdiction,
    null::text as value, m.adopted_on as day, m."position"
from measures_on(%(effective)s, %(known)s) m
join register_on(%(effective)s, %(known)s) r on r.community = m.community
where m.closed_on is null and m.type is distinct from r.type

-- name: partnerships
select
    unit_name as ordered, partnership as id, 'partnership:' || partnership as subject,
    null::text as part, title, community, subdistrict as jurisdiction, null::text as value,
    in_force_until as day, "position"
from partnerships_on(%(effective)s, %(known)s)
where in_force

-- name: partnerships_ending
select
    in_force_until::text as ordered, partnership as id, 'partnership:' || partnership as subject,
    null::text as part, title, community, subdistrict as jurisdiction, null::text as value,
    in_force_until as day, "position"
from partnerships_on(%(effective)s, %(known)s)
where in_force and in_force_until <= %(ending_until)s

-- A need is claimed once somebody has taken on a project that answers it.
-- name: needs_unclaimed
select
    n.begun_on::text as ordered, n.partnership || '/' || n.item as id,
    'partnership:' || n.partnership as subject, n.item as part, n.text as title, p.community,
    p.subdistrict as jurisdiction, n.by_side as value, n.begun_on as day, n."position"
from partnership_items_on(%(effective)s, %(known)s) n
join partnerships_on(%(effective)s, %(known)s) p on p.partnership = n.partnership
where n.kind = 'need' and n.status = 'open' and p.in_force
    and not exists (
        select from partnership_items_on(%(effective)s, %(known)s) a
        where a.partnership = n.partnership and a.kind = 'project' and a.need = n.item
            and a.status in ('claimed', 'delivered', 'evaluated')
    )

-- name: projects_overdue
select
    i.due_on::text as ordered, i.partnership || '/' || i.item as id,
    'partnership:' || i.partnership as subject, i.item as part, i.text as title, p.community,
    p.subdistrict as jurisdiction, null::text as value, i.due_on as day, i."position"
from partnership_items_on(%(effective)s, %(known)s) i
join partnerships_on(%(effective)s, %(known)s) p on p.partnership = i.partnership
where i.kind = 'project' and i.overdue

-- name: check_ins
select
    unit_name as ordered, checkin as id, 'checkin:' || checkin as subject, null::text as part,
    unit_name as title, community, null::text as jurisdiction, participant as value,
    checked_in_on as day, "position"
from checkins_on(%(effective)s, %(known)s)
where status = 'present'

-- name: opinions_waiting
select
    due_on::text as ordered, checkin || '/' || item as id, 'checkin:' || checkin as subject,
    item as part, text as title, community, null::text as jurisdiction, null::text as value,
    due_on as day, "position"
from checkin_items_on(%(effective)s, %(known)s)
where kind = 'opinion' and status = 'asked'

-- name: exemplars
select
    nominated_on::text as ordered, exemplar as id, 'exemplar:' || exemplar as subject,
    null::text as part, title, community, null::text as jurisdiction, type as value,
    effective_from as day, "position"
from exemplars_on(%(effective)s, %(known)s)
where status = 'designated'

-- name: households_honoured
select
    awarded_on::text as ordered, honour as id, 'honour:' || honour as subject,
    null::text as part, household as title, community, null::text as jurisdiction,
    title as value, awarded_on as day, "position"
from titles_on(%(effective)s, %(known)s)
where in_force

-- name: board_entries
select
    posted_on::text as ordered, honour as id, 'honour:' || honour as subject,
    null::text as part, conduct as title, community, null::text as jurisdiction, board as value,
    posted_until as day, "position"
from postings_on(%(effective)s, %(known)s)
where in_force

-- What was recorded late is told by the positions between which the window of days lies. Few entries
-- of that window count: where they belong is looked up for these alone.
-- name: recorded_late
with told as materialized (
    select stream, event, effective_on, recorded_on, community, jurisdiction, "position"
    from told_between(%(since)s, %(until)s, %(known)s)
    where effective_on < recorded_on - %(late_days)s::integer
)
select
    recorded_on::text as ordered, lpad("position"::text, 19, '0') as id, stream as subject,
    null::text as part, event as title, community, jurisdiction, null::text as value,
    effective_on as day, "position"
from told

-- name: corrections
with told as materialized (
    select
        stream, event, effective_on, recorded_on, community, jurisdiction, how, of_version,
        "position"
    from told_between(%(since)s, %(until)s, %(known)s)
    where how is not null
)
select
    recorded_on::text as ordered, lpad("position"::text, 19, '0') as id, stream as subject,
    of_version::text as part, event as title, community, jurisdiction, how as value,
    effective_on as day, "position"
from told

-- name: irregular_facts
select
    effective_on::text as ordered, lpad("position"::text, 19, '0') as id, stream as subject,
    null::text as part, null::text as title, community, jurisdiction, null::text as value,
    effective_on as day, "position"
from irregular_facts(%(effective)s, %(known)s)
where "position" > %(since)s and "position" <= %(until)s
