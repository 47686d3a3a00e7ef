"""An implausible day is refused in every command, at any depth; every read answers, whatever day is
recorded."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.http.openapi import kept
from record.store.record import Record
from tests.api.clerk import Clerk
from tests.city import put_on_register

FAR = ("9999-12-31", "4024-06-30")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PATHS = kept()["paths"]
SCHEMAS = kept()["components"]["schemas"]


def examples() -> Iterator[tuple[str, Any]]:
    """The address of each command, and its example."""
    for path, operations in PATHS.items():
        schema = (
            operations.get("post", {})
            .get("requestBody", {})
            .get("content", {})
            .get("application/json", {})
            .get("schema", {})
        )
        if "$ref" in schema:
            found = SCHEMAS[schema["$ref"].rpartition("/")[2]]
            yield path, found["examples"][0]


def with_days(value: Any, far: str) -> Any:
    """The value with all of its days that far off; each alone is tried in tests/domain."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return far
    if isinstance(value, dict):
        return {name: with_days(each, far) for name, each in value.items()}
    return [with_days(each, far) for each in value] if isinstance(value, list) else value


def read_everything(clerk: Clerk, ids: dict[str, str]) -> None:
    clerk.catch_up()
    for path, operations in PATHS.items():
        if "get" in operations:
            address = re.sub(r"{(\w+)}", lambda found: ids.get(found[1], "x"), path)
            assert clerk.get(address).status_code < 500, address
    for page in ("/", "/communities", f"/communities/{ids['community']}"):
        assert clerk.get(page, Accept="text/html").status_code < 500, page


@pytest.mark.slow
def test_no_day_that_cannot_be_meant_is_recorded(clerk: Clerk, community: str) -> None:
    ids = {"community": community, "id": community}
    assert clerk.by("decider")
    head = clerk.get("/api/v1/record").json()
    tried = 0
    for path, example in examples():
        address = re.sub(r"{(\w+)}", lambda found: ids.get(found[1], "x"), path)
        for far in FAR:
            body = with_days(example, far)
            answer = clerk.send(address, body, role="decider")
            assert 400 <= answer.status_code < 500, (address, body, answer.text)
            tried += 1

    assert tried > 300
    assert clerk.get("/api/v1/record").json() == head
    read_everything(clerk, ids)


def test_whatever_day_is_recorded_every_read_answers(clerk: Clerk, community: str) -> None:
    with Record(clerk.url) as record:
        put_on_register(record, {"unit:u1": "城管局", "person:zhao.liu": "赵柳"})
    begin = {
        "title": "巡查",
        "community": community,
        "unit": "u1",
        "person": "zhao.liu",
        "assigned_on": "2024-01-01",
    }
    for due_on in ("2024-02-01", "2059-12-31", "2060-01-01", "2200-12-31"):
        done = clerk.send("/api/v1/tasks", {**begin, "due_on": due_on}, role="reviewer")
        assert done.status_code == 201, done.text
    for far in FAR:
        refused = clerk.send("/api/v1/tasks", {**begin, "due_on": far}, role="reviewer")
        assert refused.json()["code"] == "day.implausible"
    invisible = clerk.send("/api/v1/tasks", {**begin, "due_on": FAR[0], "title": "甲\u202e"})
    assert invisible.status_code in (403, 409)

    read_everything(clerk, {"community": community})
    lines = clerk.shown("/api/v1/tasks?effective=2024-03-01")["items"]
    assert len(lines) == 4
