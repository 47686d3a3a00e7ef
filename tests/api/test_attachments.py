"""Documents over HTTP: stored once, checked, served so that nothing in them runs."""

from hashlib import sha256
from typing import Any

import pytest

from record.attachments.attachments import ATTACHMENT_BYTES_MAX
from tests.api.clerk import Clerk

PATH = "/api/v1/attachments"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4_000
DIGEST = sha256(PDF).hexdigest()


def send(clerk: Clerk, content: Any = PDF, *, kind: str = "application/pdf", name: str = "") -> Any:
    headers = {
        "Authorization": clerk.by("recorder"),
        "Content-Type": kind,
        "Accept-Language": "en",
    }
    path = f"{PATH}?file_name={name}" if name else PATH
    return clerk.client.post(path, content=content, headers=headers)


def test_a_document_is_stored_once_and_served_as_it_was(clerk: Clerk) -> None:
    first = send(clerk, name="批复（一）.pdf")
    again = send(clerk, name="another.pdf")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["digest"] == DIGEST
    assert first.headers["location"] == f"{PATH}/{DIGEST}"
    served = clerk.get(f"{PATH}/{DIGEST}")
    assert (served.status_code, served.content) == (200, PDF)
    assert served.headers["content-type"] == "application/pdf"
    assert served.headers["content-length"] == str(len(PDF))
    assert served.headers["etag"] == f'"{DIGEST}"'
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert served.headers["content-disposition"] == (
        "attachment; filename*=UTF-8''%E6%89%B9%E5%A4%8D%EF%BC%88%E4%B8%80%EF%BC%89.pdf"
    )


def test_whoever_has_it_is_told_so_and_head_tells_without_the_content(clerk: Clerk) -> None:
    send(clerk)

    known = clerk.get(f"{PATH}/{DIGEST}", **{"If-None-Match": f'"{DIGEST}"'})
    assert (known.status_code, known.content) == (304, b"")
    head = clerk.client.head(f"{PATH}/{DIGEST}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(PDF))
    assert clerk.client.head(f"{PATH}/{'0' * 64}").status_code == 404


def test_what_comes_as_mere_bytes_is_of_the_type_that_its_content_shows(clerk: Clerk) -> None:
    shown = [
        send(clerk, content, kind="application/octet-stream").json()
        for content in (PDF, "批复".encode(), b"\x00\x01")
    ]

    assert [each.get("media_type") or each["code"] for each in shown] == [
        "application/pdf",
        "text/plain; charset=utf-8",
        "attachment.type-not-kept",
    ]


@pytest.mark.parametrize(
    ("wanted", "begin", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=262100-262200", 262_100, 262_201),
        ("bytes=1000000-", 1_000_000, len(PDF)),
        ("bytes=-10", len(PDF) - 10, len(PDF)),
        ("bytes=5-99999999", 5, len(PDF)),
    ],
)
def test_a_range_of_bytes_is_served_alone(clerk: Clerk, wanted: str, begin: int, end: int) -> None:
    send(clerk)

    served = clerk.get(f"{PATH}/{DIGEST}", Range=wanted)

    assert (served.status_code, served.content) == (206, PDF[begin:end])
    assert served.headers["content-range"] == f"bytes {begin}-{end - 1}/{len(PDF)}"


def test_a_range_that_is_none_of_ours_gives_the_whole(clerk: Clerk) -> None:
    send(clerk)

    for wanted in ("bytes=0-1,5-6", "bytes=9-5", "bytes=-", "lines=1-2"):
        assert clerk.get(f"{PATH}/{DIGEST}", Range=wanted).status_code == 200
    other = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert clerk.get(f"{PATH}/{DIGEST}", **other).status_code == 200
    beyond = clerk.get(f"{PATH}/{DIGEST}", Range=f"bytes={len(PDF)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(PDF)}")
    assert beyond.json()["code"] == "request.range-beyond"


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"<script>alert(1)</script>", "application/pdf", 415, "attachment.not-of-its-type"),
        (b"<p>", "text/html", 415, "attachment.type-not-kept"),
        (b"", "application/pdf", 409, "attachment.empty"),
    ],
)
def test_what_is_not_kept_is_refused(
    clerk: Clerk, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = send(clerk, content, kind=kind)

    assert answer.status_code == status
    assert answer.json()["code"] == code


def test_a_document_that_is_stored_is_not_taken_for_another_kind(clerk: Clerk) -> None:
    send(clerk)

    answer = send(clerk, kind="image/png")

    assert answer.status_code == 415
    assert answer.json()["code"] == "attachment.not-of-its-type"


def test_somebody_brings_it_and_its_name_is_no_path(clerk: Clerk) -> None:
    assert clerk.bare.post(PATH, content=PDF).status_code == 401
    assert send(clerk, name="..%2Fetc").status_code == 422


@pytest.mark.slow
def test_a_document_of_more_than_100_mib_is_refused(clerk: Clerk) -> None:
    piece = b"%PDF-" + bytes(1_048_571)
    pieces = (piece for _ in range(ATTACHMENT_BYTES_MAX // len(piece) + 1))

    answer = send(clerk, pieces)

    assert (answer.status_code, answer.json()["type"]) == (413, "/docs/problems/too-large")
    assert answer.json()["code"] == "attachment.too-large"


def test_an_entry_rests_on_what_is_stored_and_the_document_tells_which(
    clerk: Clerk, subdistrict: str
) -> None:
    basis = [{"issuer": "民政局", "title": "批复", "attachments": [DIGEST]}]
    body = {
        "name": "甲社区",
        "subdistrict": subdistrict,
        "effective_from": "2018-01-01",
        "origin": "existing",
        "basis": basis,
    }
    early = clerk.send("/api/v1/communities", body)
    assert (early.status_code, early.json()["type"]) == (404, "/docs/problems/not-on-record")
    assert early.json()["code"] == "attachment.not-stored"
    assert early.json()["params"] == {"digest": DIGEST}
    send(clerk)
    community = clerk.done("/api/v1/communities", body)

    uses = clerk.shown(f"{PATH}/{DIGEST}/entries")["items"]

    assert [use["stream"] for use in uses] == [f"community:{community}"]
    assert uses[0]["basis"][0]["attachments"] == [DIGEST]
    before = uses[0]["position"] - 1
    assert clerk.shown(f"{PATH}/{DIGEST}/entries?known={before}")["items"] == []
    assert clerk.get(f"{PATH}/{'0' * 64}/entries").status_code == 404
