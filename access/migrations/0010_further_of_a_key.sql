-- What a key on record was refused counts by itself: a key that is used after its end shows.

-- The number of the entry; null where it only counted.
create or replace function access.note_of_kind(kind_of_it bytea, facts jsonb) returns bigint
language plpgsql volatile security definer set search_path = access, pg_temp as $$
declare
    number bigint;
    left_out text[] := '{agent,operation,request,subject}';
begin
    -- A key on record is a kind of its own; of others anybody may think up as many as they like.
    if exists (select from access.keys k where k.prefix = facts ->> 'key') then
        kind_of_it := sha256(kind_of_it || convert_to(facts ->> 'key', 'UTF8'));
    else
        left_out := left_out || 'key'::text;
    end if;
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
        facts - left_out, 0
    )
    on conflict (kind) do update set times = f.times + 1;
    return number;
end
$$;
