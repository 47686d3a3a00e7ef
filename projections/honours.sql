-- Titles and board entries on a day. A title is held until it is withdrawn or has run out; an entry
-- stands until it is removed or has run out.
-- name: views
create function titles_on(day date, known bigint) returns table (
    honour text, effective_from date, effective_until date, status text, community text,
    household text, title text, stars bigint, awarded_on date, held_until date,
    "position" bigint, in_force boolean
) language sql stable begin atomic
    select
        honour, effective_from, effective_until, status, community, household, title, stars,
        awarded_on, held_until, "position",
        status = 'awarded' and (held_until is null or held_until > day)
    from honour_line_known(known)
    where effective_from <= day and (effective_until is null or effective_until > day);
end;
create function postings_on(day date, known bigint) returns table (
    honour text, effective_from date, effective_until date, status text, community text,
    board text, place text, conduct text, legal_basis text, posted_on date, posted_until date,
    result text, "position" bigint, in_force boolean
) language sql stable begin atomic
    select
        honour, effective_from, effective_until, status, community, board, place, conduct,
        legal_basis, posted_on, posted_until, result, "position",
        status <> 'removed' and (posted_until is null or posted_until > day)
    from board_line_known(known)
    where effective_from <= day and (effective_until is null or effective_until > day);
end

-- name: titles
select
    h.honour, h.effective_from, h.effective_until, h.status, h.community, h.household, h.title,
    h.stars, h.awarded_on, h.held_until, h.position, c.name as community_name, h.in_force
from titles_on(%(effective)s, %(known)s) h
left join register_on(%(effective)s, %(known)s) c on c.community = h.community
where (%(honour)s::text is null or h.honour = %(honour)s)
    and (%(community)s::text is null or h.community = %(community)s)
    and (%(title)s::text is null or h.title = %(title)s)
    and (%(in_force)s::boolean is null or h.in_force = %(in_force)s)
    and (
        %(after_first)s::date is null
        or (h.awarded_on, h.honour) > (%(after_first)s::date, %(after_id)s)
    )
order by h.awarded_on, h.honour
limit %(limit)s

-- name: postings
select
    b.honour, b.effective_from, b.effective_until, b.status, b.community, b.board, b.place,
    b.conduct, b.legal_basis, b.posted_on, b.posted_until, b.result, b.position,
    c.name as community_name, b.in_force and coalesce(c.status = 'active', true) as in_force
from postings_on(%(effective)s, %(known)s) b
left join register_on(%(effective)s, %(known)s) c on c.community = b.community
where (%(honour)s::text is null or b.honour = %(honour)s)
    and (%(community)s::text is null or b.community = %(community)s)
    and (%(board)s::text is null or b.board = %(board)s)
    and (%(status)s::text is null or b.status = %(status)s)
    and (
        %(in_force)s::boolean is null
        or (b.in_force and coalesce(c.status = 'active', true)) = %(in_force)s
    )
    and (
        %(after_first)s::date is null
        or (b.posted_on, b.honour) > (%(after_first)s::date, %(after_id)s)
    )
order by b.posted_on, b.honour
limit %(limit)s
