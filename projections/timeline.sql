-- Which entries were made void, and by which.
--
-- What was recorded after a position and up to another, each entry in the history of its own stream,
-- with the entry that it makes void, if it does, and the community or the place that it is about. The
-- codes that are claimed beside them are told in no history.
-- What broke a procedure, unless it was annulled since.
-- The position and the version are named of both an entry and its line: each is looked up by either.
--
-- Whether an entry was recorded by a person, for a unit, with an import, because of another entry:
-- what is null is not asked.
--
-- A community that a row names beside the one that it is about: null if it is out of scope.
-- name: views
create function in_scope(community text) returns text language sql stable begin atomic
    select place from subject_place_known(null)
    where stream = ('community:' || community) collate "C";
end;
create function entry_fits(
    state bytea, person text, unit text, batch text, caused_by bigint
) returns boolean language sql immutable begin atomic
    select (person is null or j.entry #>> '{actor,person}' = person)
        and (unit is null or j.entry #>> '{actor,unit}' = unit)
        and (batch is null or j.entry ->> 'batch' = batch)
        and (caused_by is null or j.entry -> 'caused_by' = to_jsonb(caused_by))
    from (select convert_from(state, 'UTF8')::jsonb as entry) j;
end;
create function timeline_marks(known bigint) returns table (
    stream text, version bigint, by_version bigint, how text
) language sql stable begin atomic
    select stream, version, by_version, how from timeline_mark_known(known)
    union all
    select a.stream, a.version, n.version, 'annuls'
    from timeline_resolution_known(known) a
    join timeline_resolution_known(known) n
        on n.stream = a.stream and n.resolution = a.resolution and n.annuls
    where not a.annuls;
end;
create function irregular_facts(effective date, known bigint) returns table (
    stream text, version bigint, effective_on date, codes text[], person text, community text,
    jurisdiction text, "position" bigint
) language sql stable begin atomic
    select
        i.stream, i.version, i.effective_on, i.codes, i.person, i.community, i.jurisdiction,
        i."position"
    from timeline_irregular_known(known) i
    where i.effective_on <= effective and not exists (
        select from timeline_marks(known) m
        where m.stream = i.stream and m.version = i.version and m.how = 'annuls'
    );
end;
create function told_between(since bigint, until bigint, known bigint) returns table (
    stream text, version bigint, event text, effective_on date, recorded_on date,
    community text, jurisdiction text, how text, of_version bigint, "position" bigint
) language sql stable begin atomic
    select
        t.stream, t.version, e.topic, t.effective_on,
        (e.recorded_at at time zone 'Asia/Shanghai')::date,
        coalesce(
            substring(t.stream from '^community:(.*)$'),
            (
                select substring(told.stream from '^community:(.*)$')
                from timeline_entry_known(known) told
                where told."position" = t."position" and told.home is not null
            )
        ),
        substring(t.stream from '^jurisdiction:(.*)$'),
        m.how, m.version,
        t."position"
    from timeline_entry_known(known) t
    join record.entries e on e.notification_id = t."position"
    left join lateral (
        select k.how, k.version from timeline_marks(known) k
        where k.stream = e.originator_id and k.by_version = e.originator_version
        limit 1
    ) m on true
    where t."position" > since and t."position" <= until
        and e.notification_id > since and e.notification_id <= until
        and t.home is null;
end

-- A mark counts no longer once the entry that made it was annulled: what that had corrected, or
-- repealed, holds again. A repeal says nothing of the days before it.
--
-- Row-level security takes `coalesce` for a way to look at rows out of scope, and would not use an index
-- for it; `case` it knows.
--
-- A step that only prepares what follows it in its stream has no day of its own: it stands on the day
-- on which it was recorded, yet no later than what follows. So its day is known only when it is asked
-- for: such steps, of which a stream has few, are put among the others, which are read in their order.
-- name: history
with line as (
    select t.stream, t.home, t."position", t.version, t.effective_on
    from timeline_entry_known(%(known)s) t
    where t.stream = %(stream)s and not t.prepares
        and (%(until)s::date is null or t.effective_on <= %(until)s)
        and (
            %(after_day)s::date is null
            or (t.effective_on, t."position") > (%(after_day)s, %(after_position)s)
        )
    order by t.effective_on, t."position"
    limit %(limit)s
),
preparing as (
    select
        t.stream, t.home, t."position", t.version,
        least(t.effective_on, followed.effective_on) as effective_on
    from timeline_entry_known(%(known)s) t
    left join lateral (
        select n.effective_on
        from timeline_entry_known(%(known)s) n
        where n.stream = case when t.home is null then t.stream else t.home end and n.home is null and not n.prepares
            and n.version > t.version
        order by n.version
        limit 1
    ) followed on true
    where t.stream = %(stream)s and t.prepares
        and (%(after_day)s::date is null or t.effective_on >= %(after_day)s)
),
page as (
    select stream, home, "position", version, effective_on from line
    union all
    select stream, home, "position", version, effective_on
    from preparing
    where (%(until)s::date is null or effective_on <= %(until)s)
        and (
            %(after_day)s::date is null
            or (effective_on, "position") > (%(after_day)s, %(after_position)s)
        )
    order by effective_on, "position"
    limit %(limit)s
)
select t."position", t.effective_on, e.topic as event, e.state, m.hows, m.by_versions
from page t
join record.entries e on e.notification_id = t."position"
left join lateral (
    select array_agg(k.how order by k.by_version) as hows,
        array_agg(k.by_version order by k.by_version) as by_versions
    from timeline_marks(%(known)s) k
    where k.stream = (case when t.home is null then t.stream else t.home end) collate "default" and k.version = t.version
        and not exists (
            select from timeline_mark_known(%(known)s) a
            where a.stream = k.stream and a.version = k.by_version and a.how = 'annuls'
        )
        and not exists (
            select from timeline_entry_known(%(known)s) r
            where r.stream = k.stream and r.home is null and r.version = k.by_version
                and k.how = 'repeals' and r.effective_on > %(until)s
        )
) m on true
order by t.effective_on, t."position"

-- Whatever is in the timelines of these streams, in the order of recording.
-- name: told
select t."position", e.topic as event, e.state
from timeline_entry_known(%(known)s) t
join record.entries e on e.notification_id = t."position"
where t.stream = any(%(streams)s::text[])
order by t."position"

-- The entries that these make void, and those that they make void in their turn.
-- name: made_void
with recursive named as (
    select m.stream, m.version
    from unnest(%(streams)s::text[], %(versions)s::bigint[]) as a (stream, version)
    join timeline_mark_known(%(known)s) m on m.stream = a.stream and m.by_version = a.version
    union
    select m.stream, m.version
    from named n
    join timeline_mark_known(%(known)s) m on m.stream = n.stream and m.by_version = n.version
)
select e.topic as event, e.state, e.notification_id as "position"
from named n
join timeline_entry_known(%(known)s) t
    on t.stream = n.stream and t.version = n.version and t.home is null
join record.entries e on e.notification_id = t."position"

-- name: at
select e.topic as event, e.state, e.notification_id as "position"
from timeline_entry_known(%(known)s) t
join record.entries e on e.notification_id = t."position"
where t."position" = any(%(positions)s::bigint[]) and t.home is null

-- name: entries
select e.topic as event, e.state, e.notification_id as "position"
from timeline_entry_known(%(known)s) t
join record.entries e on e.notification_id = t."position"
where t."position" > %(after)s and t.home is null
    and (
        %(caused_by)s::bigint is null
        or t."position" <= (
            select r.last_position
            from timeline_entry_known(%(known)s) o
            join record.entries_readable c on c.position = o."position"
            join record.receipts r on r.command_id = c.command_id
            where o."position" = %(caused_by)s and o.home is null
        )
    )
    and (
        %(caused_by)s::bigint is null
        or convert_from(e.state, 'UTF8')::jsonb -> 'caused_by' = to_jsonb(%(caused_by)s::bigint)
    )
order by t."position"
limit %(limit)s

-- The entries in scope that fit, of those that stand between two positions: how many are looked
-- through is bounded, however few of them fit.
-- name: matching
select e.topic as event, e.state, e.notification_id as "position"
from timeline_entry_known(%(known)s) t
join record.entries e on e.notification_id = t."position"
where t."position" > %(after)s and t."position" <= %(until)s and t.home is null
    and e.notification_id > %(after)s and e.notification_id <= %(until)s
    and (%(event)s::text is null or e.topic = %(event)s)
    and entry_fits(e.state, %(person)s, %(unit)s, %(batch)s, %(caused_by)s)
order by t."position"
limit %(limit)s

-- The same of one stream, which has its index.
-- name: matching_of_stream
select e.topic as event, e.state, e.notification_id as "position"
from timeline_entry_known(%(known)s) t
join record.entries e on e.notification_id = t."position"
where t.stream = %(stream)s
    and t."position" > %(after)s and t."position" <= %(until)s and t.home is null
    and (%(event)s::text is null or e.topic = %(event)s)
    and entry_fits(e.state, %(person)s, %(unit)s, %(batch)s, %(caused_by)s)
order by t."position"
limit %(limit)s

-- What was recorded between two days: more than so many days after the day that it is about, or to make
-- an earlier entry void.
-- name: afterwards
select
    t.effective_on, t.recorded_on, t.recorded_on - t.effective_on as days_late, t.how, t.of_version,
    t.community, t.jurisdiction, e.topic as event, e.state, t."position"
from told_between(%(since)s, %(until)s, %(known)s) t
join record.entries e on e.notification_id = t."position"
where t.recorded_on between %(begin)s and %(end)s
    and (%(days)s::bigint is null or t.recorded_on - t.effective_on > %(days)s)
    and (not %(corrections)s::boolean or t.how is not null)
order by t."position"
limit %(limit)s

-- name: window
select record.position_at(%(since)s) as since, record.position_at(%(until)s) as until

-- name: rosters
select e.topic as event, e.state
from timeline_entry_known(%(known)s) t
join record.entries e on e.notification_id = t.position
where t.stream >= 'batch:' and t.stream < 'batch;' and e.topic = 'BatchReceived'
order by t.effective_on, t.position

-- The files that were received, newest first.
-- name: batches
select e.topic as event, e.state, t."position"
from timeline_entry_known(%(known)s) t
join record.entries e on e.notification_id = t."position"
where t.stream >= 'batch:' and t.stream < 'batch;' and e.topic = 'BatchReceived'
    and (%(before)s::bigint is null or t."position" < %(before)s)
order by t."position" desc
limit %(limit)s

-- name: version
select e.originator_version as version
from record.entries e
where e.originator_id = %(stream)s and e.notification_id <= %(position)s
    and exists (select from subject_place_known(null) s where s.stream = %(stream)s)
order by e.originator_version desc
limit 1
