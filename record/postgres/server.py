"""Our own private PostgreSQL, used when DATABASE_URL is not set.

Starts, supervises, stops and finds one server per home folder. Never listens on the network, never
stops a server that another process uses.
"""

import atexit
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self
from urllib.parse import quote

import psutil

from record.logins import Logins
from record.postgres.cluster import (
    DATABASE,
    LOGINS,
    OWNER,
    failed,
    make_cluster,
    make_database,
    make_logins,
    open_log,
    password_of,
    said_since,
)
from record.postgres.data_directory import PORT, DataDirectory, Lock, PostgresUnavailable, settle

START_SECONDS_MAX = 300.0  # recovery after a crash replays up to max_wal_size
STOP_SECONDS_MAX = 60.0
PAUSE_SECONDS = 0.02
SUPERVISION_SECONDS = 0.2
RESTART_SECONDS = 2.0

# Reads until a line comes; the end of the input comes first when the process that holds the other
# end is gone, however it ended, and then the server is stopped.
WATCH = 'read -r _ || kill -s INT "$1"'

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

    A server that ends by itself, killed or for want of room on its disk, is started again, as often
    as it takes. While it runs, SIGTERM and SIGHUP end this process as `sys.exit` does, so that the
    server is stopped with it; a process that is killed takes its server with it, too.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        """`durable=False` is only for tests: nothing is forced to disk."""
        self.home = home.absolute()
        self._durable = durable
        self._lock: Lock | None = None
        self._directory: DataDirectory | None = None
        self._sockets: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._supervisor: threading.Thread | None = None
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
        """The owner's url, who is superuser: the socket, login, password, database `annals`."""
        return self.logins.owner

    @property
    def logins(self) -> Logins:
        """Where psycopg connects, under each login."""
        if self._directory is None or self._sockets is None:
            raise PostgresUnavailable("postgres.not-started-here", home=str(self.home))
        return _logins(self._sockets, self._directory.password)

    @property
    def pid(self) -> int | None:
        """The server's process, or None if it does not run."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    @classmethod
    def running(cls, home: Path) -> Logins | None:
        """The logins of a server that any process started for `home`, or None.

        Waits for a server that is starting or stopping. Raises PostgresUnavailable if that takes
        too long or the server belongs to another user.
        """
        home = home.absolute()
        deadline = time.monotonic() + START_SECONDS_MAX
        while (holder := Lock.holder(home)) is not None:
            if holder.sockets is not None:
                return _logins(holder.sockets, home / "postgres" / "password")
            if time.monotonic() > deadline:
                raise PostgresUnavailable(
                    "postgres.start-unfinished",
                    pid=holder.pid,
                    home=str(home),
                    seconds=round(START_SECONDS_MAX),
                    log=str(home / "postgres" / "log"),
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
            self._stopping.clear()
            self._end_with_this_process()
            self._directory = directory = settle(self.home)
            self._sockets = directory.sockets()
            if not directory.cluster.exists():
                make_cluster(directory)
            self._launch(directory, self._sockets)
            secret = _secret(directory.password)
            make_database(_url(self._sockets, secret, OWNER, database="postgres"))
            make_logins(_url(self._sockets, secret, OWNER), secret)
            self._supervisor = threading.Thread(
                target=self._supervise, args=(directory, self._sockets), daemon=True
            )
            self._supervisor.start()
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
        self._stopping.set()
        if self._supervisor is not None:
            self._supervisor.join()
            self._supervisor = None
        if self.pid is not None:
            log.info("Stopping the PostgreSQL of %s.", self.home)
            _end(self.pid, lambda: self.pid is None)
        self._process = None
        self._release_watch()
        self._restore_signals()
        atexit.unregister(self.stop)
        lock.release()
        self._lock = None

    def _supervise(self, directory: DataDirectory, sockets: Path) -> None:
        """Start the server again whenever it has ended, until it is meant to stop."""
        while not self._stopping.wait(SUPERVISION_SECONDS):
            if self.pid is not None:
                continue
            log.error("PostgreSQL has ended; see %s. Starting it again.", directory.log)
            try:
                self._launch(directory, sockets)
            except (PostgresUnavailable, OSError) as problem:
                if not self._stopping.wait(RESTART_SECONDS):
                    log.error("%s", problem)

    def _release_watch(self) -> None:
        if self._watch is not None:
            self._watch.communicate(b"\n")
            self._watch = None

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

    def _launch(self, directory: DataDirectory, sockets: Path) -> None:
        _stop_left_behind(directory)
        settings = SETTINGS | {"unix_socket_directories": str(sockets)}
        settings |= {} if self._durable else {"fsync": "off", "synchronous_commit": "off"}
        command = [str(directory.programs / "postgres"), "-D", str(directory.cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._try(command, directory, deadline):
            time.sleep(10 * PAUSE_SECONDS)

    def _try(self, command: list[str], directory: DataDirectory, deadline: float) -> bool:
        """Start it once; False if it may succeed when the last of a killed server's are gone."""
        with open_log(directory) as output:
            said_before = output.tell()
            self._process = process = subprocess.Popen(
                command,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **directory.switches(),
            )
        self._release_watch()
        self._watch = _watch_over(process, directory)
        while time.monotonic() < deadline and not self._stopping.is_set():
            if process.poll() is not None:
                said = said_since(directory, said_before)
                if "is still in use" in said:
                    return False
                raise failed("postgres.not-started", directory, said)
            if _postmaster(directory) == (process.pid, "ready"):
                return True
            time.sleep(PAUSE_SECONDS)
        raise failed("postgres.not-ready", directory, said_since(directory, said_before))


