-- From where somebody signs in. `counted` is the digest of what failures are counted by: a network, a
-- login in a network, a login anywhere, or a login on a device that is known (access/attempts.py).
-- `refused` is how many attempts came while it was locked.
drop table access.attempts;
create table access.attempts (
    counted bytea primary key check (octet_length(counted) = 32),
    failed integer not null,
    began_at timestamptz not null,
    locked_until timestamptz,
    refused integer not null default 0
);
create index attempts_by_age on access.attempts (began_at);

-- Browsers in which somebody has signed in before, by the digest of the token in their cookie.
create table access.devices (
    digest bytea not null check (octet_length(digest) = 32),
    person text not null references access.accounts,
    seen_at timestamptz not null,
    primary key (digest, person)
);
create index devices_by_person on access.devices (person, seen_at);
