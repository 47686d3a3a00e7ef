-- One line per community and stretch of days on which nothing about it changes.
-- name: tables
create table community_line (
    community text not null,
    effective_from date not null,
    effective_until date,
    standing text not null,
    name text,
    code text,
    subdistrict text,
    type text,
    subtype text,
    features text,
    primary key (community, effective_from)
);
create index community_line_code on community_line (code);
create index community_line_place on community_line (subdistrict);

create table community_change (
    subject text not null,
    attribute text not null,
    effective_from date not null,
    ordinal bigint not null,
    value text,
    version bigint not null,
    struck_by bigint,
    "position" bigint not null,
    primary key (subject, attribute, version)
);
