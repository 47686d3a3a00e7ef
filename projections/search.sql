-- Of each kind the newest hits, then of each subject the newest. A document is one by its name; of a
-- session, a resolution or an item each is one; everything else is its subject's.
--
-- The texts are compared first. Of what is annulled there is little, and of what is corrected: both
-- are read as a whole.
-- name: found
with matching as materialized (
    select
        s.kind, s.stream, s.version, s.corrects, s.part, s.field, s.effective_on, s."position",
        case s.kind when 'document' then s.text else s.stream || '/' || s.part end as subject
    from search_text_known(%(known)s) s
    where (%(grams)s is null or s.grams @> %(grams)s::integer[])
        and (%(kind)s::text is null or s.kind = %(kind)s)
        and s.text like all (%(patterns)s::text[])
),
annulled as materialized (
    select m.stream, m.version
    from timeline_marks(%(known)s) m
    where m.how = 'annuls' and not exists (
        select from timeline_marks(%(known)s) a
        where a.stream = m.stream and a.version = m.by_version and a.how = 'annuls'
    )
),
corrected as materialized (
    select c.stream, c.corrects as version, c.field, max(c.version) as by_version
    from search_text_known(%(known)s) c
    where c.corrects is not null
        and (c.stream, c.version) not in (select stream, version from annulled)
    group by c.stream, c.corrects, c.field
),
hit as (
    select
        s.kind, s.stream, s.part, s.field, s."position", s.subject, o.effective_on,
        row_number() over (
            partition by s.kind order by o.effective_on desc, s."position" desc
        ) as nth
    from matching s
    left join corrected m on m.stream = s.stream and m.version = s.version and m.field = 'day'
    left join search_text_known(%(known)s) d
        on d.stream = m.stream and d.version = m.by_version and d.corrects is not null and d.field = 'day'
    cross join lateral (
        select coalesce(
            d.effective_on,
            s.effective_on,
            (
                select t.effective_on
                from timeline_entry_known(%(known)s) t
                where t.stream = s.stream and t.version = s.corrects and t.home is null
                    and not t.prepares
            )
        ) as effective_on
    ) o
    where (s.stream, s.version) not in (select stream, version from annulled)
        and (s.stream, s.version, s.field) not in (select stream, version, field from corrected)
        and o.effective_on <= %(effective)s
),
newest as (
    select distinct on (kind, subject)
        kind, stream, part, field, effective_on, "position", subject,
        max(nth) over (partition by kind) > %(most)s as more
    from hit
    where nth <= %(most)s + 1
    order by kind, subject, effective_on desc, "position" desc
),
counted as (
    select
        kind, stream, part, field, effective_on, "position", more,
        count(*) over (partition by kind) as of_kind
    from newest
),
line as (
    select
        kind, stream, part, field, effective_on, "position", more, of_kind,
        row_number() over (partition by kind order by effective_on desc, "position" desc) as nth
    from counted
    where %(after_day)s::date is null
        or (effective_on, "position") < (%(after_day)s, %(after_position)s)
)
select
    l.kind, l.stream, l.part, l.field, l.effective_on, l."position", l.more, l.of_kind,
    e.topic as event, e.state,
    exists (
        select from timeline_entry_known(%(known)s) t
        where t."position" = l."position" and t.home is null
    ) as told
from line l
join record.entries e on e.notification_id = l."position"
where l.nth <= %(of_each)s
order by l.kind, l.nth
