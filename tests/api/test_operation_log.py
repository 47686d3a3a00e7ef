"""The operation log over HTTP: what is noted, and who reads it."""

import csv
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from tests.api.clerk import Clerk
from tests.api.test_sign_in import PASSWORD, Desk, code, desk_of
from tests.city import CITY, SUBDISTRICT


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
