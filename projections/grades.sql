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
    join register_on(day, known) r on r.community = g.community and r.standing = 'active'
    where g.grade is not null
        and g.effective_from <= day and (g.effective_until is null or g.effective_until > day);
end

-- name: list
select
    g.community, g.round, g.effective_from, g.effective_until, g.grade, g.type, g.unit, g.rank,
    g.among, g.total, g.decided, g."position",
    r.name, coalesce(r.code, '') as code
from grades_on(%(effective)s, %(known)s) g
left join register_on(%(effective)s, %(known)s) r on r.community = g.community
where (%(grade)s::text is null or g.grade = %(grade)s)
    and (%(type)s::text is null or g.type = %(type)s)
    and (%(unit)s::text is null or g.unit = %(unit)s)
    and (
        %(after_code)s::text is null
        or (coalesce(r.code, '') collate "C", g.community collate "C")
            > (%(after_code)s, %(after_id)s)
    )
order by coalesce(r.code, '') collate "C", g.community collate "C"
limit %(limit)s

-- name: history
select
    community, round, effective_from, effective_until, grade, type, unit, rank, among, total,
    decided, "position"
from grade_period_known(%(known)s)
where community = %(community)s and effective_from <= %(effective)s
order by effective_from, round
