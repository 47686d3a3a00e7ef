-- Streams in the order of their bytes, whatever the database's own order is: `rosters` below looks
-- for a range of them.
-- name: tables
create table timeline_entry (
    stream text collate "C" not null,
    "position" bigint not null,
    version bigint not null,
    effective_on date not null,
    home text,
    primary key (stream, effective_on, "position")
);
create table timeline_mark (
    stream text not null,
    version bigint not null,
    by_version bigint not null,
    how text not null,
    primary key (stream, version, by_version)
);

-- What was recorded behind a position, each entry in the history of its own stream, with the entry
-- that it makes void, if it does, and the community or the place that it is about. The codes that are
-- claimed beside them are told in no history.
-- name: views
create function told_since(since bigint, known bigint) returns table (
    stream text, version bigint, event text, effective_on date, recorded_on date,
    community text, jurisdiction text, how text, of_version bigint, "position" bigint
) language sql stable begin atomic
    select
        t.stream, t.version, e.topic, t.effective_on,
        (e.recorded_at at time zone 'Asia/Shanghai')::date,
        coalesce(
            substring(t.stream from '^community:(.*)$'),
            convert_from(e.state, 'UTF8')::jsonb -> 'body' ->> 'community'
        ),
        substring(t.stream from '^jurisdiction:(.*)$'),
        m.how, m.version, t."position"
    from record.entries e
    join timeline_entry_known(known) t
        on t.stream = e.originator_id collate "C" and t."position" = e.notification_id
    left join timeline_mark_known(known) m
        on m.stream = t.stream and m.by_version = t.version
    where e.notification_id > since and t.home is null;
end

-- A mark counts no longer once the entry that made it was annulled: what that had corrected, or
-- repealed, holds again.
--
-- A step that only prepares what follows it in its stream has no day of its own: it stands on the day
-- on which it was recorded, yet no later than what follows.
-- name: history
with line as (
    select
        t.position, coalesce(t.home, t.stream) as home, t.version, e.topic, e.state,
        least(t.effective_on, followed.effective_on) as effective_on
    from timeline_entry_known(%(known)s) t
    join record.entries e on e.notification_id = t.position
    left join lateral (
        select n.effective_on
        from timeline_entry_known(%(known)s) n
        join record.entries a on a.notification_id = n.position
        where n.stream = coalesce(t.home, t.stream) and n.home is null
            and n.version > t.version and a.topic <> all(%(preparing)s)
        order by n.version
        limit 1
    ) followed on e.topic = any(%(preparing)s)
    where t.stream = %(stream)s
)
select
    t.position, t.effective_on, t.topic as event, t.state,
    m.hows, m.by_versions
from line t
left join lateral (
    select array_agg(k.how order by k.by_version) as hows,
        array_agg(k.by_version order by k.by_version) as by_versions
    from timeline_mark_known(%(known)s) k
    where k.stream = t.home and k.version = t.version
        and not exists (
            select from timeline_mark_known(%(known)s) a
            where a.stream = k.stream and a.version = k.by_version and a.how = 'annuls'
        )
) m on true
where (%(until)s::date is null or t.effective_on <= %(until)s)
    and (
        %(after_day)s::date is null
        or (t.effective_on, t.position) > (%(after_day)s, %(after_position)s)
    )
order by t.effective_on, t.position
limit %(limit)s

-- name: stated
select e.topic as event, e.state, e.notification_id as "position"
from unnest(%(streams)s::text[], %(versions)s::bigint[]) as a (stream, version)
join record.entries e on e.originator_id = a.stream and e.originator_version = a.version

-- name: at
select e.topic as event, e.state, e.notification_id as "position"
from record.entries e
where e.notification_id = any(%(positions)s::bigint[])

-- name: rosters
select e.topic as event, e.state
from timeline_entry_known(%(known)s) t
join record.entries e on e.notification_id = t.position
where t.stream >= 'batch:' and t.stream < 'batch;' and e.topic = 'BatchReceived'
order by t.effective_on, t.position

-- name: version
select max(version) as version
from timeline_entry_known(%(known)s)
where stream = %(stream)s and home is null
