-- Reviews that had begun by a day, with the stages that were done on it, and the objections filed by
-- it: unsettled ones are neither dismissed, settled nor withdrawn by then. Those of an
-- annulled round wait for nothing.
-- name: views
create function reviews_on(day date, known bigint) returns table (
    review text, round text, community text, type text, unit text, subdistrict text,
    withdrawn boolean, stages_done bigint, "position" bigint
) language sql stable begin atomic
    select
        l.review, l.round, l.community, l.type, l.unit, l.subdistrict, s.withdrawn, s.stages_done,
        l."position"
    from review_line_known(known) l
    join review_step_known(known) s on s.review = l.review
    where s.effective_from <= day and (s.effective_until is null or s.effective_until > day);
end;
create function objections_on(day date, known bigint) returns table (
    review text, objection text, round text, community text, filed_on date, grounds text,
    unsettled boolean, "position" bigint
) language sql stable begin atomic
    select
        o.review, o.objection, l.round, l.community, o.filed_on, o.grounds,
        n.status <> 'annulled' and (o.ended_on is null or o.ended_on > day),
        o."position"
    from review_objection_known(known) o
    join review_line_known(known) l on l.review = o.review
    join rounds_on(day, known) n on n.round = l.round
    where o.filed_on <= day;
end

-- name: lines
select
    review, round, community, type, unit, subdistrict, withdrawn_on, returned_to, grade, rank,
    among, total, decided, graded_on, "position"
from review_line_known(%(known)s)
where round = %(round)s
order by review collate "C"

-- name: scores
select
    s.review, s.stage, s.done_on, s.by_person, s.points, s.points_max, s.detail, s.version,
    s."position"
from review_score_known(%(known)s) s
join review_line_known(%(known)s) l on l.review = s.review
where l.round = %(round)s and (%(ids)s::text[] is null or s.review = any(%(ids)s))
order by s.review, s.stage

-- name: vetoes
select v.review, v.veto, v.imposed_on, v.reason, v.version, v."position"
from review_veto_known(%(known)s) v
join review_line_known(%(known)s) l on l.review = v.review
where l.round = %(round)s
order by v.review, v.veto
