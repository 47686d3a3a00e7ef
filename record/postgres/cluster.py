"""The files of our own PostgreSQL: made once, whole or not at all, and the log beside them."""

import hmac
import logging
import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql

from record.logins import settle_rights
from record.postgres.data_directory import DataDirectory, PostgresUnavailable

LOG_BYTES_MAX = 10_000_000

OWNER = DATABASE = "annals"
# What each login may do comes from its role; nothing that it does stalls others for long.
LOGINS = {
    "annals_serve": "annals_server",
    "annals_work": "annals_worker",
    "annals_audit": "annals_auditor",
}
SECONDS_MAX = {
    "annals_serve": {"statement": 300, "idle_in_transaction_session": 120, "transaction": 600},
    "annals_work": {"statement": 3_600, "idle_in_transaction_session": 300},
    "annals_audit": {"statement": 600, "idle_in_transaction_session": 300, "transaction": 3_600},
}

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
                f"--username={OWNER}",
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


def make_logins(url: str, secret: str) -> None:
    """Make the logins of server, worker and auditor where they are missing."""
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL client_min_messages = warning")
        settle_rights(connection)
        rows = connection.execute("SELECT rolname FROM pg_roles").fetchall()
        for login, role in LOGINS.items():
            if (login,) in rows:
                continue
            name = sql.Identifier(login)
            made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}")
            password = sql.Literal(password_of(login, secret))
            connection.execute(made.format(name, password, sql.Identifier(role)))
            for what, seconds in SECONDS_MAX[login].items():
                time_out = sql.SQL("ALTER ROLE {} SET {} = {}")
                setting = sql.Identifier(f"{what}_timeout")
                connection.execute(time_out.format(name, setting, sql.Literal(f"{seconds}s")))


def password_of(login: str, secret: str) -> str:
    """The password of a login, derived from the owner's: none leads to another's."""
    if login == OWNER:
        return secret
    return hmac.digest(secret.encode(), login.encode(), "sha256").hex()


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
