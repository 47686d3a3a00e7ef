"""Our own PostgreSQL: private, durable, kept between starts, and one process's at a time."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import LiteralString

import psutil
import psycopg
import pytest

from record.postgres.data_directory import PORT, PostgresInUse, PostgresUnavailable
from record.postgres.server import EmbeddedPostgres
from tests.refusing import stopped

HOLD = """
import sys, time
from pathlib import Path
from record.postgres.server import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as postgres:
    print(postgres.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def elsewhere(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, whose server of `home` serves; the first line that it says is its pid."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True
    )
    yield process
    process.terminate()  # its server ends with it, unless the test killed it
    process.communicate()


def ask(url: str, question: LiteralString) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def keep(url: str, value: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def answers(url: str) -> bool:
    with suppress(psycopg.OperationalError):
        return ask(url, "SELECT 1") == 1
    return False


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 100
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def serves(pid: int) -> bool:
    """Whether a process is there and not merely waiting for its parent to take note of its end."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_an_empty_postgresql_18_in_utf8(empty_home: Path) -> None:
    with EmbeddedPostgres(empty_home) as postgres:
        version = ask(postgres.url, "SELECT current_setting('server_version')")
        assert str(version).startswith("18.")
        assert ask(postgres.url, "SHOW server_encoding") == "UTF8"
        assert ask(postgres.url, "SELECT current_database()") == "annals"
        assert ask(postgres.url, "SELECT lower('É')") == "é"


def test_what_is_committed_is_on_the_disk_and_checked(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert ask(postgres.url, f"SELECT current_setting('{setting}')") == "on", setting


def test_nobody_else_gets_in(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        assert postgres.pid is not None
        connections = psutil.Process(postgres.pid).net_connections("inet")
        assert connections == []
        assert mode(home / "postgres" / "run") == 0o700
        assert mode(home / "postgres" / "data") == 0o700
        assert mode(home / "postgres" / "password") == 0o600
        assert mode(home / "postgres" / "log") == 0o600
        rules = (home / "postgres" / "data" / "pg_hba.conf").read_text()
        methods = {rule.split()[-1] for rule in rules.splitlines() if rule and rule[0] != "#"}
        assert methods == {"scram-sha-256"}
        secret = (home / "postgres" / "password").read_text()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(postgres.url.replace(secret, "guessed"))


def test_it_is_kept_between_starts(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        keep(postgres.url, 7)
    with EmbeddedPostgres(home) as postgres:
        assert ask(postgres.url, "SELECT value FROM kept") == 7


def test_a_server_that_was_killed_is_started_again_with_all_that_was_committed(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        keep(postgres.url, 7)
        busy = psycopg.connect(postgres.url)
        busy.execute("SELECT 1")
        killed = postgres.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: postgres.pid not in (None, killed) and answers(postgres.url))
        busy.close()

        assert ask(postgres.url, "SELECT value FROM kept") == 7


def test_a_restart_that_fails_is_tried_again(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        killed, log = postgres.pid, home / "postgres" / "log"
        assert killed is not None
        log.rename(log.with_name("log.old"))
        log.mkdir()  # nothing can be opened to write there
        os.kill(killed, signal.SIGKILL)
        wait_for(lambda: postgres.pid is None)
        time.sleep(0.5)
        assert postgres.pid is None
        log.rmdir()

        wait_for(lambda: postgres.pid is not None and answers(postgres.url))


def test_a_half_made_database_is_made_anew(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass
    (home / "postgres" / "data").rename(home / "postgres" / "data.new")
    (home / "postgres" / "data.new" / "PG_VERSION").unlink()

    with EmbeddedPostgres(home) as postgres:
        assert ask(postgres.url, "SELECT 1") == 1


def test_a_second_process_is_told_who_holds_it(
    home: Path, elsewhere: subprocess.Popen[str]
) -> None:
    server = int(first_line(elsewhere))

    with stopped("postgres.in-use", PostgresInUse) as told:
        EmbeddedPostgres(home).start()
    assert told.value.params["pid"] == elsewhere.pid
    assert serves(server)


def test_a_second_process_can_use_the_one_that_runs(
    home: Path, elsewhere: subprocess.Popen[str]
) -> None:
    first_line(elsewhere)

    logins = EmbeddedPostgres.running(home)
    assert logins is not None
    assert ask(logins.server, "SELECT 1") == 1
    elsewhere.terminate()
    elsewhere.wait()
    assert EmbeddedPostgres.running(home) is None


def test_a_server_that_still_starts_is_waited_for(
    home: Path, elsewhere: subprocess.Popen[str]
) -> None:
    while not (logins := EmbeddedPostgres.running(home)):
        assert elsewhere.poll() is None
    assert ask(logins.auditor, "SELECT 1") == 1


def test_nothing_runs_in_a_home_where_nothing_was_started(empty_home: Path) -> None:
    assert EmbeddedPostgres.running(empty_home) is None
    assert EmbeddedPostgres.running(empty_home / "missing") is None


def test_sigterm_stops_the_server_with_its_process(elsewhere: subprocess.Popen[str]) -> None:
    server = int(first_line(elsewhere))
    elsewhere.terminate()

    assert elsewhere.wait() == 128 + signal.SIGTERM
    assert not serves(server)


def test_a_server_ends_with_its_process_even_when_that_is_killed(
    elsewhere: subprocess.Popen[str],
) -> None:
    server = int(first_line(elsewhere))

    elsewhere.kill()

    wait_for(lambda: not serves(server))


def test_a_server_left_behind_by_a_killed_process_is_replaced(
    home: Path, elsewhere: subprocess.Popen[str]
) -> None:
    server = int(first_line(elsewhere))
    logins = EmbeddedPostgres.running(home)
    assert logins is not None
    keep(logins.owner, 7)
    for watch in psutil.Process(elsewhere.pid).children():
        if watch.pid != server:
            watch.kill()
    elsewhere.kill()
    elsewhere.wait()
    assert serves(server)
    assert EmbeddedPostgres.running(home) is None

    with EmbeddedPostgres(home) as postgres:
        assert postgres.pid != server
        assert not serves(server)
        assert ask(postgres.url, "SELECT value FROM kept") == 7


def test_a_stranger_with_the_process_id_of_a_killed_server_is_left_alone(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass
    note = home / "postgres" / "data" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{note.parent}\n1\n{PORT}\n{home}\n\n0\nready\n")

    with EmbeddedPostgres(home) as postgres:
        assert ask(postgres.url, "SELECT 1") == 1


def test_a_home_with_a_long_path_is_no_obstacle(empty_home: Path) -> None:
    long = empty_home / ("long" * 30)
    with EmbeddedPostgres(long) as postgres:
        assert ask(postgres.url, "SELECT 1") == 1
        sockets = Path(str(ask(postgres.url, "SHOW unix_socket_directories")))
        assert mode(sockets) == 0o700
        assert EmbeddedPostgres.running(long) == postgres.logins
    sockets.rmdir()


def test_a_socket_folder_of_somebody_elses_is_refused(empty_home: Path) -> None:
    long = empty_home / ("long" * 30)
    with EmbeddedPostgres(long) as postgres:
        sockets = Path(str(ask(postgres.url, "SHOW unix_socket_directories")))
    sockets.chmod(0o777)

    with stopped("postgres.socket-folder-not-private", PostgresUnavailable):
        EmbeddedPostgres(long).start()
    sockets.rmdir()


def test_a_server_that_does_not_start_says_why(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass
    (home / "postgres" / "data" / "PG_VERSION").write_text("9\n")

    with stopped("postgres.not-started", PostgresUnavailable) as told:
        EmbeddedPostgres(home).start()
    assert "incompatible with server" in str(told.value.params["last"])
    assert EmbeddedPostgres.running(home) is None


def test_settings_of_other_postgresqls_do_not_reach_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/nonexistent")
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("LC_ALL", "nowhere")
    with EmbeddedPostgres(home) as postgres:
        assert ask(postgres.url, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another user")
def test_a_home_that_only_root_can_enter_stays_so_and_leads_to_the_data(empty_home: Path) -> None:
    empty_home.chmod(0o700)
    with EmbeddedPostgres(empty_home) as postgres:
        keep(postgres.url, 7)
        place = (empty_home / "postgres").readlink()
        assert place.parent == Path("/var/lib")
        assert (place / "belongs-to").read_text() == f"{empty_home / 'postgres'}\n"
    assert mode(empty_home) == 0o700

    with EmbeddedPostgres(empty_home) as postgres:
        assert ask(postgres.url, "SELECT value FROM kept") == 7
    shutil.rmtree(place)

    with stopped("postgres.folder-gone", PostgresUnavailable):
        EmbeddedPostgres(empty_home).start()


def test_each_test_has_a_database_of_its_own_at_the_newest_schema(database_url: str) -> None:
    assert str(ask(database_url, "SELECT current_database()")).startswith("annals_test_")
    assert ask(database_url, "SELECT count(*) FROM record.migrations") != 0
