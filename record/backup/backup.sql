-- name: begin
set transaction isolation level repeatable read, read only

-- name: count
select count(*) from record.entries

-- name: entries
select state from record.entries order by notification_id

-- name: receipts
select command_id, encode(digest, 'hex') as digest, stream, version, "position", last_position, recorded_at
from record.receipts
order by "position"

-- name: attachments
select digest, number, media_type, file_name, bytes, stored_by, stored_at
from record.attachments
order by number

-- name: chunks
select content from record.attachment_chunks where attachment = %(attachment)s order by number
