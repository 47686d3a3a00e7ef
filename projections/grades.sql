-- The grade that each community that stands has on a day, as known at a position.
-- name: views
create function grades_on(day date, known bigint) returns table (
    community text, round text, effective_from date, effective_until date, grade text,
    type text, unit text, rank bigint, among bigint, total numeric, decided boolean,
    "position" bigint
) language sql stable begin atomic
    select
        g.community, g.round, g.effective_from, g.effective_until, g.grade, g.type, g.unit, g.rank,
        g.among, g.total, g.decided, g."position"
    from grade_period_known(known) g
    join register_on(day, known) r on r.community = g.community and r.status = 'active'
    where g.grade is not null
        and g.effective_from <= day and (g.effective_until is null or g.effective_until > day);
end
