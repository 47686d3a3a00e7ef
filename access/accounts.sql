-- All or, if a person has an account or a login is taken, none.
-- name: add
with asked as (
    select * from unnest(%(persons)s::text[], %(logins)s::text[], %(passwords)s::text[])
        as a (person, login, password)
)
insert into access.accounts (person, login, password, password_due_at)
select person, login, password, %(now)s
from asked
where (select count(distinct login) = count(*) and count(distinct person) = count(*) from asked)
    and not exists (
        select from access.accounts t join asked a on a.person = t.person or a.login = t.login
    )
on conflict do nothing
returning person

-- name: taken
with asked as (
    select * from unnest(%(persons)s::text[], %(logins)s::text[]) as a (person, login)
)
select a.person, a.login
from asked a
where exists (select from access.accounts t where t.person = a.person or t.login = a.login)
    or (select count(*) from asked o where o.person = a.person or o.login = a.login) > 1
limit 1

-- name: one
select
    a.person, a.login, a.password_due_at, a.closed_at,
    exists (
        select from access.second_factors f
        where f.person = a.person and f.confirmed_at is not null
    ) as second_factor
from access.accounts a
where a.person = %(person)s

-- name: all
select
    a.person, a.login, a.password_due_at, a.closed_at,
    exists (
        select from access.second_factors f
        where f.person = a.person and f.confirmed_at is not null
    ) as second_factor
from access.accounts a
order by a.login

-- name: credentials
select person, login, password
from access.accounts
where login = %(login)s and closed_at is null

-- name: close
update access.accounts set closed_at = %(now)s
where person = %(person)s and closed_at is null

-- name: reopen
update access.accounts set closed_at = null
where person = %(person)s

-- name: keep
update access.accounts set password = %(password)s, password_due_at = %(due_at)s
where person = %(person)s

-- name: rehash
update access.accounts set password = %(password)s
where person = %(person)s

-- name: end_sessions
delete from access.sessions
where person = %(person)s

-- name: revoke_keys
update access.keys set revoked_at = %(now)s
where person = %(person)s and revoked_at is null

-- name: forget_devices
delete from access.devices
where person = %(person)s
