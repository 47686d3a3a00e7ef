-- Documents that entries rest on, each stored once under its SHA-256 digest, in chunks, so that
-- nobody ever holds a whole one in memory. An entry names them by digest: what is hashed and proved
-- is the entry, and the digest proves the document.

create sequence record.attachment_numbers;
create table record.attachments (
    digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
    number bigint not null unique,
    media_type text not null,
    file_name text check (char_length(file_name) between 1 and 200),
    bytes bigint not null check (bytes between 1 and 104857600),
    stored_by text not null,
    stored_at timestamptz not null default clock_timestamp()
);

-- All chunks but the last have 262,144 bytes, so that any byte of a document is found by its place.
create table record.attachment_chunks (
    attachment bigint not null,
    number integer not null check (number >= 0),
    content bytea not null check (octet_length(content) between 1 and 262144),
    primary key (attachment, number)
);
-- Scans are compressed already: a second time costs much and gains nothing.
alter table record.attachment_chunks alter column content set storage external;

create trigger attachments_are_kept before update or delete or truncate on record.attachments
    for each statement execute function record.refuse_change();
create trigger attachment_chunks_are_kept before update or delete or truncate on record.attachment_chunks
    for each statement execute function record.refuse_change();

-- A document is there whole or not at all: its chunks come in the transaction that stores it.
create function record.require_whole_attachment() returns trigger language plpgsql as $$
declare
    stored record;
begin
    select count(*) as chunks, coalesce(sum(octet_length(content)), 0) as bytes,
        count(*) filter (where octet_length(content) = 262144) as full_chunks
        into stored
        from record.attachment_chunks where attachment = new.number;
    if stored.bytes <> new.bytes or stored.full_chunks < stored.chunks - 1
        or stored.chunks <> (new.bytes + 262143) / 262144
    then
        raise exception 'The attachment % has % of its % bytes.', new.digest, stored.bytes, new.bytes
            using errcode = 'check_violation';
    end if;
    return null;
end
$$;
create constraint trigger attachments_are_whole after insert on record.attachments
    deferrable initially deferred for each row execute function record.require_whole_attachment();

-- Begin a document; null when it is stored already, or just was.
create function record.attach(
    digest text, media_type text, file_name text, bytes bigint, stored_by text
) returns bigint language plpgsql volatile security definer set search_path = record, pg_temp as $$
declare
    attached bigint;
begin
    insert into record.attachments as a (digest, number, media_type, file_name, bytes, stored_by)
    values (attach.digest, nextval('record.attachment_numbers'), attach.media_type,
        attach.file_name, attach.bytes, attach.stored_by)
    on conflict on constraint attachments_pkey do nothing
    returning a.number into attached;
    return attached;
end
$$;

-- Add a chunk to the document that this very transaction has begun, and to no other.
create function record.attach_chunk(attachment bigint, number integer, content bytea)
returns void language plpgsql volatile security definer set search_path = record, pg_temp as $$
begin
    if not exists (
        select 1 from record.attachments a
        where a.number = attach_chunk.attachment and a.xmin = pg_current_xact_id()::xid
    ) then
        raise exception 'No attachment % has been begun here; it is whole, or there is none.', attachment
            using errcode = 'insufficient_privilege';
    end if;
    insert into record.attachment_chunks (attachment, number, content)
    values (attach_chunk.attachment, attach_chunk.number, attach_chunk.content);
end
$$;

-- Serving roles, where deploy/roles.sql has made them, read and attach through the functions only.
revoke all on function record.attach, record.attach_chunk from public;
do $$
declare role_name text;
begin
    for role_name in select rolname from pg_roles
        where rolname in ('annals_server', 'annals_worker', 'annals_auditor')
    loop
        execute format('grant select on record.attachments, record.attachment_chunks to %I', role_name);
        if role_name = 'annals_server' then
            execute format('grant execute on function record.attach, record.attach_chunk to %I', role_name);
        end if;
    end loop;
end
$$;
