"""Our own private PostgreSQL, used when DATABASE_URL is not set.

Starts, stops and finds one server per home folder. It never listens on the network and never
stops a server that another process uses.
"""

import atexit
import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import BinaryIO, Self
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from record.postgres.data_directory import PORT, DataDirectory, Lock, PostgresUnavailable, settle

START_SECONDS_MAX = 300.0  # recovery after a crash replays up to max_wal_size
STOP_SECONDS_MAX = 60.0
LOG_BYTES_MAX = 10_000_000
PAUSE_SECONDS = 0.02

ROLE = DATABASE = "annals"

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "max_parallel_workers": "2",
    "random_page_cost": "1.1",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}

log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """A PostgreSQL server of our own, kept in `home/postgres`; a context manager.

    While it runs, SIGTERM and SIGHUP end this process as `sys.exit` does, so that the server is
    stopped, too. A server that a killed process left running is stopped at the next start.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        """`durable=False` is only for tests: nothing is forced to disk."""
        self.home = home.absolute()
        self._durable = durable
        self._lock: Lock | None = None
        self._premises: DataDirectory | None = None
        self._sockets: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._signals: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The address for psycopg: socket, role, password and the database `annals`."""
        if self._premises is None or self._sockets is None:
            raise PostgresUnavailable(f"The PostgreSQL of {self.home} was not started here.")
        return _url(self._sockets, self._premises.password)

    @property
    def pid(self) -> int | None:
        """The server's process, or None if it does not run."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    @classmethod
    def running(cls, home: Path) -> str | None:
        """The url of a server that any process started for `home`, or None.

        Waits for a server that is starting or stopping. Raises PostgresUnavailable if that takes
        too long or the server belongs to another user.
        """
        home = home.absolute()
        deadline = time.monotonic() + START_SECONDS_MAX
        while (holder := Lock.holder(home)) is not None:
            if holder.sockets is not None:
                return _url(holder.sockets, home / "postgres" / "password")
            if time.monotonic() > deadline:
                raise PostgresUnavailable(
                    f"Process {holder.pid} has been starting or stopping the PostgreSQL of {home}"
                    f" for {START_SECONDS_MAX:.0f} s. Look into {home / 'postgres' / 'log'}."
                )
            time.sleep(PAUSE_SECONDS)
        return None

    def start(self) -> None:
        """Start the server and wait until it is ready. The first start creates the database.

        Raises PostgresInUse if another process holds `home`, PostgresUnavailable if the server
        does not start.
        """
        if self.pid is not None:
            return
        if self._lock is None:
            self._lock = Lock.take(self.home)
        self._lock.say(None)
        try:
            self._end_with_this_process()
            self._premises = premises = settle(self.home)
            self._sockets = premises.sockets()
            if not premises.cluster.exists():
                _make_cluster(premises)
            _stop_left_behind(premises)
            self._launch(premises, self._sockets)
            _make_database(_url(self._sockets, premises.password, database="postgres"))
            self._lock.say(self._sockets)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server if this object started it in this process, and wait for it."""
        lock = self._lock
        if lock is None or lock.pid != os.getpid():
            return
        lock.say(None)
        if self.pid is not None:
            log.info("Stopping the PostgreSQL of %s.", self.home)
            _end(self.pid, lambda: self.pid is None)
        self._process = None
        self._restore_signals()
        atexit.unregister(self.stop)
        lock.release()
        self._lock = None

    def _end_with_this_process(self) -> None:
        atexit.register(self.stop)
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._signals[number] = signal.signal(number, _exit)

    def _restore_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number, handler in self._signals.items():
            if signal.getsignal(number) is _exit:
                signal.signal(number, handler)
        self._signals.clear()

    def _launch(self, premises: DataDirectory, sockets: Path) -> None:
        settings = SETTINGS | {"unix_socket_directories": str(sockets)}
        settings |= {} if self._durable else {"fsync": "off", "synchronous_commit": "off"}
        command = [str(premises.programs / "postgres"), "-D", str(premises.cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._try(command, premises, deadline):
            time.sleep(10 * PAUSE_SECONDS)

    def _try(self, command: list[str], premises: DataDirectory, deadline: float) -> bool:
        """Start it; False if a retry may succeed once a killed server's processes are gone."""
        with _open_log(premises) as output:
            said_before = output.tell()
            self._process = process = subprocess.Popen(
                command, stdout=output, stderr=output, start_new_session=True, **premises.switches()
            )
        while time.monotonic() < deadline:
            if process.poll() is not None:
                said = _said(premises, said_before)
                if "is still in use" in said:
                    return False
                raise PostgresUnavailable(_failed(premises, "did not start", said))
            if _postmaster(premises) == (process.pid, "ready"):
                return True
            time.sleep(PAUSE_SECONDS)
        reason = f"was not ready after {START_SECONDS_MAX:.0f} s"
        raise PostgresUnavailable(_failed(premises, reason, _said(premises, said_before)))


def _url(sockets: Path, password: Path, database: str = DATABASE) -> str:
    try:
        secret = password.read_text(encoding="ascii").strip()
    except PermissionError:
        raise PostgresUnavailable(
            f"The PostgreSQL of {password.parent} runs, but it belongs to the user"
            f" {password.parent.owner()}. Use that user, or root."
        ) from None
    except FileNotFoundError:
        raise PostgresUnavailable(
            f"{password}, the password of the database beside it, is gone. Put it back."
        ) from None
    place = quote(os.fsencode(sockets), safe="")
    return f"postgresql://{ROLE}:{secret}@/{database}?host={place}&port={PORT}"


def _make_cluster(premises: DataDirectory) -> None:
    """Create the database files, first under another name, so that incomplete ones are not used."""
    log.info("Creating a database in %s.", premises.cluster)
    unfinished = premises.folder / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    premises.hand_over(unfinished)
    secret = secrets.token_urlsafe(32)
    _write_private(premises.password, secret)
    handed = premises.folder / "password.new"
    _write_private(handed, secret)
    premises.hand_over(handed)
    try:
        made = subprocess.run(
            [
                str(premises.programs / "initdb"),
                f"--pgdata={unfinished}",
                f"--username={ROLE}",
                f"--pwfile={handed}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--no-instructions",
            ],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **premises.switches(),
        )
    finally:
        handed.unlink()
    if made.returncode:
        said = made.stdout.decode(errors="replace")
        raise PostgresUnavailable(_failed(premises, "could not create its files", said))
    unfinished.rename(premises.cluster)
    _sync(premises.folder)


def _make_database(maintenance_url: str) -> None:
    with psycopg.connect(maintenance_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _stop_left_behind(premises: DataDirectory) -> None:
    """Stop a server that a killed process left running, and remove a stale process id file."""
    left = _postmaster(premises)
    if left is None:
        return
    pid, _ = left
    if _serves(pid, premises.cluster):
        log.warning(
            "正在停止被强制结束的进程所遗留的 PostgreSQL（进程 %d）。"
            " · Stopping a PostgreSQL (process %d) that a killed process left behind.",
            pid,
            pid,
        )
        _end(pid, lambda: not _serves(pid, premises.cluster))
    elif psutil.pid_exists(pid):
        # PostgreSQL would take another process for its server. A live one is still noticed: the
        # shared memory that it also checks is found by the folder, not by this file.
        (premises.cluster / "postmaster.pid").unlink(missing_ok=True)


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process is alive and the server of these files."""
    try:
        process = psutil.Process(pid)
        command: list[str] = process.cmdline()
        alive: bool = process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return alive and command[1:3] == ["-D", str(cluster)]


def _postmaster(premises: DataDirectory) -> tuple[int, str] | None:
    """Process id and state from the server's own file, or None."""
    try:
        lines = (premises.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].isdigit():
        return None
    return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""


def _end(pid: int, ended: Callable[[], bool]) -> None:
    """Stop it by fast shutdown, or harder if that fails; it then recovers at the next start.

    Even SIGKILL loses nothing that was committed.
    """
    for how, seconds in (
        (signal.SIGINT, STOP_SECONDS_MAX),
        (signal.SIGQUIT, STOP_SECONDS_MAX / 6),
        (signal.SIGKILL, STOP_SECONDS_MAX / 6),
    ):
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if ended():
                return
            time.sleep(PAUSE_SECONDS)
    raise PostgresUnavailable(f"PostgreSQL (process {pid}) does not end, not even when killed.")


def _failed(premises: DataDirectory, what: str, said: str) -> str:
    last = "\n".join(said.strip().splitlines()[-5:])
    return f"PostgreSQL {what}; see {premises.log}. Its last words:\n{last}"


def _said(premises: DataDirectory, since_byte: int) -> str:
    with premises.log.open("rb") as said:
        said.seek(since_byte)
        return said.read(LOG_BYTES_MAX).decode(errors="replace")


def _open_log(premises: DataDirectory) -> BinaryIO:
    """Open the log. A full one is moved aside and replaces the one before it."""
    if premises.log.exists() and premises.log.stat().st_size > LOG_BYTES_MAX:
        premises.log.rename(premises.log.with_name("log.1"))
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    descriptor = os.open(premises.log, flags, 0o600)
    output = os.fdopen(descriptor, "ab")
    output.seek(0, os.SEEK_END)
    return output


def _write_private(path: Path, text: str) -> None:
    """Write a file that only we can read, and wait until it is on disk."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
