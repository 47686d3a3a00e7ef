-- name: enrol
insert into access.second_factors as f (person, secret)
values (%(person)s, %(secret)s)
on conflict (person) do update set secret = excluded.secret, last_step = 0
where f.confirmed_at is null
returning f.person

-- name: one
select secret, confirmed_at
from access.second_factors
where person = %(person)s

-- name: use
update access.second_factors set last_step = %(step)s
where person = %(person)s and last_step < %(step)s
returning person

-- name: confirm
update access.second_factors set confirmed_at = %(now)s
where person = %(person)s

-- name: forget_codes
delete from access.recovery_codes
where person = %(person)s

-- name: keep_codes
insert into access.recovery_codes (person, digest)
select %(person)s, digest from unnest(%(digests)s::bytea[]) as digest

-- name: recover
update access.recovery_codes set used_at = %(now)s
where person = %(person)s and digest = %(digest)s and used_at is null
returning person

-- name: remove
delete from access.second_factors
where person = %(person)s

-- name: all
select person, secret
from access.second_factors
order by person

-- name: reseal
update access.second_factors set secret = %(sealed)s
where person = %(person)s and secret = %(before)s
