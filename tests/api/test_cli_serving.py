"""`annals serve` and `work` as processes: where they listen, how they stop, whom they serve."""

import asyncio
import signal
import socket
from pathlib import Path
from subprocess import Popen
from urllib.request import urlopen

import psycopg
import pytest

from access.access import Access
from access.passwords import initial
from api.cli.listening import listening
from api.settings import Settings
from demo.visitors import PASSWORD, VISITORS
from record.postgres.server import EmbeddedPostgres
from record.store.record import Record
from tests.api.console import (
    SECONDS_MAX,
    address_of,
    annals,
    key_at,
    refused_by,
    shown_at,
    started,
    until,
)
from tests.city import LI, put_on_register, register


def test_an_answer_on_a_kept_connection_waits_for_no_acknowledgement() -> None:
    delays: list[int] = []

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected: socket.socket = writer.get_extra_info("socket")
        delays.append(connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async def ask(door: socket.socket) -> None:
        async with await asyncio.start_server(answer, sock=door):
            reader, writer = await asyncio.open_connection(*door.getsockname())
            await reader.read()
            writer.close()

    with listening(Settings(), None, 0) as door:
        asyncio.run(ask(door))
    assert delays == [1]


@pytest.mark.slow
def test_the_server_serves_also_from_a_container_and_stops_when_it_is_asked_to(
    database_url: str, record: Record, processes: list["Popen[str]"]
) -> None:
    published = {"ANNALS_HOST": "0.0.0.0", "ANNALS_PUBLISHED_ON": "127.0.0.1"}
    serve = ("serve", "--port", "0", "--with-worker")
    process = started(*serve, DATABASE_URL=database_url, **published)
    processes.append(process)
    address = address_of(process).replace("0.0.0.0", "127.0.0.1")

    record.carry_out("community:a", register("临园社区", "510703001001"), by=LI)

    assert ":0/" not in address
    assert "临园社区" in shown_at(f"{address}api/v1/communities", key_at(database_url))
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS_MAX) == 0


@pytest.mark.slow
@pytest.mark.usefixtures("record")
def test_without_a_worker_the_server_only_serves(
    database_url: str, processes: list["Popen[str]"]
) -> None:
    process = started("serve", "--port", "0", DATABASE_URL=database_url)
    processes.append(process)
    address = address_of(process)

    assert urlopen(f"{address}health/live").status == 200
    with psycopg.connect(database_url) as connection:
        row = connection.execute('select max("position") from projections.progress').fetchone()
    assert row == (0,)
    process.send_signal(signal.SIGINT)
    assert process.wait(SECONDS_MAX) == 0


@pytest.mark.slow
def test_a_worker_keeps_up_and_stops_when_it_is_asked_to(
    database_url: str, record: Record, processes: list["Popen[str]"]
) -> None:
    process = started("work", DATABASE_URL=database_url)
    processes.append(process)

    until(lambda: _position(database_url) == record.head())
    process.send_signal(signal.SIGTERM)

    assert process.wait(SECONDS_MAX) == 0


def test_only_this_machine_is_listened_to(database_url: str) -> None:
    code = "command-line.not-this-machine"
    elsewhere = {"ANNALS_HOST": "0.0.0.0", "ANNALS_PUBLISHED_ON": "10.0.0.1"}

    assert refused_by(database_url, "serve", "--host", "0.0.0.0") == code
    assert refused_by(database_url, "serve", **elsewhere) == code


def test_a_taken_port_is_a_sentence(database_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        code = refused_by(database_url, "serve", "--port", port)
    assert code == "command-line.port-not-available"


def test_a_setting_that_cannot_be_used_is_named(database_url: str) -> None:
    answer = annals(database_url, "serve", ANNALS_PORT="eighty")

    assert answer.reason
    assert answer.reason.code == "command-line.setting-unusable"
    assert answer.reason.params == {"names": ["ANNALS_PORT"]}


def test_a_command_that_only_reads_makes_no_database(tmp_path: Path) -> None:
    home = str(tmp_path / "home")

    for words in (("status",), ("export", "register"), ("replay", "a"), ("rebuild",)):
        assert refused_by("", *words, ANNALS_HOME=home) == "command-line.no-record"
    assert not Path(home).exists()


@pytest.mark.slow
def test_without_a_database_named_the_server_serves_a_private_one_that_commands_share(
    home: Path, processes: list["Popen[str]"]
) -> None:
    def private(*words: str) -> str:
        answer = annals("", *words, ANNALS_HOME=str(home))
        assert answer.code == 0, answer.err
        return answer.out

    private("found", "--city", "绵阳市", "--code", "5107")
    assert EmbeddedPostgres.running(home) is None, "it ran for the time of the command"
    process = started("serve", "--port", "0", DATABASE_URL="", ANNALS_HOME=str(home))
    processes.append(process)
    address = address_of(process)

    assert "绵阳市" in private("status")
    logins = EmbeddedPostgres.running(home)
    assert logins is not None
    assert "绵阳市" in shown_at(f"{address}api/v1/record", key_at(logins.server))
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS_MAX) == 0
    assert EmbeddedPostgres.running(home) is None, "it stops with the server"


def test_no_demo_is_recorded_where_a_real_city_is(database_url: str, record: Record) -> None:
    head = record.head()

    assert refused_by(database_url, "demo", "--port", "0") == "command-line.no-demo-here"
    assert record.head() == head


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
def test_accounts_with_the_password_of_the_demo_are_served_nowhere(
    database_url: str, record: Record, host: str
) -> None:
    put_on_register(record, {"person:zhao": "赵敏"})
    accounts = Access(record.recorder.datastore).accounts
    accounts.add(person="zhao", login=VISITORS[0].login, password=initial())
    credentials = accounts.credentials(VISITORS[0].login)
    assert credentials is not None
    accounts.choose_password(credentials, PASSWORD)
    words = ("serve", "--host", host, "--port", "0", "--proxy", "192.0.2.1", "--name", "a.example")

    assert refused_by(database_url, *words) == "command-line.demo-accounts"


def test_an_address_that_is_none_is_a_sentence_that_does_not_repeat_it() -> None:
    answer = annals("postgresql:/user:secret@host", "status")

    assert answer.reason
    assert answer.reason.code == "command-line.not-an-address"
    assert "secret" not in answer.err


def _position(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute('select min("position") from projections.progress').fetchone()
    assert row is not None
    return int(row[0])
