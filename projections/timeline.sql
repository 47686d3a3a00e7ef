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

-- A mark counts no longer once the entry that made it was annulled: what that had corrected, or
-- repealed, holds again.
-- name: history
select
    t.position, t.effective_on, e.topic as event, e.state,
    m.hows, m.by_versions
from timeline_entry_known(%(known)s) t
join record.entries e on e.notification_id = t.position
left join lateral (
    select array_agg(k.how order by k.by_version) as hows,
        array_agg(k.by_version order by k.by_version) as by_versions
    from timeline_mark_known(%(known)s) k
    where k.stream = coalesce(t.home, t.stream) and k.version = t.version
        and not exists (
            select from timeline_mark_known(%(known)s) a
            where a.stream = k.stream and a.version = k.by_version and a.how = 'annuls'
        )
) m on true
where t.stream = %(stream)s
    and (%(until)s::date is null or t.effective_on <= %(until)s)
    and (
        %(after_day)s::date is null
        or (t.effective_on, t.position) > (%(after_day)s, %(after_position)s)
    )
order by t.effective_on, t.position
limit %(limit)s

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