def _watch_over(
    server: "subprocess.Popen[bytes]", directory: DataDirectory
) -> "subprocess.Popen[bytes]":
    """A process that stops the server when this one is gone without having released it."""
    return subprocess.Popen(
        ["/bin/sh", "-c", WATCH, "annals-watch", str(server.pid)],
        start_new_session=True,
        **directory.switches() | {"stdin": subprocess.PIPE},
    )


def _logins(sockets: Path, password: Path) -> Logins:
    secret = _secret(password)
    return Logins(*(_url(sockets, secret, login) for login in (OWNER, *LOGINS)))


def _url(sockets: Path, secret: str, login: str, database: str = DATABASE) -> str:
    place = quote(os.fsencode(sockets), safe="")
    return f"postgresql://{login}:{password_of(login, secret)}@/{database}?host={place}&port={PORT}"


def _secret(password: Path) -> str:
    """The password of the owner."""
    try:
        return password.read_text(encoding="ascii").strip()
    except PermissionError:
        raise PostgresUnavailable(
            "postgres.of-another-user", folder=str(password.parent), user=password.parent.owner()
        ) from None
    except FileNotFoundError:
        raise PostgresUnavailable("postgres.password-gone", file=str(password)) from None


def _stop_left_behind(directory: DataDirectory) -> None:
    """Stop a server whose starter was killed, and clear what a recycled process id would block."""
    left = _postmaster(directory)
    if left is None:
        return
    pid, _ = left
    if _serves(pid, directory.cluster):
        log.warning(
            "正在停止被强制结束的进程所遗留的 PostgreSQL（进程 %d）。"
            " · Stopping a PostgreSQL (process %d) that a killed process left behind.",
            pid,
            pid,
        )
        _end(pid, lambda: not _serves(pid, directory.cluster))
    elif psutil.pid_exists(pid):
        # PostgreSQL would take the stranger for a server. A live one still can't be missed: the
        # shared memory that it checks besides is found by the folder, not by this file.
        (directory.cluster / "postmaster.pid").unlink(missing_ok=True)


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process is alive and the server of these files."""
    try:
        process = psutil.Process(pid)
        command: list[str] = process.cmdline()
        alive: bool = process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return alive and command[1:3] == ["-D", str(cluster)]


def _postmaster(directory: DataDirectory) -> tuple[int, str] | None:
    """Process id and state as the server itself notes them, or None if it noted none."""
    try:
        lines = (directory.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
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
    raise PostgresUnavailable("postgres.not-ended", pid=pid)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
