-- name: forget_ended
delete from access.sessions
where person = %(person)s and (ends_at <= %(now)s or last_seen_at <= %(idle_since)s)

-- name: begin
insert into access.sessions (
    session, digest, person, began_at, last_seen_at, ends_at, address, agent, issuer
) values (
    %(session)s, %(digest)s, %(person)s, %(now)s, %(now)s, %(ends_at)s, %(address)s, %(agent)s,
    %(issuer)s
)

-- name: find
select
    s.session, s.person, a.login, s.began_at, s.last_seen_at, s.ends_at, s.address, s.agent,
    s.issuer is null and a.password_due_at <= %(now)s as password_due, s.issuer, s."grant"
from access.sessions s
join access.accounts a using (person)
where s.digest = %(digest)s and s.ends_at > %(now)s and s.last_seen_at > %(idle_since)s
    and a.closed_at is null

-- name: of
select
    s.session, s.person, a.login, s.began_at, s.last_seen_at, s.ends_at, s.address, s.agent,
    s.issuer is null and a.password_due_at <= %(now)s as password_due, s.issuer, s."grant"
from access.sessions s
join access.accounts a using (person)
where s.person = %(person)s and s.ends_at > %(now)s and s.last_seen_at > %(idle_since)s
order by s.began_at desc, s.session

-- name: seen
update access.sessions set last_seen_at = %(now)s
where session = %(session)s

-- name: choose
update access.sessions set "grant" = %(grant)s
where session = %(session)s

-- name: end
delete from access.sessions
where session = %(session)s and person = %(person)s
returning session

-- name: forget_token
delete from access.sessions
where digest = %(digest)s
