"""Each login does what it is for, and nothing else; roles and logins come in any order."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import ProgrammingError
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from api.cli.refusals import coded_of
from projections.all import PROJECTIONS
from projections.engine.rebuild import rebuild
from projections.engine.view import ReadModels
from projections.engine.worker import catch_up
from projections.register import communities
from record.postgres.server import EmbeddedPostgres
from record.store.migrate import migrate, pending
from record.store.record import Record
from tests.checker import check
from tests.city import LI, found, register
from tests.databases import Server
from tests.record.test_kept import CHANGES, TABLES, change

ROLES = (Path(__file__).parents[2] / "record" / "roles.sql").read_text(encoding="utf-8").encode()


class Owned:
    """A database of an owner who is no superuser and makes no roles, as a careful operator has it.

    Its logins are made before and after its schema.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self.name = f"{server.prefix}{uuid4().hex[:12]}"
        self.made: list[str] = []
        self.owner = self.login("owner")
        server.tell("create database {name} owner {owner}", name=self.name, owner=self.made[0])
        with psycopg.connect(server.database(self.name)) as superuser:
            superuser.execute(ROLES)
            superuser.execute(ROLES)  # changes nothing

    def login(self, what: str, role: str = "") -> str:
        """The url of a new login."""
        login = f"{what}_{uuid4().hex[:8]}"
        self.server.tell("create role {login} login password 'secret'", login=login)
        if role:
            self.server.tell("grant {role} to {login}", role=role, login=login)
        self.made.append(login)
        url = self.server.database(self.name)
        return url.replace(f"//{_user(url)}", f"//{login}:secret", 1)

    def drop(self) -> None:
        """Drop the database and all of these logins."""
        self.server.tell("drop database {name} with (force)", name=self.name)
        for login in self.made:
            self.server.tell("drop role {login}", login=login)


def _user(url: str) -> str:
    return url.partition("//")[2].partition("@")[0]


@pytest.fixture
def owned(server: Server) -> Iterator[Owned]:
    owned = Owned(server)
    yield owned
    owned.drop()


@pytest.fixture
def logins(owned: Owned) -> Iterator[dict[str, str]]:
    """The urls of two logins in each role, one made before the schema, one after it; and the
    owner's."""
    before = {role: owned.login(role, f"annals_{role}") for role in ("server", "worker")}
    migrate(owned.owner)
    after = {
        "auditor": owned.login("auditor", "annals_auditor"),
        "second server": owned.login("server", "annals_server"),
        "second worker": owned.login("worker", "annals_worker"),
    }
    yield {"owner": owned.owner, **before, **after}
    check(owned.server.database(owned.name))


@pytest.mark.parametrize("role", ["server", "worker", "auditor"])
def test_who_serves_may_read_the_record_and_write_none_of_its_tables(
    logins: dict[str, str], role: str
) -> None:
    with Record(logins["server"]) as record:
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


FORBIDDEN: list[LiteralString] = [
    "set session_replication_role = replica",
    "alter table record.entries disable trigger all",
    "alter table record.entries disable trigger entries_are_kept",
    "alter table record.entries add column more text",
    "create rule gone as on insert to record.entries do instead nothing",
    "create or replace function record.refuse_change() returns trigger language sql as ''",
    "drop table record.receipts",
    "drop schema record cascade",
    "select nextval('record.attachment_numbers')",
    "insert into record.append_turn default values",
    "create table public.mine ()",
    "create temporary table mine ()",
    "select lo_from_bytea(0, 'x')",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user",
    "copy record.entries from program 'true'",
    "set role pg_write_server_files",
    "create role another",
    "alter system set fsync = off",
]
FORBIDDEN_TO_READERS: list[LiteralString] = [
    "create schema mine",
    "delete from projections.community_line",
    "insert into projections.progress (projection, \"position\", definition) values ('x', 1, 'x')",
    "truncate projections.community_line",
    "drop table projections.community_line cascade",
    "create table projections.mine ()",
    "do 'begin lock table projections.progress in access exclusive mode; end'",
    "select pg_advisory_lock(4919131752989213766)",
    "select pg_try_advisory_lock(1, 2)",
    "set role annals_worker",
]


@pytest.mark.parametrize("role", ["server", "worker", "auditor"])
def test_no_login_has_any_other_power(logins: dict[str, str], role: str) -> None:
    catch_up(logins["worker"], PROJECTIONS)
    forbidden = FORBIDDEN + (FORBIDDEN_TO_READERS if role != "worker" else [])
    with psycopg.connect(logins[role], autocommit=True) as connection:
        for statement in forbidden:
            with pytest.raises(psycopg.Error) as refused:
                connection.execute(statement)
            assert refused.value.sqlstate == "42501", (statement, refused.value)


