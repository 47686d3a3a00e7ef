-- Who somebody at a provider of OpenID Connect is here. `expected` is the value of the configured
-- claim by which a steward names somebody whose `subject` is not known before their first sign-in.
create table access.identities (
    person text not null references access.accounts,
    issuer text not null,
    subject text check (char_length(subject) between 1 and 255),
    expected text check (char_length(expected) between 1 and 255),
    linked_at timestamptz not null,
    linked_by text not null,
    primary key (person, issuer),
    unique (issuer, subject),
    unique (issuer, expected),
    check ((subject is null) <> (expected is null))
);

-- Sign-ins that have gone to the provider and not come back yet.
create table access.openid_sign_ins (
    state_digest bytea primary key check (octet_length(state_digest) = 32),
    token_digest bytea not null check (octet_length(token_digest) = 32),
    nonce text not null,
    verifier text not null,
    next text not null check (char_length(next) <= 2000),
    ends_at timestamptz not null
);
create index openid_sign_ins_by_age on access.openid_sign_ins (ends_at);

-- The provider through which a session began; null after a password.
alter table access.sessions add column issuer text;
