-- Rounds with the status that each had by a day (an annulled one is void on every day), and the stages of each in their order, from 0 on.
-- name: views
create function rounds_on(day date, known bigint) returns table (
    round text, title text, status text, opened_on date, published_on date, annulled_on date,
    "position" bigint
) language sql stable begin atomic
    select
        round, title,
        case
            when annulled_on is not null then 'annulled'
            when closed_on <= day then 'closed'
            when published_on <= day then 'published'
            when graded_on <= day then 'graded'
            when opened_on <= day then 'open'
            else 'planned'
        end,
        opened_on, published_on, annulled_on, "position"
    from round_line_known(known);
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
    round, title, phase as status, begins_on, cutoff_on,
    (
        select count(*) from reviews_on('infinity', %(known)s) v
        where v.round = round_line_known.round and not v.withdrawn
    ) as communities,
    opened_on, graded_on,
    published_on, publicity_until, objections_until, closed_on, annulled_on, "position"
from round_line_known(%(known)s)
where (%(status)s::text is null or phase = %(status)s)
    and (
        %(after_day)s::text is null
        or (begins_on, round collate "C") > (%(after_day)s::date, %(after_round)s)
    )
order by begins_on, round collate "C"
limit %(limit)s

-- name: one
select
    round, title, phase as status, begins_on, cutoff_on,
    (
        select count(*) from reviews_on('infinity', %(known)s) v
        where v.round = round_line_known.round and not v.withdrawn
    ) as communities,
    opened_on, graded_on,
    published_on, publicity_until, objections_until, closed_on, annulled_on, "position"
from round_line_known(%(known)s)
where round = %(round)s

-- name: windows
select stage, opened_on, closed_on, "position"
from round_window_known(%(known)s)
where round = %(round)s
order by opened_on, stage

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
