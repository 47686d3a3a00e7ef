-- Rounds as they stood on a day, once they were planned (an annulled one is void on every day), and the stages of each in
-- their order, from 0 on.
-- name: views
create function rounds_on(day date, known bigint) returns table (
    round text, title text, status text, begins_on date, cutoff_on date, opened_on date,
    graded_on date, published_on date, publicity_until date, objections_until date, closed_on date,
    annulled_on date, "position" bigint
) language sql stable begin atomic
    select
        l.round, l.title, l.status, l.begins_on, l.cutoff_on,
        case when l.opened_on <= day then l.opened_on end,
        case when l.graded_on <= day then l.graded_on end,
        case when l.published_on <= day then l.published_on end,
        case when l.published_on <= day then l.publicity_until end,
        case when l.published_on <= day then l.objections_until end,
        case when l.closed_on <= day then l.closed_on end,
        l.annulled_on, s."position"
    from (
        select
            round, title, begins_on, cutoff_on, opened_on, graded_on, published_on,
            publicity_until, objections_until, closed_on, annulled_on,
            case
                when annulled_on is not null then 'annulled'
                when closed_on <= day then 'closed'
                when published_on <= day then 'published'
                when graded_on <= day then 'graded'
                when opened_on <= day then 'open'
                else 'planned'
            end as status
        from round_line_known(known)
        where planned_on <= day
    ) l
    join round_step_known(known) s on s.round = l.round and s.phase = l.status;
end;
create function round_stages(known bigint) returns table (
    round text, ordinal bigint, stage text
) language sql stable begin atomic
    select r.round, s.number - 1, s.rule ->> 'stage'
    from round_rules_known(known) r
    cross join lateral jsonb_array_elements(r.rules::jsonb -> 'stages')
        with ordinality as s (rule, number);
end

-- name: list
select
    r.round, r.title, r.status, r.begins_on, r.cutoff_on,
    (
        select count(*) from reviews_on(%(effective)s, %(known)s) v
        where v.round = r.round and not v.withdrawn
    ) as communities,
    r.opened_on, r.graded_on, r.published_on, r.publicity_until, r.objections_until, r.closed_on,
    r.annulled_on, r."position"
from rounds_on(%(effective)s, %(known)s) r
where (%(round)s::text is null or r.round = %(round)s)
    and (%(status)s::text is null or r.status = %(status)s)
    and (
        %(after_day)s::text is null
        or (r.begins_on, r.round collate "C") > (%(after_day)s::date, %(after_round)s)
    )
order by r.begins_on, r.round collate "C"
limit %(limit)s

-- name: windows
select
    w.stage, w.opened_on, case when w.is_closed then w.closed_on end as closed_on,
    case when w.is_closed then w.closed_position else w.opened_position end as "position"
from (
    select distinct on (stage)
        stage, opened_on, closed_on, opened_position, closed_position,
        coalesce(closed_on <= %(effective)s, false) as is_closed
    from round_window_known(%(known)s)
    where round = %(round)s and opened_on <= %(effective)s
    order by stage, opened_on desc
) w
order by w.opened_on, w.stage

-- name: rules
select policy, rules
from round_rules_known(%(known)s)
where round = %(round)s

-- name: rubrics
select rubric
from round_rubric_known(%(known)s)
where round = %(round)s
order by ordinal

-- name: names
select round, title
from round_line_known(%(known)s)
where round = any(%(ids)s::text[])
