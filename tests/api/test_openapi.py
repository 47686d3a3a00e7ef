"""The API's description is complete, stable, and kept in api/http/openapi.json."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.http.app import ROUTES
from api.http.kernel.openapi import kept
from tests.api.clerk import ADDRESS

TAKE_A_FILE = {"attachments.store", "imports.submit", "imports.annotate"}
# What is served, as the first test makes sure.
DESCRIBED = kept()


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in DESCRIBED["paths"].values():
        yield from path.items()


def test_the_kept_description_is_what_is_served(app: FastAPI) -> None:
    assert TestClient(app, ADDRESS).get("/openapi.json").json() == DESCRIBED, (
        "the API changed: look at what changed for its clients, then `make docs`"
    )


@pytest.mark.parametrize("module", ROUTES)
def test_what_a_modules_operations_are_about_is_listed(module: str) -> None:
    routes = import_module(module).router.routes

    names = [route.operation_id for route in routes if getattr(route, "operation_id", None)]
    assert {name.partition(".")[0] for name in names} == {*ROUTES[module]}


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


def test_every_body_has_an_example_and_every_command_its_problems() -> None:
    schemas = DESCRIBED["components"]["schemas"]
    for method, operation in operations():
        if method != "post" or operation["operationId"] in TAKE_A_FILE:
            continue
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        assert schemas[body["$ref"].rsplit("/", 1)[1]]["examples"]
        statuses = {"201", "400", "401", "403", "404", "409", "412", "413", "422", "503"}
        assert statuses <= operation["responses"].keys()
        assert operation["security"] == [{"Annals-Actor": []}]


def test_no_shape_is_fastapis_own() -> None:
    schemas = DESCRIBED["components"]["schemas"]

    assert "HTTPValidationError" not in schemas
    assert not [name for name in schemas if name.startswith("CommandRequest")]
