-- name: append
select command_id, outcome, stream, version, "position", last_position, recorded_at
from record.append(
    %(command_ids)s::text[], string_to_array(%(digests)s, E'\n'),
    string_to_array(%(own_streams)s, E'\n'),
    string_to_array(%(read_by)s, E'\n')::int[], string_to_array(%(read_streams)s, E'\n'),
    string_to_array(%(read_versions)s, E'\n')::bigint[],
    string_to_array(%(written_by)s, E'\n')::int[], string_to_array(%(streams)s, E'\n'),
    string_to_array(%(versions)s, E'\n')::bigint[], string_to_array(%(events)s, E'\n'),
    string_to_array(%(heads)s, E'\n'),
    %(clock)s::timestamptz, %(read_head)s::bigint
)

-- name: append_told
select command_id, outcome, stream, version, "position", last_position, recorded_at
from record.append_told(
    %(command_ids)s::text[], string_to_array(%(digests)s, E'\n'),
    string_to_array(%(own_streams)s, E'\n'), %(clocks)s::timestamptz[],
    string_to_array(%(read_streams)s, E'\n'), string_to_array(%(read_versions)s, E'\n')::bigint[],
    string_to_array(%(written_by)s, E'\n')::int[], string_to_array(%(streams)s, E'\n'),
    string_to_array(%(versions)s, E'\n')::bigint[], string_to_array(%(events)s, E'\n'),
    string_to_array(%(heads)s, E'\n')
)

-- name: any_of
select exists (select from record.entries where topic = %(event)s) as found
