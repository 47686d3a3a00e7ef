-- name: find
select digest, number, media_type, file_name, bytes, stored_by, stored_at
from record.attachments
where digest = %(digest)s

-- name: missing
select asked.digest
from unnest(%(digests)s::text[]) as asked (digest)
where not exists (select 1 from record.attachments a where a.digest = asked.digest)
limit 1

-- name: attach
select record.attach(
    %(digest)s, %(media_type)s, %(file_name)s, %(bytes)s, %(stored_by)s
) as number

-- name: attach_chunk
select record.attach_chunk(%(attachment)s, %(number)s, %(content)s)

-- name: chunk
select content
from record.attachment_chunks
where attachment = %(attachment)s and number = %(number)s
