-- name: streams
select distinct originator_id as stream from record.entries

-- name: commands
select command_id from record.receipts
