-- The adopted files that are kept, as they are.
-- name: adopted_files
select string_agg(c.content, ''::bytea order by c.number) as content
from record.entries e
join record.attachments a
    on a.digest = convert_from(e.state, 'UTF8')::jsonb #>> '{body,digest}'
join record.attachment_chunks c on c.attachment = a.number
where e.originator_id = 'policy' and e.topic = 'PolicyAdopted'
group by a.number
order by a.number
