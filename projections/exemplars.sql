-- Exemplars with the status that each had on a day.
-- name: views
create function exemplars_on(day date, known bigint) returns table (
    exemplar text, effective_from date, effective_until date, status text, community text,
    type text, title text, merits text, nominated_on date, nominated_by text, "position" bigint
) language sql stable begin atomic
    select
        exemplar, effective_from, effective_until, status, community, type, title, merits,
        nominated_on, nominated_by, "position"
    from exemplar_line_known(known)
    where effective_from <= day and (effective_until is null or effective_until > day);
end

-- name: list
select
    e.exemplar, e.effective_from, e.effective_until, e.status, e.community, e.type, e.title,
    e.merits::json as merits, e.nominated_on, e.nominated_by,
    person_name_on(e.nominated_by, %(effective)s, %(known)s) as nominated_by_name, e.position, c.name as community_name,
    case when c.status <> 'active' then c.effective_from end as community_ended_on,
    (
        select count(*) from exemplar_sharing_known(%(known)s) s
        where s.exemplar = e.exemplar and s.shared_on <= %(effective)s
    ) as sharings
from exemplars_on(%(effective)s, %(known)s) e
left join register_on(%(effective)s, %(known)s) c on c.community = e.community
where (%(exemplar)s::text is null or e.exemplar = %(exemplar)s)
    and (%(community)s::text is null or e.community = %(community)s)
    and (%(type)s::text is null or e.type = %(type)s)
    and (%(status)s::text is null or e.status = %(status)s)
    and (%(status)s::text is distinct from 'designated' or coalesce(c.status = 'active', true))
    and (
        %(after_first)s::date is null
        or (e.nominated_on, e.exemplar) > (%(after_first)s::date, %(after_id)s)
    )
order by e.nominated_on, e.exemplar
limit %(limit)s

-- Of the communities that it reached, those in scope.
-- name: sharings
select
    s.exemplar, s.item, s.shared_on, s.topic, s.content, s.audience,
    array(
        select in_scope(r.community)
        from unnest(s.reached) with ordinality as r (community, ordinal)
        where in_scope(r.community) is not null
        order by r.ordinal
    ) as reached,
    s."position"
from exemplar_sharing_known(%(known)s) s
where s.exemplar = %(exemplar)s and s.shared_on <= %(effective)s
order by s.shared_on, s."position"
