"""Nothing on record is changed or removed, by nobody; and how its schema comes to be."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import ProgrammingError
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege

from projections.all import PROJECTIONS
from projections.engine.rebuild import rebuild
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from projections.register import communities
from record.store.migrate import MigrationRefused, migrate, pending
from record.store.record import Record
from tests.checker import check
from tests.city import BASIS, LI, found, register
from tests.databases import Server
from tests.refusing import refused

ROLES = Path(__file__).parents[2] / "deploy" / "roles.sql"
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
    with psycopg.connect(record.url) as owner, pytest.raises(InsufficientPrivilege) as refused:
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
    with psycopg.connect(record.url) as owner, pytest.raises(InsufficientPrivilege):
        owner.execute(statement)


@pytest.fixture
def logins(server: Server) -> Iterator[dict[str, str]]:
    """Urls of one login in each serving role, and the owner's, of a database with the grants.

    The four roles stay on the server: roles are common to its databases, and other tests of this
    run, or other runs, may use them at the same time.
    """
    url = server.database(name := f"{server.prefix}{uuid4().hex[:12]}")
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtext('the roles of annals'))")
        connection.execute(ROLES.read_text(encoding="utf-8").encode())
        connection.execute(ROLES.read_text(encoding="utf-8").encode())  # changes nothing
    server.tell("CREATE DATABASE {name}", name=name)
    migrate(url)
    names = {role: f"{role}_{name[-12:]}" for role in ("server", "worker", "auditor")}
    for role, login in names.items():
        server.tell(
            "CREATE ROLE {login} LOGIN PASSWORD 'secret' IN ROLE {role}",
            login=login,
            role=f"annals_{role}",
        )
    yield {
        "owner": url,
        **{r: make_conninfo(url, user=login, password="secret") for r, login in names.items()},
    }
    check(url)
    server.tell("DROP DATABASE {name} WITH (FORCE)", name=name)
    for login in names.values():
        server.tell("DROP ROLE {login}", login=login)


@pytest.mark.parametrize("role", ["server", "worker", "auditor"])
def test_who_serves_may_read_the_record_and_write_none_of_its_tables(
    logins: dict[str, str], role: str
) -> None:
    with Record(logins["owner"]) as record:
        found(record)
    with psycopg.connect(logins[role], autocommit=True) as connection:
        for table in TABLES:
            connection.execute(sql.SQL("select 1 from record.{}").format(sql.Identifier(table)))
            for statement in CHANGES:
                with pytest.raises(InsufficientPrivilege, match="permission denied for table"):
                    connection.execute(change(statement, table))
            with pytest.raises(InsufficientPrivilege, match="permission denied for table"):
                connection.execute(
                    sql.SQL("insert into record.{0} select * from record.{0}").format(
                        sql.Identifier(table)
                    )
                )
        with pytest.raises(InsufficientPrivilege, match="permission denied for schema record"):
            connection.execute("create table record.mine ()")
        with pytest.raises(InsufficientPrivilege, match="must be owner"):
            connection.execute("drop trigger entries_are_kept on record.entries")
        readable = connection.execute("select count(*) from record.entries_readable").fetchone()
    assert readable == (10,)


@pytest.mark.parametrize("role", ["worker", "auditor"])
def test_only_the_server_appends(logins: dict[str, str], role: str) -> None:
    with Record(logins["server"]) as record:
        found(record)
        record.carry_out("community:a", register(), by=LI)
    with (
        Record(logins[role]) as other,
        pytest.raises(ProgrammingError, match="permission denied for function append"),
    ):
        other.carry_out("community:b", register(), by=LI)


@pytest.mark.parametrize("role", ["server", "worker", "auditor"])
def test_nobody_but_the_owner_can_lock_what_appending_needs(
    logins: dict[str, str], role: str
) -> None:
    with psycopg.connect(logins[role]) as other:
        for table in ("append_turn", "entries", "receipts"):
            for mode in ("row share", "share update exclusive", "share", "access exclusive"):
                statement = sql.SQL("lock table record.{} in {} mode").format(
                    sql.Identifier(table), sql.SQL(mode)
                )
                with pytest.raises(InsufficientPrivilege):
                    other.execute(statement)
                other.rollback()
        other.execute("lock table record.entries, record.receipts in access share mode")
        with Record(logins["server"]) as record:
            found(record)


def test_the_worker_keeps_the_read_models_that_the_server_and_the_auditor_read(
    logins: dict[str, str],
) -> None:
    with Record(logins["server"]) as record:
        found(record)
        record.carry_out("community:a", register(), by=LI)
    catch_up(logins["worker"], PROJECTIONS)
    rebuild(logins["worker"], PROJECTIONS)
    for role in ("server", "auditor"):
        models = ReadModels(logins[role], connections_max=1)
        models.open()
        with models.view(after_position=11) as view:
            assert len(communities(view, effective=date(2024, 1, 1))) == 1
        models.close()
        with (
            psycopg.connect(logins[role]) as connection,
            pytest.raises(InsufficientPrivilege, match="permission denied"),
        ):
            connection.execute("delete from projections.community_line")


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


def test_only_who_serves_sees_accounts_and_nobody_removes_them(logins: dict[str, str]) -> None:
    for role in ("worker", "auditor"):
        assert pending(logins[role]) == ()
        with psycopg.connect(logins[role]) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute("select 1 from access.accounts")
    with psycopg.connect(logins["server"]) as connection:
        connection.execute("select 1 from access.accounts")
        with pytest.raises(InsufficientPrivilege):
            connection.execute("delete from access.accounts")
