-- name: tables
create table tally_line (
    community text primary key,
    name text not null,
    namings bigint not null
)
