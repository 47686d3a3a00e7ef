-- name: create
insert into access.keys (
    prefix, digest, title, person, "grant", operations, created_at, created_by, expires_at
) values (
    %(prefix)s, %(digest)s, %(title)s, %(person)s, %(grant)s, %(operations)s, %(now)s, %(by)s,
    %(expires_at)s
)

-- name: of
select
    prefix, title, person, "grant", operations, created_at, created_by, expires_at, last_used_at,
    revoked_at
from access.keys
where %(person)s::text is null or person = %(person)s
order by created_at, prefix

-- name: find
select
    prefix, digest, title, person, "grant", operations, created_at, created_by, expires_at,
    last_used_at, revoked_at
from access.keys
where prefix = %(prefix)s

-- name: shorten
update access.keys set expires_at = least(expires_at, %(until)s)
where prefix = %(prefix)s

-- name: revoke
update access.keys set revoked_at = %(now)s
where prefix = %(prefix)s and revoked_at is null
returning prefix

-- name: used
update access.keys set last_used_at = %(now)s
where prefix = %(prefix)s
