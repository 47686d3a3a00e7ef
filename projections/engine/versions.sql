-- name: prepare
create schema if not exists projections_versions;
create table if not exists projections_versions.versions (
    definition text primary key,
    number bigint generated always as identity,
    seen_at timestamptz not null default clock_timestamp()
)

-- name: see
insert into projections_versions.versions (definition) values (%(definition)s)
on conflict (definition) do nothing

-- name: forget
delete from projections_versions.versions where definition = %(definition)s

-- name: newest
select definition from projections_versions.versions order by number desc limit 1
