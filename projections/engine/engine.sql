-- name: progress
create table progress (
    projection text primary key,
    "position" bigint not null,
    parked_at bigint,
    error text,
    entry_digest text not null default '',
    chain_digest text not null default '',
    definition text not null
)

-- Whether a connection reads the whole city. It says so when it is made, and is never another: so
-- plans are made for what this returns.
-- name: reads_whole_city
create function reads_whole_city() returns boolean language plpgsql immutable as $$
begin
    return current_setting('annals.reads', true) is not distinct from 'whole-city';
end
$$

-- name: begin
insert into progress (projection, "position", definition) values (%(projection)s, 0, %(definition)s)

-- name: standings
select projection, "position", parked_at, error, definition from progress order by projection

-- name: stand
update progress
set
    "position" = %(position)s, parked_at = %(parked_at)s, error = %(error)s,
    entry_digest = %(entry_digest)s, chain_digest = %(chain_digest)s
where projection = %(projection)s

-- Those of an older version may have no digests.
-- name: places
select projection, "position", p ->> 'entry_digest', p ->> 'chain_digest'
from (select projection, "position", parked_at, error, to_jsonb(progress) as p from progress) as progress
where (parked_at is null or error like %(altered)s) and p ->> 'entry_digest' is not null

-- name: alarm
update progress set parked_at = %(position)s, error = %(error)s where parked_at is null

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
    end and {in_scope};
end

-- name: secured
-- The second wall: whoever reads the tables in another way sees what is in scope, and nothing without
-- one. It does not bind the owner, who is the worker.
alter table {table} enable row level security;
create policy scope on {table} for select using ({in_scope})

-- name: ended_index
create index {index} on {ended} ({key}, from_position)

-- name: digest
select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from {rows} t

-- What a worker makes belongs to its role (record/roles.sql), so that another login can go on with it.
-- name: act_as_worker
select set_config('role', rolname, false) from pg_roles
where rolname = 'annals_worker' and pg_has_role(rolname, 'member')

-- Who serves reads what is in scope; the auditor and the record's owner read all.
-- name: grants
do $$
declare reader text; secured text;
begin
    for reader in
        select rolname from pg_roles where rolname in ('annals_server', 'annals_auditor')
        union
        select pg_get_userbyid(nspowner) from pg_namespace where nspname = 'record'
    loop
        execute format('grant usage on schema $schema to %I', reader);
        execute format('grant select on all tables in schema $schema to %I', reader);
        continue when reader = 'annals_server';
        for secured in
            select relname from pg_class
            where relnamespace = '$schema'::regnamespace and relrowsecurity
        loop
            execute format(
                'create policy %I on $schema.%I for select to %I using (true)', reader, secured, reader);
        end loop;
    end loop;
end
$$
