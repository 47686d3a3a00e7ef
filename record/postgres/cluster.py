"""The files of our own PostgreSQL: made once, whole or not at all, and the log beside them."""

import logging
import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql

from record.postgres.data_directory import DataDirectory, PostgresUnavailable

LOG_BYTES_MAX = 10_000_000

ROLE = DATABASE = "annals"

log = logging.getLogger(__name__)


def make_cluster(directory: DataDirectory) -> None:
    """Make the database files under another name first: half-made ones are never mistaken."""
    log.info("Making a database in %s.", directory.cluster)
    unfinished = directory.folder / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    directory.hand_over(unfinished)
    secret = secrets.token_urlsafe(32)
    _write_private(directory.password, secret)
    handed = directory.folder / "password.new"
    _write_private(handed, secret)
    directory.hand_over(handed)
    try:
        made = subprocess.run(
            [
                str(directory.programs / "initdb"),
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
            **directory.switches(),
        )
    finally:
        handed.unlink()
    if made.returncode:
        raise failed("postgres.not-made", directory, made.stdout.decode(errors="replace"))
    unfinished.rename(directory.cluster)
    _sync(directory.folder)


def make_database(maintenance_url: str) -> None:
    """Make the database `annals` where there is none."""
    with psycopg.connect(maintenance_url, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def failed(code: str, directory: DataDirectory, said: str) -> PostgresUnavailable:
    """What went wrong, with the last five lines of what the server said."""
    last = "\n".join(said.strip().splitlines()[-5:])
    return PostgresUnavailable(code, log=str(directory.log), last=last)


def said_since(directory: DataDirectory, since_byte: int) -> str:
    """What the server wrote to its log from a byte on."""
    with directory.log.open("rb") as said:
        said.seek(since_byte)
        return said.read(LOG_BYTES_MAX).decode(errors="replace")


def open_log(directory: DataDirectory) -> BinaryIO:
    """The log for one more start; a full one is put aside, and the one before it goes."""
    if directory.log.exists() and directory.log.stat().st_size > LOG_BYTES_MAX:
        directory.log.rename(directory.log.with_name("log.1"))
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
    descriptor = os.open(directory.log, flags, 0o600)
    output = os.fdopen(descriptor, "ab")
    output.seek(0, os.SEEK_END)
    return output


def _write_private(path: Path, text: str) -> None:
    """A file that only we can read, on the disk before we go on."""
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
