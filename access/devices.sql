-- name: knows
select person
from access.devices
where digest = %(digest)s and person = %(person)s and seen_at > %(since)s

-- name: renew
update access.devices set digest = %(digest)s
where digest = %(before)s

-- name: remember
insert into access.devices (digest, person, seen_at)
values (%(digest)s, %(person)s, %(now)s)
on conflict (digest, person) do update set seen_at = excluded.seen_at

-- name: forget
delete from access.devices
where person = %(person)s and (seen_at <= %(since)s or digest in (
    select digest from access.devices
    where person = %(person)s
    order by seen_at desc
    offset %(known_max)s))
