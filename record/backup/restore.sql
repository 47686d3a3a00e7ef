-- name: alone
lock table record.append_turn in exclusive mode

-- name: is_empty
select not exists (select from record.entries) and not exists (select from record.receipts)
    and not exists (select from record.attachments)

-- name: entries
copy record.entries
    (originator_id, originator_version, topic, state, notification_id, recorded_at) from stdin

-- name: receipts
copy record.receipts
    (command_id, digest, stream, version, "position", last_position, recorded_at) from stdin

-- name: attachments
copy record.attachments
    (digest, number, media_type, file_name, bytes, stored_by, stored_at) from stdin

-- name: chunks
copy record.attachment_chunks (attachment, number, content) from stdin

-- name: number_on
select setval('record.attachment_numbers', coalesce(max(number), 1), count(*) > 0)
from record.attachments

-- name: states
select state from record.entries order by notification_id
