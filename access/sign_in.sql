-- name: forget
delete from access.attempts
where last_at < %(forgotten_before)s

-- name: count
insert into access.attempts as t (login_digest, failed, last_at)
values (%(login_digest)s, 1, %(now)s)
on conflict (login_digest) do update set
    failed = t.failed + 1,
    last_at = %(now)s,
    locked_until = case
        when t.failed + 1 >= %(failed_max)s then %(now)s + least(
            %(locked_first)s * power(2, least(t.failed + 1 - %(failed_max)s, 20)), %(locked_max)s)
    end
where t.locked_until is null or t.locked_until <= %(now)s
returning t.failed

-- name: locked
select greatest(1, ceil(extract(epoch from locked_until - %(now)s)))::int as seconds
from access.attempts
where login_digest = %(login_digest)s and locked_until is not null

-- name: succeeded
delete from access.attempts
where login_digest = %(login_digest)s
