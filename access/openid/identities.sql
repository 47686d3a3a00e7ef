-- name: end_sessions
delete from access.sessions
where person = %(person)s and issuer = %(issuer)s

-- name: link
insert into access.identities as i (person, issuer, subject, expected, linked_at, linked_by)
select %(person)s, %(issuer)s, %(subject)s, %(expected)s, %(now)s, %(by)s
where not exists (
    select from access.identities o
    where o.issuer = %(issuer)s and o.person <> %(person)s
        and (o.subject = %(subject)s or o.expected = %(expected)s)
)
on conflict (person, issuer) do update set
    subject = excluded.subject,
    expected = excluded.expected,
    linked_at = excluded.linked_at,
    linked_by = excluded.linked_by
returning i.person

-- name: unlink
delete from access.identities
where person = %(person)s and issuer = %(issuer)s
returning person

-- name: of
select person, issuer, subject, expected, linked_at, linked_by
from access.identities
where person = %(person)s
order by issuer

-- name: find
select a.person, a.closed_at
from access.identities i
join access.accounts a using (person)
where i.issuer = %(issuer)s and i.subject = %(subject)s

-- name: take
update access.identities i set subject = %(subject)s, expected = null, linked_at = %(now)s
from access.accounts a
where a.person = i.person and i.issuer = %(issuer)s and i.expected = %(expected)s
    and a.closed_at is null
returning a.person, a.closed_at
