"""Documents that entries rest on: each stored once, under its digest, streamed in and out.

Nothing is ever changed or removed, and no whole document is ever held in memory.
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO, NamedTuple

from eventsourcing.postgres import PostgresDatastore

from domain.kernel.context import Document
from domain.kernel.refusal import NotOnRecord, Refused
from record.attachments.media_types import media_type_of, require_kind
from record.sql import statements

SQL = statements(__file__)
ATTACHMENT_BYTES_MAX = 104_857_600
CHUNK_BYTES = 262_144


class Attachment(NamedTuple):
    """A stored document; `file_name` is what whoever brought it first called it."""

    digest: str
    number: int
    media_type: str
    file_name: str | None
    bytes: int
    stored_by: str
    stored_at: datetime


class TooLarge(Refused):
    """The document has more bytes than one may have."""

    def __init__(self) -> None:
        super().__init__("attachment.too-large", megabytes=ATTACHMENT_BYTES_MAX // 1_048_576)


class Received:
    """A document on its way in: kept in a temporary file until it is whole and known to be sound.

    The database is asked only then, so that a slow sender holds no connection.
    """

    def __init__(self, declared: str) -> None:
        self.kind = require_kind(declared)
        self.bytes = 0
        self._digest = sha256()
        self._file: BinaryIO = tempfile.TemporaryFile(prefix="annals-")  # noqa: SIM115

    def write(self, content: bytes) -> None:
        """Take some more of it; TooLarge when it becomes too long."""
        self.bytes += len(content)
        if self.bytes > ATTACHMENT_BYTES_MAX:
            raise TooLarge
        self._digest.update(content)
        self._file.write(content)

    @property
    def digest(self) -> str:
        """The digest of what was taken so far."""
        return self._digest.hexdigest()

    def media_type(self) -> str:
        """What it is served as; Refused when it is empty or not of the declared kind."""
        if not self.bytes:
            raise Refused("attachment.empty")
        return media_type_of(self._file, self.kind)

    def chunks(self) -> Iterator[bytes]:
        """Its content, chunk by chunk."""
        self._file.seek(0)
        while chunk := self._file.read(CHUNK_BYTES):
            yield chunk

    def __enter__(self) -> "Received":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class Attachments:
    """The stored documents of one record."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        self._datastore = datastore
        self._known: set[str] = set()  # what is stored stays

    def store(
        self, received: Received, *, file_name: str | None, person: str
    ) -> tuple[Attachment, bool]:
        """Store a received document, and say whether it is new: the same one twice is once."""
        media_type = received.media_type()
        if found := self.find(received.digest):
            return found, False
        with self._datastore.transaction(commit=True) as cursor:
            row = cursor.execute(
                SQL["attach"],
                {
                    "digest": received.digest,
                    "media_type": media_type,
                    "file_name": file_name,
                    "bytes": received.bytes,
                    "stored_by": person,
                },
            ).fetchone()
            assert row is not None, "the function always answers with one row"
            is_new = row["number"] is not None  # else somebody was faster
            for number, chunk in enumerate(received.chunks() if is_new else ()):
                fields = {"attachment": row["number"], "number": number, "content": chunk}
                cursor.execute(SQL["attach_chunk"], fields)
        stored = self.find(received.digest)
        assert stored is not None
        return stored, is_new

    def find(self, digest: str) -> Attachment | None:
        """What is stored under a digest."""
        with self._datastore.get_connection() as connection:
            row = connection.execute(SQL["find"], {"digest": digest}).fetchone()
        return Attachment(**row) if row else None

    def read(self, attachment: Attachment, begin: int, end: int) -> Iterator[bytes]:
        """The bytes from `begin` to before `end`, chunk by chunk.

        A connection is held for each chunk only: a slow reader must not keep others waiting.
        """
        for number in range(begin // CHUNK_BYTES, -(-end // CHUNK_BYTES)):
            with self._datastore.get_connection() as connection:
                row = connection.execute(
                    SQL["chunk"],
                    {"attachment": attachment.number, "number": number},
                    binary=True,
                ).fetchone()
            assert row is not None, "a stored document is whole"
            first = number * CHUNK_BYTES
            yield bytes(row["content"][max(0, begin - first) : end - first])

    def require_stored(self, basis: Iterable[Document]) -> None:
        """NotOnRecord when a document names an attachment that is not stored."""
        named = {digest for document in basis for digest in document.attachments}
        if not (asked := named - self._known):
            return
        with self._datastore.get_connection() as connection:
            row = connection.execute(SQL["missing"], {"digests": sorted(asked)}).fetchone()
        if row is not None:
            raise NotOnRecord("attachment.not-stored", digest=row["digest"])
        self._known.update(asked)
