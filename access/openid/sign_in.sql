-- name: forget
delete from access.openid_sign_ins
where ends_at <= %(now)s

-- name: begin
insert into access.openid_sign_ins (
    state_digest, token_digest, nonce, verifier, next, typed, ends_at
) values (
    %(state_digest)s, %(token_digest)s, %(nonce)s, %(verifier)s, %(next)s, %(typed)s, %(ends_at)s
)

-- Anybody can have something kept: the oldest gives way.
-- name: bound
delete from access.openid_sign_ins
where state_digest in (
    select state_digest from access.openid_sign_ins
    where typed <> ''
    order by ends_at desc
    offset %(most)s
)

-- name: take
delete from access.openid_sign_ins
where state_digest = %(state_digest)s and token_digest = %(token_digest)s and ends_at > %(now)s
returning nonce, verifier, next, typed
