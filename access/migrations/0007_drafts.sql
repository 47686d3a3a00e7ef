-- What somebody typed into a form and has not recorded: kept for a week, and never part of the record.
-- `key` is the form's own; once it is recorded `typed` goes, and nothing more is kept under it.
create table access.drafts (
    person text not null check (person ~ '^[a-z0-9][a-z0-9.-]{0,63}$'),
    operation text not null check (char_length(operation) <= 80),
    subject text not null check (char_length(subject) <= 200),
    key text not null check (char_length(key) <= 128),
    typed text check (octet_length(typed) <= 100000),
    saved_at timestamptz not null,
    primary key (person, operation, subject)
);
create index drafts_by_age on access.drafts (saved_at);
