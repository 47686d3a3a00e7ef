-- name: forget
delete from access.attempts
where began_at <= %(forgotten_before)s and (locked_until is null or locked_until <= %(now)s)

-- name: bound
delete from access.attempts
where counted in (
    select counted from access.attempts order by began_at desc offset %(rows_max)s)

-- name: count
insert into access.attempts as t (counted, failed, began_at)
values (%(counted)s, 1, %(now)s)
on conflict (counted) do update set
    failed = case when t.began_at <= %(since)s then 1 else t.failed + 1 end,
    began_at = case when t.began_at <= %(since)s then excluded.began_at else t.began_at end,
    locked_until = case
        when t.began_at > %(since)s and t.failed + 1 >= %(failed_max)s then %(now)s + least(
            %(locked_first)s * power(2, least(t.failed + 1 - %(failed_max)s, 20)), %(locked_max)s)
    end,
    refused = 0
where t.locked_until is null or t.locked_until <= %(now)s
returning t.failed

-- name: refuse
update access.attempts set refused = refused + 1
where counted = %(counted)s and locked_until is not null
returning greatest(1, ceil(extract(epoch from locked_until - %(now)s)))::int as seconds,
    refused = 1 as anew

-- name: clear
delete from access.attempts
where counted = %(counted)s

-- name: clear_last
delete from access.attempts
where counted = %(counted)s and failed <= 1

-- name: take_back
update access.attempts set
    failed = failed - 1,
    locked_until = case when failed - 1 >= %(failed_max)s then locked_until end
where counted = %(counted)s
