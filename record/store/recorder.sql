-- name: append
select outcome, stream, version, "position", last_position, recorded_at
from record.append(
    string_to_array(%(read_streams)s, E'\n'), string_to_array(%(read_versions)s, E'\n')::bigint[],
    %(command_id)s, %(digest)s, %(own_stream)s,
    string_to_array(%(streams)s, E'\n'), string_to_array(%(versions)s, E'\n')::bigint[],
    string_to_array(%(events)s, E'\n'), string_to_array(%(heads)s, E'\n'),
    %(clock)s::timestamptz, %(read_head)s::bigint
)
