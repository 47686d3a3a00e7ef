"""Nothing on record is changed or removed, by nobody; and how its schema comes to be."""

from concurrent.futures import ThreadPoolExecutor
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from record.store.migrate import AS_GOOD, MigrationRefused, migrate, pending
from record.store.record import Record
from tests.city import BASIS, LI, register
from tests.databases import as_owner
from tests.refusing import refused

TABLES = ("entries", "receipts", "migrations", "attachments", "attachment_chunks")
CHANGES: list[LiteralString] = [
    "update record.{table} set {column} = {column}",
    "update record.{table} set {column} = {column} where false",
    "delete from record.{table}",
    "delete from record.{table} where false",
    "truncate record.{table}",
    "truncate record.{table}, record.{table} cascade",
    "merge into record.{table} t using (select 1) s on true when matched then delete",
]
COLUMNS = {
    "entries": "topic",
    "receipts": "stream",
    "migrations": "name",
    "attachments": "file_name",
    "attachment_chunks": "content",
}


def change(statement: LiteralString, table: str) -> sql.Composed:
    return sql.SQL(statement).format(
        table=sql.Identifier(table), column=sql.Identifier(COLUMNS[table])
    )


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", CHANGES)
def test_the_owner_cannot_change_or_remove_what_is_recorded(
    record: Record, statement: LiteralString, table: str
) -> None:
    with as_owner(record.url) as owner, pytest.raises(InsufficientPrivilege) as refused:
        owner.execute(change(statement, table))
    assert "The record is append-only: " in str(refused.value)
    assert f"on record.{table} is refused." in str(refused.value)
    assert refused.value.diag.message_hint is not None
    assert "Record a correcting entry" in refused.value.diag.message_hint


@pytest.mark.parametrize(
    "statement",
    [
        "insert into record.receipts select * from record.receipts on conflict (command_id)"
        " do update set stream = 'x'",
        "with gone as (delete from record.entries returning 1) select count(*) from gone",
    ],
)
def test_no_other_statement_gets_around_it(record: Record, statement: LiteralString) -> None:
    with as_owner(record.url) as owner, pytest.raises(InsufficientPrivilege):
        owner.execute(statement)


def test_an_auditor_reads_every_entry_with_its_envelope(record: Record) -> None:
    receipt = record.carry_out(
        "community:a", register("花园社区"), by=LI, basis=BASIS, command_id="k1", caused_by=3
    )

    with psycopg.connect(record.url) as auditor:
        row = auditor.execute(
            "select \"position\", stream, version, event, body ->> 'name', person, unit, role,"
            " jurisdiction, basis -> 0 ->> 'number', recorded_at, command_id, caused_by, batch,"
            " policy from record.entries_readable where stream = 'community:a'"
        ).fetchone()

    assert row == (
        receipt.position,
        "community:a",
        1,
        "CommunityRegistered",
        "花园社区",
        "li",
        "fucheng",
        "decider",
        "fucheng",
        "绵民〔2021〕7号",
        receipt.recorded_at,
        "k1",
        3,
        None,
        "2021",
    )


def test_migrating_again_applies_nothing(bare_url: str) -> None:
    waiting = pending(bare_url)

    assert migrate(bare_url) == waiting
    assert waiting
    assert migrate(bare_url) == ()
    assert pending(bare_url) == ()


def test_who_migrates_at_once_migrates_once(bare_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        applied = [*pool.map(migrate, [bare_url] * 8)]

    assert sorted(applied) == [()] * 7 + [max(applied)]
    assert max(applied) != ()


def test_a_file_that_was_changed_after_it_was_applied_is_refused(bare_url: str) -> None:
    migrate(bare_url)
    with psycopg.connect(bare_url) as owner:
        owner.execute("alter table record.migrations disable trigger migrations_are_kept")
        owner.execute("update record.migrations set digest = 'another' where number = 1")

    for step in (migrate, pending):
        with refused("record.migration-changed", MigrationRefused):
            step(bare_url)


def test_a_record_of_the_versions_in_between_goes_on(bare_url: str) -> None:
    migrate(bare_url)
    newest = pending(bare_url)
    (digest, *_) = (digest for digest, name in AS_GOOD.items() if name == "0001_record.sql")
    with psycopg.connect(bare_url) as owner:  # 0001 had what 0003 has, and its digest
        owner.execute("alter table record.migrations disable trigger migrations_are_kept")
        owner.execute("delete from record.migrations where number = 3")
        owner.execute("update record.migrations set digest = %s where number = 1", (digest,))

    assert migrate(bare_url) == ("record/0003_caused_by.sql",)
    assert pending(bare_url) == newest


def test_a_database_of_a_newer_program_is_refused(bare_url: str) -> None:
    migrate(bare_url)
    with psycopg.connect(bare_url) as owner:
        owner.execute(
            "insert into record.migrations (number, name, digest) values (99, '0099_x.sql', 'x')"
        )

    for step in (migrate, pending):
        with refused("record.migration-unknown", MigrationRefused):
            step(bare_url)


def test_a_migration_that_fails_leaves_nothing(bare_url: str) -> None:
    with psycopg.connect(bare_url) as owner:
        owner.execute("create schema record")
        owner.execute("create table record.receipts ()")

    with pytest.raises(psycopg.errors.DuplicateTable):
        migrate(bare_url)

    with psycopg.connect(bare_url) as owner:
        left = owner.execute("select to_regclass('record.entries')").fetchone()
    assert left == (None,)
