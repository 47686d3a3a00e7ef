-- Every entry of a round's reviews, in their order.
-- name: entries
select e.topic as event, e.state, e.notification_id as "position"
from review_line_known(%(known)s) l
join record.entries e on e.originator_id = 'review:' || l.review
where l.round = %(round)s and e.notification_id <= %(position)s
order by e.notification_id
