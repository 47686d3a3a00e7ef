-- The scope holds to the end of the transaction: that of a place on a day, or all.
-- name: begin
begin;
lock table progress in access share mode;
execute picture ($top, $day)

-- name: prepare
prepare picture (text, date) as
select json_build_array(
    coalesce(max("position"), 0),
    coalesce(json_agg(projection order by projection) filter (where parked_at is not null), '[]'),
    coalesce(bool_or(error like 'RecordAltered%'), false),
    (select recorded_at from record.entries order by notification_id desc limit 1),
    'progress'::regclass::oid::bigint,
    set_config(
        'annals.scope',
        case
            when $1 is null then '*'
            else scope_of(
                $1,
                coalesce(
                    $2,
                    (
                        select (recorded_at at time zone 'Asia/Shanghai')::date
                        from record.entries order by notification_id desc limit 1
                    )
                )
            )
        end,
        true
    ) is not null
)
from progress

-- name: rescope
select set_config('annals.scope', %(scope)s, true)

-- name: scope
select current_setting('annals.scope') as scope

-- Who reads has the server's rights and no others, so that the policies hold for a login that may more.
-- name: act_as_server
select set_config('role', rolname, false) from pg_roles
where rolname = 'annals_server' and pg_has_role(rolname, 'member')
    and coalesce(has_schema_privilege(rolname, to_regnamespace('record'), 'usage'), false)

-- name: position_at
select record.position_at(%(instant)s) as "position"
