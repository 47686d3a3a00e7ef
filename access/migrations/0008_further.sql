-- Who is refused a thousand times a minute writes no thousand entries: the first of a kind within a
-- minute is an entry, and `further` counts the others. What it counted becomes an entry of its own with
-- the next one of any kind, once the minute is over.

create table access.further (
    kind bytea primary key check (octet_length(kind) = 32),
    minute timestamptz not null,
    alike bigint not null,
    facts jsonb not null,
    times bigint not null
);

alter function access.note rename to add_to_log;

create function access.note(facts jsonb) returns bigint
language plpgsql volatile security definer set search_path = access, pg_temp as $$
declare
    over access.further;
begin
    -- Always first, so that nobody who holds a row of `further` waits for it.
    lock table access.operation_log_turn in exclusive mode;
    for over in
        delete from access.further where minute < date_trunc('minute', clock_timestamp())
        returning *
    loop
        if over.times > 0 then
            perform access.add_to_log(
                over.facts || jsonb_build_object('alike', over.alike, 'further', over.times));
        end if;
    end loop;
    return access.add_to_log(facts);
end
$$;
revoke all on function access.note from public;

-- The number of the entry; null where it only counted.
create function access.note_of_kind(kind_of_it bytea, facts jsonb) returns bigint
language plpgsql volatile security definer set search_path = access, pg_temp as $$
declare
    number bigint;
begin
    update access.further set times = times + 1
    where kind = kind_of_it and minute = date_trunc('minute', clock_timestamp());
    if found then
        return null;
    end if;
    lock table access.operation_log_turn in exclusive mode;
    update access.further set times = times + 1
    where kind = kind_of_it and minute = date_trunc('minute', clock_timestamp());
    if found then
        return null;
    end if;
    number := access.note(facts);
    insert into access.further as f (kind, minute, alike, facts, times)
    values (
        kind_of_it, date_trunc('minute', clock_timestamp()), number,
        facts - '{agent,key,operation,request,subject}'::text[], 0
    )
    on conflict (kind) do update set times = f.times + 1;
    return number;
end
$$;
revoke all on function access.note_of_kind from public;
