"""Restores a backup into a database without a record: all of it, verified before and after."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import psycopg

from domain.kernel.refusal import Refused
from record.attachments.attachments import CHUNK_BYTES
from record.backup.parts import ATTACHMENTS, DOCUMENTS, RECEIPTS, BackedUp, OnProgress
from record.backup.verifying import damaged, digest_of, rows, stored, verify
from record.sql import statements, time_outs

SQL = statements(__file__)
OPTIONS = time_outs(statement_seconds=0, idle_seconds=0)


def check(file: Path, *, on_progress: OnProgress = lambda _done, _total: None) -> BackedUp:
    """Verify a backup without a database; raises Refused."""
    with _opened(file) as archive:
        return verify(file, archive, on_progress=on_progress)


def restore(
    url: str, file: Path, *, on_progress: OnProgress = lambda _done, _total: None
) -> BackedUp:
    """Verify a backup, and write it to a database of the newest schema, as its owner.

    Raises Refused, and writes nothing, if the backup is damaged or anything is on record there.
    """
    with _opened(file) as archive:
        found = verify(file, archive, on_progress=on_progress)
        with psycopg.connect(url, options=OPTIONS) as connection:
            connection.execute(SQL["alone"])
            row = connection.execute(SQL["is_empty"]).fetchone()
            if row != (True,):
                raise Refused("record.not-empty")
            _copy(connection, "entries", _entries(archive))
            _copy(connection, "receipts", _receipts(archive))
            _copy(connection, "attachments", _attachments(archive))
            _copy(connection, "chunks", _chunks(archive))
            connection.execute(SQL["number_on"])
            if _chain(connection) != found.chain:
                raise damaged(str(file))
    return found


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    with file.open("rb") as content:
        try:
            archive = ZipFile(content)
        except BadZipFile as problem:
            raise damaged(str(file)) from problem
        yield archive


def _copy(connection: psycopg.Connection[Any], name: str, lines: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(SQL[name]) as copy:
        for line in lines:
            copy.write_row(line)


def _entries(archive: ZipFile) -> Iterator[tuple[Any, ...]]:
    for state, e in stored(archive):
        yield e.stream, e.version, e.name, state, e.position, e.recorded_at


def _receipts(archive: ZipFile) -> Iterator[tuple[Any, ...]]:
    for row in rows(archive, RECEIPTS):
        yield (row.pop("command_id"), bytes.fromhex(row.pop("digest")), *row.values())


def _attachments(archive: ZipFile) -> Iterator[tuple[Any, ...]]:
    for row in rows(archive, ATTACHMENTS):
        yield tuple(row.values())


def _chunks(archive: ZipFile) -> Iterator[tuple[Any, ...]]:
    for row in rows(archive, ATTACHMENTS):
        name = f"{DOCUMENTS}{row['digest']}"
        if digest_of(archive, name) != row["digest"]:
            raise damaged(name)
        with archive.open(name) as document:
            number = 0
            while content := document.read(CHUNK_BYTES):
                yield row["number"], number, content
                number += 1


def _chain(connection: psycopg.Connection[Any]) -> str:
    """The digest of all entries as the database has them now."""
    chain = b""
    with connection.cursor(name="restored", binary=True) as cursor:
        cursor.itersize = 5_000
        cursor.execute(SQL["states"])
        for (state,) in cursor:
            chain = sha256(chain + state).digest()
    return chain.hex()
