"""Documents that entries rest on. Each is stored once under its digest, and streamed in and out.

Nothing is ever changed or removed, and no document is ever held in memory as a whole.
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
    """A stored document; `file_name` is the name with which it was first sent."""

    digest: str
    number: int
    media_type: str
    file_name: str | None
    bytes: int
    stored_by: str
    stored_at: datetime


class TooLarge(Refused):
    """The document has too many bytes."""

    def __init__(self) -> None:
        super().__init__("attachment.too-large", megabytes=ATTACHMENT_BYTES_MAX // 1_048_576)


class Received:
    """A document being received: kept in a temporary file until it is complete and checked.

    The database is used only then, so that a slow sender holds no connection.
    """

    def __init__(self, declared: str) -> None:
        self.kind = require_kind(declared)
        self.bytes = 0
        self._digest = sha256()
        self._file: BinaryIO = tempfile.TemporaryFile(prefix="annals-")  # noqa: SIM115

    def write(self, content: bytes) -> None:
        """Append a chunk; raises TooLarge."""
        self.bytes += len(content)
        if self.bytes > ATTACHMENT_BYTES_MAX:
            raise TooLarge
        self._digest.update(content)
        self._file.write(content)

    @property
    def digest(self) -> str:
        """The digest of what was received so far."""
        return self._digest.hexdigest()

    def media_type(self) -> str:
        """The media type to serve it as; Refused if it is empty or not of the declared type."""
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
        self._known: set[str] = set()  # what is stored stays stored

    def store(
        self, received: Received, *, file_name: str | None, person: str
    ) -> tuple[Attachment, bool]:
        """Store a received document, once however often it is sent; and say whether it is new."""
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
            assert row is not None, "the function always returns one row"
            is_new = row["number"] is not None  # otherwise somebody else stored it first
            for number, chunk in enumerate(received.chunks() if is_new else ()):
                fields = {"attachment": row["number"], "number": number, "content": chunk}
                cursor.execute(SQL["attach_chunk"], fields)
        stored = self.find(received.digest)
        assert stored is not None
        return stored, is_new

    def find(self, digest: str) -> Attachment | None:
        """The document stored under a digest, if any."""
        with self._datastore.get_connection() as connection:
            row = connection.execute(SQL["find"], {"digest": digest}).fetchone()
        return Attachment(**row) if row else None

    def read(self, attachment: Attachment, begin: int, end: int) -> Iterator[bytes]:
        """The bytes from `begin` up to, but not including, `end`, in chunks.

        A connection is held only for each chunk: a slow reader must not keep others waiting.
        """
        for number in range(begin // CHUNK_BYTES, -(-end // CHUNK_BYTES)):
            with self._datastore.get_connection() as connection:
                row = connection.execute(
                    SQL["chunk"],
                    {"attachment": attachment.number, "number": number},
                    binary=True,
                ).fetchone()
            assert row is not None, "a stored document is complete"
            first = number * CHUNK_BYTES
            yield bytes(row["content"][max(0, begin - first) : end - first])

    def require_stored(self, basis: Iterable[Document]) -> None:
        """NotOnRecord if a document names an attachment that is not stored."""
        named = {digest for document in basis for digest in document.attachments}
        if not (asked := named - self._known):
            return
        with self._datastore.get_connection() as connection:
            row = connection.execute(SQL["missing"], {"digests": sorted(asked)}).fetchone()
        if row is not None:
            raise NotOnRecord("attachment.not-stored", digest=row["digest"])
        self._known.update(asked)
