"""The operation log over HTTP: what is noted, and who reads it."""

import csv
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from record.attachments.attachments import Received
from tests.api.clerk import Clerk
from tests.api.test_sign_in import PASSWORD, Desk, code, desk_of
from tests.city import CITY, SUBDISTRICT
from tests.officials import grant_of, session_of


@pytest.fixture
def desk(clerk: Clerk) -> Desk:
    return desk_of(clerk)


def noted(desk: Desk, **asked: Any) -> list[dict[str, Any]]:
    return [each._asdict() for each in desk.access.log.page(after=0, limit=99, **asked)]


def facts(entries: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(each[name] for name in names) for each in entries]


def test_sign_ins_are_noted_whether_or_not_they_succeed(desk: Desk) -> None:
    desk.sign_in("wrong")
    desk.sign_in()
    desk.post("/sign-out")

    assert facts(noted(desk), "operation", "succeeded", "login", "person", "code") == [
        ("session.begin", False, "lina", None, "sign-in.refused"),
        ("session.begin", True, "lina", "li.na", None),
        ("session.end", True, None, "li.na", None),
    ]
    first = noted(desk)[0]
    assert (first["address"], first["agent"]) == ("testclient", "testclient")
    assert first["request"]


def test_refusals_for_want_of_authority_are_noted(desk: Desk) -> None:
    desk.sign_in()
    desk.rename()
    desk.rename(Sec_Fetch_Site="cross-site")

    assert facts(noted(desk, what="refusal"), "operation", "person", "code") == [
        ("communities.rename", "li.na", "authority.none-in-force"),
        ("communities.rename", None, "request.from-another-site"),
    ]


def test_keys_are_noted_when_they_are_made_and_once_a_minute_when_used(desk: Desk) -> None:
    grant = desk.grant()
    desk.sign_in()
    body = {"title": "数据中台", "grant": grant, "operations": ["communities.*"]}
    key = desk.post("/keys", body).json()
    desk.client.cookies.clear()
    for number in range(2):
        desk.rename(f"k{number}", Authorization=f"Bearer {key['text']}")
    desk.rename(Authorization="Bearer annals_x")

    assert facts(noted(desk, what="key"), "person", "subject") == [("li.na", key["key"])]
    assert facts(noted(desk, what="key-use"), "person", "key", "code") == [
        ("li.na", key["key"], None),
        (None, None, "key.not-in-force"),
    ]
    assert desk.access.log.check().broken is None


def test_an_auditor_of_the_city_reads_it_page_by_page(desk: Desk) -> None:
    desk.grant("auditor", CITY)
    desk.sign_in("wrong")
    desk.sign_in()

    first = desk.client.get("/api/v1/operations-log?limit=1").json()
    second = desk.client.get(f"/api/v1/operations-log?limit=1&after={first['next']}").json()
    assert facts([*first["items"], *second["items"]], "number", "succeeded") == [
        (1, False),
        (2, True),
    ]
    assert second["next"] is None
    assert PASSWORD not in str(first)


def test_nobody_else_reads_it(desk: Desk) -> None:
    path = "/api/v1/operations-log"
    assert code(desk.client.get(path)) == (401, "session.needed")
    desk.sign_in()
    assert code(desk.client.get(path)) == (403, "authority.none-in-force")
    for role, place in (("auditor", SUBDISTRICT), ("arbiter", CITY)):
        chosen = {"Annals-Authority": desk.grant(role, place)}
        answer = desk.client.get(path, headers=chosen)
        assert code(answer) == (403, "operation-log.for-auditors")


def test_an_auditor_checks_the_log_and_takes_it_along(desk: Desk) -> None:
    desk.sign_in("wrong")
    desk.grant("auditor", CITY)
    desk.sign_in()
    checked = desk.client.get("/api/v1/operations-log/check").json()
    assert (checked["entries"], checked["broken"]) == (2, None)

    lines = desk.client.get("/api/v1/operations-log/file").text.splitlines()
    table = desk.client.get("/api/v1/operations-log/file?format=csv")

    previous = ""
    for line in lines:
        told = json.loads(line)
        assert sha256(told["entry"].encode()).hexdigest() == told["digest"]
        assert json.loads(told["entry"])["previous"] == previous
        previous = told["digest"]
    assert len(lines) == 3  # with the export itself
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(table.text.splitlines()))
    assert [each["what"] for each in rows] == ["sign-in", "sign-in", "export", "export"]


