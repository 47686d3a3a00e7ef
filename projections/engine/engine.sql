-- name: progress
create table progress (
    projection text primary key,
    "position" bigint not null,
    parked_at bigint,
    error text,
    definition text not null
)

-- name: begin
insert into progress (projection, "position", definition) values (%(projection)s, 0, %(definition)s)

-- name: standings
select projection, "position", parked_at, error, definition from progress order by projection

-- name: stand
update progress
set "position" = %(position)s, parked_at = %(parked_at)s, error = %(error)s
where projection = %(projection)s

-- name: entries
select notification_id, topic, state
from record.entries
where notification_id > %(after)s
order by notification_id
limit %(limit)s

-- name: ahead
select topic, count(*)
from record.entries
where notification_id > %(after)s and notification_id <= %(until)s
group by topic

-- Present and ended rows are two tables of one shape; the function shows them as they were known at
-- a position (null: today). It is inlined; its condition stands outside the union, or no index could
-- give an order, and is written so that today's queries never look at ended rows.
-- name: versioning
create table {ended} (like {table});
alter table {ended} add column until_position bigint not null;
create function {known}(known bigint) returns setof {table} language sql stable begin atomic
    select {columns}
    from (
        select {columns}, true as stands, null::bigint as until_position from {table}
        union all
        select {columns}, false, until_position from {ended}
    ) as versions
    where case
        when known is null then stands
        else from_position <= known and (stands or until_position > known)
    end;
end

-- name: ended_index
create index {index} on {ended} ({key}, from_position)

-- name: digest
select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from {rows} t

-- name: grants
do $$
declare role_name text;
begin
    for role_name in select rolname from pg_roles where rolname in ('annals_server', 'annals_auditor')
    loop
        execute format('grant usage on schema $schema to %I', role_name);
        execute format('grant select on all tables in schema $schema to %I', role_name);
    end loop;
end
$$
