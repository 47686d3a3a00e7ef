-- name: begin
set transaction isolation level repeatable read, read only

-- name: columns
select column_name
from information_schema.columns
where table_schema = 'access' and table_name = %(table)s and is_generated = 'NEVER'
order by ordinal_position

-- name: is_empty
select not exists (select from access.accounts) and not exists (select from access.operation_log)
    as empty

-- name: alone
lock table access.operation_log_turn in exclusive mode

-- name: log
select number, entry, digest from access.operation_log order by number
