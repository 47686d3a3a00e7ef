"""Writes a backup: a zip of the record at one position, while others go on recording."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import psycopg
from psycopg.rows import dict_row

from domain.kernel.policy import built_in
from domain.kernel.refusal import Refused
from record.backup.parts import (
    ATTACHMENTS,
    DOCUMENTS,
    ENTRIES,
    FETCHED,
    FORMAT,
    MANIFEST,
    POLICIES,
    RECEIPTS,
    SUMS,
    BackedUp,
    OnProgress,
)
from record.backup.verifying import verify
from record.sql import statements, time_outs

SQL = statements(__file__)
# A backup of a large record takes as long as it takes; it keeps nobody waiting.
OPTIONS = time_outs(statement_seconds=0, idle_seconds=0)


def back_up(
    url: str, target: Path, *, on_progress: OnProgress = lambda _done, _total: None
) -> BackedUp:
    """Write the record to a new file, or to one named after its origin and position in a folder.

    It appears under its name when it is whole, on the disk, and verified as a restore does it.
    Raises Refused if the file exists, nothing is on record, or the record is not sound.
    """
    with _snapshot(url) as connection:
        row = connection.execute(SQL["count"]).fetchone()
        total = row["count"] if row else 0
        first = next(_rows(connection, "entries"), None)
        if first is None:
            raise Refused("record.not-founded")
        founded = json.loads(bytes(first["state"]))["body"]
        name = f"{founded['origin'].replace('/', '-')}-{total}.zip"
        file = target / name if target.is_dir() else target
        if file.exists():
            raise Refused("record.backup-exists", file=str(file))
        unfinished = file.with_name(f"{file.name}.part")
        with _private(unfinished) as output, ZipFile(output, "w", ZIP_DEFLATED) as archive:
            written = _Writing(connection, archive)
            manifest = {
                "format": FORMAT,
                "city": founded["city_name"],
                "origin": founded["origin"],
                **written.record(total, on_progress),
            }
            written.text(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
            written.text(SUMS, "".join(f"{sum_}  {name}\n" for name, sum_ in written.sums.items()))
        _require_sound(unfinished)
        os.link(unfinished, file)  # which refuses to replace what came meanwhile
        unfinished.unlink()
        _sync(file.parent)
    manifest.pop("format")
    return BackedUp(file, **manifest)


def _require_sound(unfinished: Path) -> None:
    """A record that somebody altered makes a backup that no restore would take."""
    try:
        with ZipFile(unfinished) as archive:
            verify(unfinished, archive)
    except Refused as problem:
        unfinished.unlink()
        if problem.code != "record.backup-damaged":
            raise
        raise Refused("record.backup-unsound", **problem.params) from problem


@contextmanager
def _snapshot(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, row_factory=dict_row, options=OPTIONS) as connection:
        if connection.info.server_version >= 170_000:
            connection.execute("set transaction_timeout = 0")
            connection.commit()
        connection.execute(SQL["begin"])
        yield connection


def _rows(connection: psycopg.Connection[Any], name: str) -> Iterator[dict[str, Any]]:
    """The rows of a statement, a portion at a time."""
    with connection.cursor(name=f"backup_{name}") as cursor:
        cursor.itersize = FETCHED
        cursor.execute(SQL[name])
        yield from cursor


class _Writing:
    """The members of an archive, and their digests."""

    def __init__(self, connection: psycopg.Connection[Any], archive: ZipFile) -> None:
        self._connection = connection
        self._archive = archive
        self.sums: dict[str, str] = {}

    def record(self, total: int, on_progress: OnProgress) -> dict[str, Any]:
        """Write everything on record; returns position, chain and counts."""
        chain, position = b"", 0

        def states() -> Iterator[bytes]:
            nonlocal chain, position
            for row in _rows(self._connection, "entries"):
                state = bytes(row["state"])
                chain = sha256(chain + state).digest()
                position += 1
                if not position % FETCHED:
                    on_progress(position, total)
                yield state + b"\n"

        self._member(ENTRIES, states())
        receipts = self._lines(RECEIPTS, _rows(self._connection, "receipts"))
        attachments = list(_rows(self._connection, "attachments"))
        self._lines(ATTACHMENTS, attachments)
        for attachment in attachments:
            self._member(f"{DOCUMENTS}{attachment['digest']}", self._chunks(attachment), ZIP_STORED)
        for version, edition in built_in().items():
            text = files("domain").joinpath("policies", f"{version}.toml").read_bytes()
            assert sha256(text).hexdigest() == edition.digest
            self._member(f"{POLICIES}{version}.toml", [text])
        on_progress(position, total)
        counts = {"receipts": receipts, "attachments": len(attachments)}
        return {"position": position, "chain": chain.hex(), **counts}

    def text(self, name: str, content: str) -> None:
        """Write a member that is at hand."""
        self._member(name, [content.encode()])

    def _lines(self, name: str, rows: Iterable[dict[str, Any]]) -> int:
        """Write rows as lines of JSON; returns how many there are."""
        count = 0

        def lines() -> Iterator[bytes]:
            nonlocal count
            for row in rows:
                count += 1
                yield (json.dumps(row, ensure_ascii=False, default=_instant) + "\n").encode()

        self._member(name, lines())
        return count

    def _chunks(self, attachment: dict[str, Any]) -> Iterator[bytes]:
        asked = {"attachment": attachment["number"]}
        with self._connection.cursor(name="backup_chunks") as cursor:
            cursor.itersize = 8
            cursor.execute(SQL["chunks"], asked)
            for row in cursor:
                yield bytes(row["content"])

    def _member(self, name: str, content: Iterable[bytes], kind: int = ZIP_DEFLATED) -> None:
        digest = sha256()
        info = ZipInfo(name)  # without the time: the same record gives the same bytes
        info.compress_type = kind
        info.external_attr = 0o600 << 16
        with self._archive.open(info, "w", force_zip64=True) as member:
            for part in content:
                digest.update(part)
                member.write(part)
        self.sums[name] = digest.hexdigest()


def _instant(value: Any) -> str:
    text: str = value.isoformat(timespec="microseconds")
    return text


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only we can read, on the disk at the end; gone if anything fails."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink()
        raise


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
