"""The API's description is complete, stable, and kept in api/http/openapi.json."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.app import ROUTES
from api.http.openapi import kept
from tests.api.clerk import ADDRESS

# Who is signed in is known by a cookie that a command does not need.
OF_ACCESS = {"session", "sessions", "keys"}
OF_POLICIES = {"policies.check", "policies.diff", "policies.try"}
TAKE_A_FILE = {"attachments.store", "imports.submit", "imports.annotate", *OF_POLICIES}
NOT_STATUS = {"phase", "standing", "state", "became"}
# Whose own name is `name`: and as whom somebody acts, a part of the record itself.
OWN_NAME = {
    "CommunityView": "community",
    "CommunityPeriodView": "community",
    "JurisdictionView": "jurisdiction",
    "JurisdictionPeriodView": "jurisdiction",
    "Authority": "jurisdiction",
}
# What is served, as the first test makes sure.
DESCRIBED = kept()


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in DESCRIBED["paths"].values():
        yield from path.items()


def read_shapes() -> dict[str, set[str]]:
    """The shapes that reads answer with, and the fields of each; but for the policy file's."""
    reads = [path["get"] for path in DESCRIBED["paths"].values() if "get" in path]
    found: dict[str, set[str]] = {}
    asked = [name for read in reads for name in shapes_in(read["responses"]["200"])]
    while asked:
        name = asked.pop()
        if name not in found and name != "Policy":
            shape = DESCRIBED["components"]["schemas"][name]
            found[name] = set(shape.get("properties", ()))
            asked += shapes_in(shape)
    return found


def parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of an operation that are its own; the grant is a parameter of nearly all."""
    return [each for each in operation.get("parameters", ()) if "$ref" not in each]


def shapes_in(part: Any) -> list[str]:
    return re.findall(r"'#/components/schemas/(\w+)'", repr(part))


def test_the_kept_description_is_what_is_served(app: FastAPI) -> None:
    assert TestClient(app, ADDRESS).get("/openapi.json").json() == DESCRIBED, (
        "the API changed: look at what changed for its clients, then `make docs`"
    )


@pytest.mark.parametrize("module", ROUTES)
def test_what_a_modules_operations_are_about_is_listed(module: str) -> None:
    routes = import_module(module).router.routes

    names = [route.operation_id for route in routes if getattr(route, "operation_id", None)]
    assert {name.partition(".")[0] for name in names} == {*ROUTES[module]}


def test_no_two_operations_have_one_address() -> None:
    asked = [
        (method, route.path)
        for module in ROUTES
        for route in import_module(module).router.routes
        for method in getattr(route, "methods", None) or ()
    ]

    assert [each for each, times in Counter(asked).items() if times > 1] == []


def test_operations_have_stable_names() -> None:
    names = [operation["operationId"] for _, operation in operations()]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+(-[a-z]+)*", name) for name in names)


def test_operations_are_told_in_both_languages() -> None:
    for _, operation in operations():
        chinese, _, english = operation["summary"].partition(" · ")
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert english.isascii()
        assert len(operation["tags"]) == 1


def test_generators_can_name_and_send_every_operation() -> None:
    named = [re.sub(r"\W", "_", operation["operationId"]) for _, operation in operations()]
    assert len(set(named)) == len(named)
    assert all(name.isascii() and name.isidentifier() for name in named)
    tags = {tag["name"]: tag["description"] for tag in DESCRIBED["tags"]}
    for _, operation in operations():
        (tag,) = operation["tags"]
        assert re.fullmatch(r"[A-Z][A-Za-z-]+", tag)
        assert re.search(r"[\u4e00-\u9fff]", tags[tag])
        placed = [(each["in"], re.sub(r"\W", "_", each["name"])) for each in parameters(operation)]
        assert len(set(placed)) == len(placed)
        assert all(name.isascii() and name.isidentifier() for _, name in placed)
        if "requestBody" in operation:
            # What a generator knows how to send.
            known = {"application/json", "application/octet-stream"}
            assert known & operation["requestBody"]["content"].keys()
    shapes = DESCRIBED["components"]["schemas"]
    assert all(name.isascii() and name.isidentifier() for name in shapes)
    fields = [field for shape in shapes.values() for field in shape.get("properties", ())]
    assert all(field.isascii() and field.isidentifier() for field in fields)


def test_every_body_has_an_example_and_every_command_its_problems() -> None:
    schemas = DESCRIBED["components"]["schemas"]
    for method, operation in operations():
        name = operation["operationId"]
        if method != "post" or name in TAKE_A_FILE or name.partition(".")[0] in OF_ACCESS:
            continue
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        assert schemas[body["$ref"].rsplit("/", 1)[1]]["examples"]
        statuses = {"201", "400", "401", "403", "404", "409", "412", "413", "422", "503"}
        assert statuses <= operation["responses"].keys()
        assert "security" not in operation, "as all that is closed, for a session or a key"


def test_no_shape_is_fastapis_own() -> None:
    schemas = DESCRIBED["components"]["schemas"]

    assert "HTTPValidationError" not in schemas
    assert not [name for name in schemas if name.startswith("CommandRequest")]


def test_how_far_something_has_come_is_its_status_in_every_read() -> None:
    asked = {
        parameter["name"]
        for method, operation in operations()
        for parameter in parameters(operation)
        if method == "get"
    }

    assert not asked & NOT_STATUS
    assert not [name for name, fields in read_shapes().items() if fields & NOT_STATUS]


def test_a_read_says_the_name_of_a_community_or_place_beside_its_id() -> None:
    of_places = {"community", "district", "subdistrict", "jurisdiction", "parent"}
    lacking = {
        (name, field)
        for name, fields in read_shapes().items()
        for field in fields & of_places
        if f"{field}_name" not in fields and OWN_NAME.get(name) != field
    }

    assert lacking == set()


def test_what_a_read_answers_is_an_object() -> None:
    answers = {
        operation["operationId"]: operation["responses"]["200"]["content"]["application/json"]
        for method, operation in operations()
        if method == "get" and "application/json" in operation["responses"]["200"]["content"]
    }

    bare = [
        name
        for name, answer in answers.items()
        for shape in answer["schema"].get("anyOf", [answer["schema"]])
        if "$ref" not in shape
    ]
    assert bare == []
