-- Who may sign in. Nothing here is part of the record: no secret belongs there. Passwords, tokens and
-- codes are kept as digests only; `person` is the id of a `person:<id>` subject.

create trigger migrations_are_kept before update or delete or truncate on access.migrations
    for each statement execute function record.refuse_change();

-- `password` is an argon2id hash with its parameters. From `password_due_at` on, signing in leads
-- only to a new password; one that somebody else has set is due at once.
create table access.accounts (
    person text primary key check (person ~ '^[a-z0-9][a-z0-9.-]{0,63}$'),
    login text not null unique check (char_length(login) between 1 and 64),
    password text not null,
    password_due_at timestamptz not null,
    closed_at timestamptz
);

-- Sign-ins that have not succeeded, by the digest of the login that was typed, whether or not there is
-- such an account: who tries learns nothing of that.
create table access.attempts (
    login_digest bytea primary key,
    failed integer not null,
    last_at timestamptz not null,
    locked_until timestamptz
);
create index attempts_by_age on access.attempts (last_at);

-- `last_step` is the 30-second step of the last code: a code is used once.
create table access.second_factors (
    person text primary key references access.accounts,
    secret text not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0
);
create table access.recovery_codes (
    person text not null references access.accounts,
    digest bytea not null check (octet_length(digest) = 32),
    used_at timestamptz,
    primary key (person, digest)
);

-- `session` is its public id, `digest` that of the token in the cookie.
create table access.sessions (
    session text primary key,
    digest bytea not null unique check (octet_length(digest) = 32),
    person text not null references access.accounts,
    began_at timestamptz not null,
    last_seen_at timestamptz not null,
    ends_at timestamptz not null,
    address text,
    agent text
);
create index sessions_by_person on access.sessions (person);

-- A key acts as the person under one grant, in the operations that match. A revoked key stays.
create table access.keys (
    prefix text primary key check (prefix ~ '^[0-9a-f]{8}$'),
    digest bytea not null check (octet_length(digest) = 32),
    title text not null,
    person text not null,
    "grant" text not null,
    operations text[] not null check (cardinality(operations) between 1 and 50),
    created_at timestamptz not null,
    created_by text not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index keys_by_person on access.keys (person, created_at);
