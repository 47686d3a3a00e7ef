-- name: append
select outcome, stream, version, "position", last_position, recorded_at
from record.append(
    %(read_streams)s::text[], %(read_versions)s::bigint[],
    %(command_id)s, %(digest)s, %(own_stream)s,
    %(streams)s::text[], %(versions)s::bigint[], %(events)s::text[], %(heads)s::bytea[],
    %(clock)s::timestamptz
)
