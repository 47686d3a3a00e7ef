"""Documents as a basis: stored once by digest, whole or not at all, never changed, streamed."""

import io
import threading
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege

from domain.kernel.context import Document
from domain.kernel.refusal import NotOnRecord
from record.attachments.attachments import (
    ATTACHMENT_BYTES_MAX,
    CHUNK_BYTES,
    Attachment,
    Received,
    TooLarge,
)
from record.attachments.media_types import KINDS, MediaTypeRefused
from record.store.record import Record
from tests.city import LI, register
from tests.databases import as_owner
from tests.refusing import refused

PDF, TEXT, CSV = "application/pdf", "text/plain", "text/csv"
(DOCX,) = (kind for kind in KINDS if kind.endswith("wordprocessingml.document"))


def media_type(content: bytes, declared: str) -> str:
    with Received(declared) as document:
        document.write(content)
        return document.media_type()


def store(record: Record, content: bytes, declared: str = PDF) -> tuple[Attachment, bool]:
    with Received(declared) as document:
        document.write(content)
        return record.attachments.store(document, file_name="批复.pdf", person="li")


def packed(*parts: str) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for part in parts:
            made.writestr(part, "<x/>")
    return file.getvalue()


SAMPLES: dict[str, tuple[bytes, str]] = {
    "application/pdf": (b"%PDF-1.7\n...", "application/pdf"),
    "image/jpeg": (b"\xff\xd8\xff\xe0..", "image/jpeg"),
    "image/png": (b"\x89PNG\r\n\x1a\n..", "image/png"),
    "image/tiff": (b"II*\x00....", "image/tiff"),
    DOCX: (packed("[Content_Types].xml", "word/document.xml"), DOCX),
    DOCX.replace("wordprocessingml.document", "spreadsheetml.sheet"): (
        packed("xl/workbook.xml"),
        DOCX.replace("wordprocessingml.document", "spreadsheetml.sheet"),
    ),
    DOCX.replace("wordprocessingml.document", "presentationml.presentation"): (
        packed("ppt/presentation.xml"),
        DOCX.replace("wordprocessingml.document", "presentationml.presentation"),
    ),
    "application/ofd": (packed("OFD.xml"), "application/ofd"),
    TEXT: ("会议纪要\r\n一、议题".encode(), "text/plain; charset=utf-8"),
    CSV: ("编号,名称\n1,示例".encode("gb18030"), "text/csv; charset=gb18030"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_what_it_claims_to_be_and_nothing_else(kind: str) -> None:
    content, served = SAMPLES[kind]

    assert media_type(content, f"{kind.upper()}; x=1") == served
    for other, (foreign, _) in SAMPLES.items():
        if (
            other != kind
            and not {other, kind} <= {TEXT, CSV}
            and (
                kind not in (TEXT, CSV) or other != PDF  # a PDF's first line is text, too
            )
        ):
            with refused("attachment.not-of-its-type", MediaTypeRefused):
                media_type(foreign, kind)


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/zip", "PDF"])
def test_other_kinds_of_documents_are_not_kept(kind: str) -> None:
    with refused("attachment.type-not-kept", MediaTypeRefused):
        Received(kind)


def test_a_document_comes_with_its_type() -> None:
    with refused("attachment.type-missing", MediaTypeRefused):
        Received("")


@pytest.mark.parametrize("content", [b"a\x00b", b"\x1b[31m", b"\xff\xfe\xff"], ids=repr)
def test_text_is_text(content: bytes) -> None:
    with refused("attachment.not-of-its-type", MediaTypeRefused):
        media_type(content, TEXT)


def test_a_zip_with_a_huge_list_is_not_looked_into() -> None:
    content = bytearray(packed("word/document.xml"))
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = (50_000_000).to_bytes(4, "little")

    with refused("attachment.not-of-its-type", MediaTypeRefused):
        media_type(bytes(content), DOCX)


def test_an_empty_document_is_refused() -> None:
    with refused("attachment.empty"):
        media_type(b"", PDF)


def test_more_than_100_mib_are_refused_while_they_come() -> None:
    with Received(PDF) as document:
        for _ in range(100):
            document.write(bytes(1_048_576))

        with refused("attachment.too-large", TooLarge):
            document.write(b"x")
        assert document.bytes == ATTACHMENT_BYTES_MAX + 1


def test_a_document_is_stored_once_under_its_digest(record: Record) -> None:
    content = b"%PDF-1.7\n" + bytes(range(256)) * 3_000

    stored, new = store(record, content)
    again, newer = store(record, content)

    assert (new, newer, stored) == (True, False, again)
    assert stored.digest == sha256(content).hexdigest()
    assert (stored.media_type, stored.file_name, stored.bytes) == (PDF, "批复.pdf", len(content))
    assert b"".join(record.attachments.read(stored, 0, stored.bytes)) == content


@pytest.mark.parametrize("size", [1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_any_part_of_a_document_can_be_read(record: Record, size: int) -> None:
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    stored, _ = store(record, content, TEXT)

    for begin, end in ((0, size), (0, 1), (size - 1, size), (size // 2, size)):
        assert b"".join(record.attachments.read(stored, begin, end)) == content[begin:end]


def test_two_who_bring_the_same_document_at_once_store_it_once(record: Record) -> None:
    content = b"%PDF-1.7\n" + bytes(2_000_000)
    outcomes: list[tuple[Attachment, bool]] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(store(record, content))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(new for _, new in outcomes) == [False, False, False, True]
    assert len({stored for stored, _ in outcomes}) == 1


def test_a_command_rests_only_on_documents_that_are_stored(record: Record) -> None:
    stored, _ = store(record, b"%PDF-1.7\n")
    basis = Document(issuer="民政局", title="批复", attachments=(stored.digest,))
    other = Document(issuer="民政局", title="批复", attachments=(stored.digest, "0" * 64))

    with refused("attachment.not-stored", NotOnRecord):
        record.carry_out("community:a", register(), by=LI, basis=(other,))
    assert record.state("community:a").version == 0
    record.carry_out("community:a", register(), by=LI, basis=(basis,))

    assert record.history("community:a")[0].basis == (basis,)


def test_stored_documents_are_never_changed_or_removed(record: Record) -> None:
    store(record, b"%PDF-1.7\n")

    for statement in (
        "update record.attachments set file_name = 'x'",
        "delete from record.attachments",
        "update record.attachment_chunks set content = 'x'",
        "delete from record.attachment_chunks",
        "truncate record.attachment_chunks",
    ):
        with (
            as_owner(record.url) as owner,
            pytest.raises(InsufficientPrivilege, match="append-only"),
        ):
            owner.execute(statement)


def attach(connection: psycopg.Connection, bytes_: int) -> int:
    row = connection.execute(
        "select record.attach(%s, 'text/plain', null, %s, 'li')", ("0" * 64, bytes_)
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_document_is_there_whole_or_not_at_all(record: Record) -> None:
    with psycopg.connect(record.url) as login:
        number = attach(login, 10)
        login.execute("select record.attach_chunk(%s, 0, 'abc')", (number,))
        with pytest.raises(CheckViolation, match="has 3 of its 10 bytes"):
            login.commit()

    assert record.attachments.find("0" * 64) is None


def test_nothing_is_added_to_a_document_that_is_stored(record: Record) -> None:
    with psycopg.connect(record.url) as login:
        number = attach(login, 3)
        login.execute("select record.attach_chunk(%s, 0, 'abc')", (number,))
        login.commit()

        with pytest.raises(InsufficientPrivilege, match="has been begun here; it is whole"):
            login.execute("select record.attach_chunk(%s, 1, 'def')", (number,))
