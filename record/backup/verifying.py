"""Verifies a whole backup without a database: every byte of it, and that it is one sound record."""

import zlib
from collections.abc import Container, Generator, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from msgspec import json

from domain.adoption.events import PolicyAdopted
from domain.kernel.policy import edition_of
from domain.kernel.refusal import Refused
from record.backup.parts import (
    ATTACHMENTS,
    DOCUMENTS,
    ENTRIES,
    FETCHED,
    FORMAT,
    MANIFEST,
    RECEIPTS,
    SUMS,
    BackedUp,
    OnProgress,
)
from record.store.entry import ENTRY_BYTES_MAX, AnyEntry, RecordDamaged, decode

READ_BYTES = 1 << 20
UNREADABLE = (BadZipFile, EOFError, KeyError, NotImplementedError, ValueError, zlib.error)


class Stored(NamedTuple):
    """An entry of a backup: its bytes, and what they say."""

    state: bytes
    entry: AnyEntry


def damaged(part: str) -> Refused:
    """That the file is no backup, or not what was written; `part` says where."""
    return Refused("record.backup-damaged", part=part)


def verify(
    file: Path, archive: ZipFile, *, on_progress: OnProgress = lambda _done, _total: None
) -> BackedUp:
    """Verify everything in an archive; raises Refused for one that is damaged, or of a policy that
    this version does not have."""
    sums = _sums(archive)
    for name, expected in sums.items():
        if digest_of(archive, name) != expected:
            raise damaged(name)
    manifest = _manifest(archive)
    found = BackedUp(file, **manifest)
    documents = {row["digest"]: row for row in rows(archive, ATTACHMENTS)}
    for digest in documents:
        if sums.get(f"{DOCUMENTS}{digest}") != digest:
            raise damaged(f"{DOCUMENTS}{digest}")
    with closing(_verified(archive, documents)) as entries:  # it keeps the archive open
        told = _Told(entries, found.position, on_progress)
        receipts = _matched(archive, told)
    chain, position = told.chain, told.position
    counted = (position, chain.hex(), receipts, len(documents))
    if counted != (found.position, found.chain, found.receipts, found.attachments):
        raise damaged(MANIFEST)
    return found


def stored(archive: ZipFile) -> Iterator[Stored]:
    """The entries, each decoded; raises Refused."""
    for number, line in enumerate(_lines(archive, ENTRIES), start=1):
        try:
            said = json.decode(line)
            entry = decode(said["event"], line, position=number)
        except (KeyError, TypeError, ValueError, RecordDamaged) as problem:
            raise damaged(f"{ENTRIES}:{number}") from problem
        if json.encode(said, order="sorted") != line:
            raise damaged(f"{ENTRIES}:{number}")
        yield Stored(line, entry)


def rows(archive: ZipFile, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a member that has lines of JSON; raises Refused."""
    for number, line in enumerate(_lines(archive, name), start=1):
        try:
            row = json.decode(line)
            for key in ("recorded_at", "stored_at"):
                if key in row:
                    row[key] = datetime.fromisoformat(row[key])
        except (TypeError, ValueError) as problem:
            raise damaged(f"{name}:{number}") from problem
        yield row


def digest_of(archive: ZipFile, name: str) -> str:
    """The digest of a member; raises Refused."""
    digest = sha256()
    try:
        with archive.open(name) as member:
            while part := member.read(READ_BYTES):
                digest.update(part)
    except UNREADABLE as problem:
        raise damaged(name) from problem
    return digest.hexdigest()


class _Told(Iterator[Stored]):
    """Passes entries on, and remembers how far they went and their digest."""

    def __init__(self, entries: Iterator[Stored], total: int, on_progress: OnProgress) -> None:
        self._entries = entries
        self._total = total
        self._on_progress = on_progress
        self.position = 0
        self.chain = b""

    def __next__(self) -> Stored:
        each = next(self._entries)
        self.position += 1
        self.chain = sha256(self.chain + each.state).digest()
        if not self.position % FETCHED:
            self._on_progress(self.position, self._total)
        return each


def _verified(archive: ZipFile, documents: Mapping[str, Any]) -> Generator[Stored, None, None]:
    """The entries: positions and versions have no gaps, time does not run backwards, what they
    rest on is there."""
    versions: dict[str, int] = {}
    at: datetime | None = None
    for position, each in enumerate(stored(archive), start=1):
        entry = each.entry
        version = versions.get(entry.stream, 0) + 1
        versions[entry.stream] = version
        named = {digest for document in entry.basis for digest in document.attachments}
        if (
            (entry.position, entry.version) != (position, version)
            or (at and entry.recorded_at < at)
            or not named <= documents.keys()
        ):
            raise damaged(f"{ENTRIES}:{position}")
        if isinstance(entry.event, PolicyAdopted):
            _require_policy(entry.event, documents)
        at = entry.recorded_at
        yield each


def _require_policy(adopted: PolicyAdopted, documents: Container[str]) -> None:
    """The file is among the documents, each of which was compared with its digest; or, if it was
    adopted before files were kept, this version of the product has it."""
    if adopted.digest not in documents and edition_of(adopted.digest) is None:
        raise Refused("record.backup-policy", policy=adopted.version, digest=adopted.digest)


def _matched(archive: ZipFile, entries: Iterator[Stored]) -> int:
    """How many receipts there are: each names all entries of its command, and each entry belongs
    to one."""
    count, last = 0, 0
    for count, row in enumerate(rows(archive, RECEIPTS), start=1):
        own = [next(entries, None) for _ in range(last, row["last_position"])]
        version = 0
        for each in own:
            if each is None or (each.entry.command_id, each.entry.recorded_at) != (
                row["command_id"],
                row["recorded_at"],
            ):
                raise damaged(f"{RECEIPTS}:{count}")
            if each.entry.stream == row["stream"]:
                version = each.entry.version
        if (row["position"], row["version"]) != (last + 1, version) or not own:
            raise damaged(f"{RECEIPTS}:{count}")
        last = row["last_position"]
    if next(entries, None) is not None:
        raise damaged(RECEIPTS)
    return count


def _sums(archive: ZipFile) -> dict[str, str]:
    """The digest of each member, by its name."""
    try:
        with archive.open(SUMS) as member:
            text = member.read().decode()
        pairs = (line.split("  ", 1) for line in text.splitlines())
        sums = {name: digest for digest, name in pairs}
    except UNREADABLE as problem:
        raise damaged(SUMS) from problem
    names = archive.namelist()
    if sorted(names) != sorted([*sums, SUMS]):
        raise damaged(SUMS)
    return sums


def _manifest(archive: ZipFile) -> dict[str, Any]:
    try:
        with archive.open(MANIFEST) as member:
            manifest: dict[str, Any] = json.decode(member.read())
        made_by = manifest.pop("format")
    except UNREADABLE as problem:
        raise damaged(MANIFEST) from problem
    if made_by != FORMAT:
        raise Refused("record.backup-of-other-format", found=made_by, known=FORMAT)
    if manifest.keys() != set(BackedUp._fields) - {"file"}:
        raise damaged(MANIFEST)
    return manifest


def _lines(archive: ZipFile, name: str) -> Iterator[bytes]:
    try:
        with archive.open(name) as member:
            yield from _split(member)
    except UNREADABLE as problem:
        raise damaged(name) from problem


def _split(member: IO[bytes]) -> Iterator[bytes]:
    while line := member.readline(ENTRY_BYTES_MAX + 2):
        yield line.rstrip(b"\n")