def test_only_an_auditor_of_the_city_checks_or_takes_the_log(desk: Desk) -> None:
    desk.grant("auditor", SUBDISTRICT)
    desk.sign_in()

    for path in ("", "/check", "/file"):
        answer = desk.client.get(f"/api/v1/operations-log{path}")
        assert code(answer) == (403, "operation-log.for-auditors")


def test_changes_of_rights_are_noted(clerk: Clerk) -> None:
    clerk.found()
    tomorrow = (clerk.record.today() + timedelta(days=1)).isoformat()
    body = {"role": "decider", "jurisdiction": CITY, "effective_from": tomorrow}
    answer = clerk.send("/api/v1/authorities/li.na/grants", body, role="steward", person="song")
    log = clerk.client.app.state.access.log.page(after=0, limit=9, what="rights")  # type: ignore[attr-defined]

    assert answer.status_code == 201, answer.text
    assert [(each.person, each.subject) for each in log] == [("song", "authority:li.na")]


def test_changes_of_rights_by_a_form_are_noted(clerk: Clerk) -> None:
    clerk.found()
    grant_of(clerk.record, role="recorder", person="wang")
    clerk.bare.cookies.clear()
    session = session_of(clerk.record, role="steward", person="song")
    clerk.bare.cookies.set("annals", session, domain="127.0.0.1")
    typed = {
        "role": "decider",
        "jurisdiction": CITY,
        "effective_from": f"{clerk.record.today()}",
        "version": f"{clerk.record.state('authority:wang').version}",
        "step": "record",
    }
    path = "/forms/authorities.grant/wang"
    answer = clerk.bare.post(path, data=typed, follow_redirects=False)
    log = clerk.bare.app.state.access.log.page(after=0, limit=9, what="rights")  # type: ignore[attr-defined]

    assert answer.status_code == 303, answer.text
    assert [(each.person, each.subject) for each in log] == [("song", "authority:wang")]


def test_whatever_leaves_as_a_file_is_noted_and_what_may_not_come_in(clerk: Clerk) -> None:
    desk = desk_of(clerk)
    desk.grant("auditor", CITY)
    desk.sign_in()
    clerk.catch_up()
    with Received("application/pdf") as received:
        received.write(b"%PDF-1.7\n" + bytes(200))
        document, _ = desk.record.attachments.store(received, file_name="批复.pdf", person="li.na")
    path = f"/api/v1/attachments/{document.digest}"
    asked = [
        ("GET", "/api/v1/policies/2021/file", {}),
        ("GET", "/api/v1/imports/units/template", {}),
        ("GET", path, {}),
        ("GET", path, {"Range": "bytes=1-9"}),
        ("HEAD", path, {}),
        ("GET", path, {"If-None-Match": f'"{document.digest}"'}),
    ]
    statuses = [desk.client.request(how, to, headers=head).status_code for how, to, head in asked]
    sheet = "单位名称,单位类别,所属区划,起始日期\n住建局,政府机关,涪城区,2020-01-01\n".encode()
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "k"}
    looked = desk.client.post("/api/v1/imports/units", content=sheet, headers=headers)

    assert (statuses, code(looked)) == ([200, 200, 200, 206, 200, 304], (403, "role.lacking"))
    assert facts(noted(desk, what="export"), "operation", "person", "subject") == [
        ("policies.export", "li.na", "2021"),
        ("imports.template", "li.na", "units"),
        *[("attachments.get", "li.na", document.digest)] * 2,
    ]
    assert facts(noted(desk, what="refusal"), "operation", "code") == [
        ("imports.submit", "role.lacking")
    ]
