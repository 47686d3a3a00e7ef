-- Rounds, their rules, and the windows of their stages.
-- name: tables
create table round_line (
    round text not null,
    title text not null,
    phase text not null,
    begins_on date not null,
    cutoff_on date not null,
    communities bigint not null,
    opened_on date,
    graded_on date,
    published_on date,
    publicity_until date,
    objections_until date,
    closed_on date,
    annulled_on date,
    "position" bigint not null,
    primary key (round)
);
create table round_rules (
    round text not null,
    policy text,
    rules text not null,
    primary key (round)
);
create table round_rubric (
    round text not null,
    ordinal bigint not null,
    rubric text not null,
    primary key (round, ordinal)
);
create table round_window (
    round text not null,
    stage text not null,
    opened_on date not null,
    closed_on date,
    "position" bigint not null,
    primary key (round, stage)
);

-- name: list
select
    round, title, phase, begins_on, cutoff_on, communities, opened_on, graded_on, published_on,
    publicity_until, objections_until, closed_on, annulled_on, "position"
from round_line_known(%(known)s)
where (%(phase)s::text is null or phase = %(phase)s)
    and (
        %(after_day)s::text is null
        or (begins_on, round collate "C") > (%(after_day)s::date, %(after_round)s)
    )
order by begins_on, round collate "C"
limit %(limit)s

-- name: one
select
    round, title, phase, begins_on, cutoff_on, communities, opened_on, graded_on, published_on,
    publicity_until, objections_until, closed_on, annulled_on, "position"
from round_line_known(%(known)s)
where round = %(round)s

-- name: windows
select round, stage, opened_on, closed_on, "position"
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
