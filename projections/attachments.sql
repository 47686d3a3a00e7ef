-- name: uses
select u.position, e.topic as event, e.state
from attachment_use_known(%(known)s) u
join record.entries e on e.notification_id = u.position
where u.digest = %(digest)s and u.position > %(after)s
order by u.position
limit %(limit)s
