-- name: forget_old
delete from access.drafts
where saved_at <= %(since)s

-- name: save
insert into access.drafts (person, operation, subject, key, typed, saved_at)
values (%(person)s, %(operation)s, %(subject)s, %(key)s, %(typed)s, %(now)s)
on conflict (person, operation, subject) do update
set key = excluded.key, typed = excluded.typed, saved_at = excluded.saved_at
where drafts.typed is not null or drafts.key <> excluded.key

-- name: forget_beyond
delete from access.drafts
where person = %(person)s and (operation, subject) in (
    select operation, subject from access.drafts
    where person = %(person)s
    order by saved_at desc, operation, subject
    offset %(drafts_max)s)

-- name: find
select typed, saved_at
from access.drafts
where person = %(person)s and operation = %(operation)s and subject = %(subject)s
    and typed is not null and saved_at > %(since)s

-- name: recorded
update access.drafts set typed = null
where person = %(person)s and operation = %(operation)s and subject = %(subject)s

-- name: discard
delete from access.drafts
where person = %(person)s and operation = %(operation)s and subject = %(subject)s
