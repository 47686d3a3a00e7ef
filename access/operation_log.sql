-- name: note
select access.note(%(facts)s)

-- name: note_of_kind
select access.note_of_kind(%(kind)s, %(facts)s)

-- name: note_export
select access.note_export(%(operation)s, %(person)s, %(subject)s)

-- name: page
select number, at, entry, digest
from access.operation_log
where number > %(after)s
    and (%(what)s::text is null or what = %(what)s)
    and (%(person)s::text is null or person = %(person)s)
order by number
limit %(limit)s
