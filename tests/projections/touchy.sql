-- name: tables
create table touchy_line (
    community text primary key,
    name text not null
)