def test_a_second_login_goes_on_where_the_first_one_stopped(logins: dict[str, str]) -> None:
    with Record(logins["server"]) as first, Record(logins["second server"]) as second:
        found(first)
        second.carry_out("community:a", register(), by=LI)
    for worker in ("worker", "second worker"):
        catch_up(logins[worker], PROJECTIONS)
        assert rebuild(logins[worker], PROJECTIONS).position == 11


def test_the_owner_may_begin_alone(owned: Owned) -> None:
    migrate(owned.owner)
    with Record(owned.owner) as record:
        found(record)
    catch_up(owned.owner, PROJECTIONS)
    worker = owned.login("worker", "annals_worker")
    assert rebuild(worker, PROJECTIONS).differences == ()
    catch_up(owned.owner, PROJECTIONS)


def test_roles_that_come_after_the_schema_and_the_read_models_have_their_rights(
    home: Path,
) -> None:
    with EmbeddedPostgres(home, durable=False) as postgres:
        url, roles = postgres.url, ("annals_server", "annals_worker", "annals_auditor")
        with psycopg.connect(url, autocommit=True) as superuser:
            for role in (*roles, "annals_serve", "annals_work", "annals_audit"):
                name = sql.Identifier(role)
                superuser.execute(sql.SQL("drop owned by {}").format(name))
                superuser.execute(sql.SQL("drop role {}").format(name))
            superuser.execute("create role keeper login password 'secret'")
            superuser.execute("create database another owner keeper")
        url = url.replace("/annals?", "/another?")
        owner = url.replace(_user(url), "keeper:secret", 1)
        migrate(owner)
        with Record(owner) as record:
            found(record)
        catch_up(owner, PROJECTIONS)

        with psycopg.connect(url, autocommit=True) as superuser:
            superuser.execute(ROLES)
            superuser.execute("create role w login password 'secret' in role annals_worker")
            superuser.execute("create role s login password 'secret' in role annals_server")
        with Record(owner.replace("keeper:", "s:")) as record:
            record.carry_out("community:a", register(), by=LI)
        catch_up(owner.replace("keeper:", "w:"), PROJECTIONS)
        assert rebuild(owner.replace("keeper:", "w:"), PROJECTIONS).position == 11


def test_the_private_postgresql_has_a_login_for_each_task(home: Path) -> None:
    with EmbeddedPostgres(home, durable=False) as postgres:
        migrate(postgres.url)
        with Record(postgres.logins.server) as record:
            found(record)
        catch_up(postgres.logins.worker, PROJECTIONS)
        for login in (postgres.logins.server, postgres.logins.worker, postgres.logins.auditor):
            with psycopg.connect(login) as connection:
                row = connection.execute(
                    "select rolsuper, current_setting('statement_timeout'),"
                    " current_setting('idle_in_transaction_session_timeout')"
                    " from pg_roles where rolname = current_user"
                ).fetchone()
                assert row is not None
                assert not row[0]
                assert "0" not in row[1:], "nothing stalls others for ever"
                with pytest.raises(InsufficientPrivilege):
                    connection.execute("set session_replication_role = replica")
    with EmbeddedPostgres(home, durable=False) as postgres, Record(postgres.logins.auditor) as read:
        assert read.head() == 10, "logins are kept"


def test_a_login_without_the_rights_is_told_so(logins: dict[str, str]) -> None:
    with psycopg.connect(logins["auditor"]) as auditor, pytest.raises(InsufficientPrivilege) as no:
        auditor.execute("select nextval('record.attachment_numbers')")

    assert coded_of(no.value).code == "command-line.login-lacks-rights"


def test_only_who_serves_sees_accounts_and_nobody_removes_them(logins: dict[str, str]) -> None:
    for role in ("worker", "auditor"):
        assert pending(logins[role]) == ()
        with psycopg.connect(logins[role]) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute("select 1 from access.accounts")
    with psycopg.connect(logins["server"]) as connection:
        connection.execute("select 1 from access.accounts")
        with pytest.raises(InsufficientPrivilege):
            connection.execute("delete from access.accounts")


def test_the_auditor_reads_the_operation_log_and_only_the_server_adds_to_it(
    logins: dict[str, str],
) -> None:
    with psycopg.connect(logins["server"]) as connection:
        connection.execute("""select access.note('{"what": "sign-in"}')""")
        with pytest.raises(InsufficientPrivilege):
            connection.execute(
                "insert into access.operation_log (number, at, entry, digest)"
                " select number + 1, at, entry, digest from access.operation_log"
            )
    with psycopg.connect(logins["auditor"]) as connection:
        connection.execute("select entry from access.operation_log")
        with pytest.raises(InsufficientPrivilege):
            connection.execute("""select access.note('{"what": "sign-in"}')""")
