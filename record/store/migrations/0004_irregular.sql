-- The record for people with psql shows the mark of a fact that breaks a procedure, too: every rule
-- that it breaks, and why it was recorded.
create or replace view record.entries_readable as
select
    e.notification_id as "position",
    e.originator_id as stream,
    e.originator_version as version,
    e.topic as event,
    j.entry -> 'body' as body,
    j.entry #>> '{actor,person}' as person,
    j.entry #>> '{actor,unit}' as unit,
    j.entry #>> '{authority,role}' as role,
    j.entry #>> '{authority,jurisdiction}' as jurisdiction,
    coalesce(j.entry -> 'basis', '[]'::jsonb) as basis,
    e.recorded_at,
    j.entry ->> 'command_id' as command_id,
    (j.entry ->> 'caused_by')::bigint as caused_by,
    j.entry ->> 'batch' as batch,
    j.entry ->> 'policy' as policy,
    j.entry -> 'irregular' as irregular
from record.entries e, lateral (select convert_from(e.state, 'UTF8')::jsonb as entry) j;
