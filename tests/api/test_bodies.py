"""Bodies, headers and parameters are strict at the door, and cost no more than they are worth."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from pydantic import BaseModel

from api.http.kernel.bodies import VALUES_MAX, Malformed, stated
from api.http.kernel.problems import ERRORS_MAX, BodyProblem
from api.http.kernel.requests import CommandRequest
from domain.commands import COMMANDS
from tests.api.clerk import Clerk
from tests.api.sheets import delimited
from tests.city import put_on_register

RENAMES = "/api/v1/communities/{}/names"


def read(body: Any, command: str = "AssignTask") -> Any:
    whole = body if isinstance(body, bytes) else json.dumps(body).encode()
    asked = cast(type[BaseModel], CommandRequest.__class_getitem__(COMMANDS[command]))
    return stated(whole, asked)


def problem(body: Any) -> str:
    with pytest.raises(BodyProblem) as raised:
        read(body)
    return raised.value.problem.code


def post(clerk: Clerk, path: str, content: bytes, *more: tuple[str, str]) -> Any:
    headers = [("Authorization", clerk.by()), ("Idempotency-Key", "k1"), *more]
    return clerk.client.post(
        path, content=content, headers=[("Content-Type", "application/json"), *headers]
    )


def test_lengths_are_looked_at_before_items() -> None:
    found = read({"basis": [{}] * 1_000})

    assert isinstance(found, Malformed)
    assert [(each["type"], each["loc"]) for each in found.errors] == [("too_long", ("basis",))]


def test_a_body_has_no_more_values_than_the_longest_command() -> None:
    assert problem(b'{"basis":[' + b",".join([b"{}"] * 340_000) + b"]}") == (
        "request.too-many-values"
    )
    assert problem({f"k{n}": [1] for n in range(VALUES_MAX // 2 + 1)}) == "request.too-many-values"
    commas = read({"title": ',"' * VALUES_MAX})
    assert isinstance(commas, Malformed)


@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"a":' * 50 + b"1" + b"}" * 50])
def test_a_body_is_not_deeper_than_any_command(deep: bytes) -> None:
    assert problem(deep) == "request.too-deep"


def test_a_hundred_errors_are_told_at_most() -> None:
    found = read({f"k{n}": 1 for n in range(5_000)})

    assert isinstance(found, Malformed)
    assert len(found.errors) == ERRORS_MAX


@pytest.mark.parametrize(
    "day",
    [
        1719792000,
        "1719792000",
        "0",
        "2024-06-30T00:00:00",
        "2024-06-30T00:00:00Z",
        "20240630",
        "2024-6-30",
        1.5,
        True,
        ["2024-06-30"],
    ],
)
def test_a_day_is_an_iso_day(day: Any) -> None:
    task = {
        "title": "甲",
        "due_on": day,
        "basis": [{"issuer": "甲", "title": "乙", "issued_on": day}],
    }
    within = {"tasks": [{"due_on": day}]}

    for body, command, places in (
        (task, "AssignTask", {("command", "due_on"), ("basis", 0, "issued_on")}),
        (within, "AssignMeasureTasks", {("command", "tasks", 0, "due_on")}),
    ):
        found = read(body, command)
        assert isinstance(found, Malformed)
        assert places <= {each["loc"] for each in found.errors if "date" in str(each["type"])}


def test_what_is_malformed_is_answered_place_by_place(clerk: Clerk, community: str) -> None:
    path = RENAMES.format(community)
    answer = post(clerk, path, b'{"name":"\\u7532","effective_from":1719792000}')

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/effective_from"]
    large = json.dumps({"name": "甲", "effective_from": 0, "x": "y" * 20_000}).encode()
    assert [e["pointer"] for e in post(clerk, path, large).json()["errors"]] == [
        "#/effective_from",
        "#/x",
    ]


def test_a_name_comes_once_in_an_object(clerk: Clerk, community: str) -> None:
    body = b'{"name":"\\u7532","name":"\\u4e59","effective_from":"2024-01-01"}'
    answer = post(clerk, RENAMES.format(community), body)

    assert (answer.status_code, answer.json()["code"]) == (400, "request.name-twice")
    nested = b'{"basis":[{"title":"a","title":"b"}]}'
    assert problem(nested) == "request.name-twice"


@pytest.mark.parametrize(
    ("header", "value"),
    [("Authorization", "Bearer x"), ("Idempotency-Key", "k2"), ("If-Match", '"1"')],
)
def test_a_header_comes_once(clerk: Clerk, community: str, header: str, value: str) -> None:
    twice = ((header, value), (header, value)) if header == "If-Match" else ((header, value),)
    answer = post(clerk, RENAMES.format(community), b"{}", *twice)

    assert (answer.status_code, answer.json()["code"]) == (422, "request.header-twice")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("/api/v1/check-ins?unit_name=%00", "parameter.unsound"),
        ("/api/v1/partnerships?unit_name=a%00b", "parameter.unsound"),
        ("/api/v1/communities?name=a%E2%80%8Bb", "parameter.unsound"),
        ("/api/v1/communities?name=%FF", "parameter.unsound"),
        ("/communities?district=%00", "parameter.unsound"),
        ("/communities?name=%E2%80%AE", "parameter.unsound"),
        ("/api/v1/communities?effective=2024-01-01&effective=2024-01-02", "parameter.twice"),
        ("/communities?effective=2024-01-01&effective=2024-01-02", "parameter.twice"),
        ("/api/v1/communities?effective=0", "request.malformed"),
        ("/api/v1/communities?effective=1719792000", "request.malformed"),
        ("/api/v1/communities?effective=2024-01-01T00:00:00", "request.malformed"),
    ],
)
def test_a_parameter_is_sound_and_comes_once(clerk: Clerk, query: str, code: str) -> None:
    clerk.found()
    clerk.catch_up()
    answer = clerk.get(query)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_six_imports_under_one_key_at_once_give_six_times_the_first_receipt(
    clerk: Clerk, subdistrict: str
) -> None:
    assert clerk.community(subdistrict)
    by = clerk.by("decider")
    put_on_register(clerk.record, {"person:zhao.liu": "赵六"})
    clerk.catch_up()
    sheet = delimited(
        [
            ["任务", "责任单位", "责任人", "交办日期", "完成时限", "社区代码"],
            *(
                [f"任务{n}", "u1", "zhao.liu", "2024-01-01", "2024-02-01", "990102001001"]
                for n in range(5)
            ),
        ]
    )
    headers = {"Authorization": by, "Idempotency-Key": "one", "Content-Type": "text/csv"}

    def send(_: int) -> Any:
        return clerk.client.post(
            "/api/v1/imports/tasks?dry_run=false", content=sheet, headers=headers
        )

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(send, range(6)))

    assert {each.status_code for each in answers} == {201}, [each.text for each in answers]
    assert len({each.text for each in answers}) == 1
