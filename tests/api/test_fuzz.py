"""Whatever the description allows is answered as the description says, and never with a mistake."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from projections.all import PROJECTIONS
from projections.engine.worker import work
from tests.api.clerk import Clerk

CASES_MAX = 6
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def worked(clerk: Clerk) -> Iterator[None]:
    """A worker keeps the read models up while the test runs."""
    stop = threading.Event()
    worker = threading.Thread(target=work, args=(clerk.url, PROJECTIONS, stop))
    worker.start()
    yield
    stop.set()
    worker.join()


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("mode", GenerationMode)
def test_no_request_ends_in_a_mistake(clerk: Clerk, subdistrict: str, mode: GenerationMode) -> None:
    known = {"community": clerk.community(subdistrict), "jurisdiction": subdistrict}
    schema = schemathesis.openapi.from_dict(clerk.get("/openapi.json").json())
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(
            max_examples=CASES_MAX,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode))
        def ask(case: Any) -> None:
            # Ids that are on record get further than random ones.
            case.path_parameters |= {k: v for k, v in known.items() if k in case.path_parameters}
            headers = {
                "Annals-Actor": "person=li.na; unit=u1; role=decider",
                "Idempotency-Key": uuid4().hex,
            }
            base = str(clerk.client.base_url)
            sent = case.as_transport_kwargs(base_url=base, headers=headers)
            sent |= {"content": sent.pop("data", None), "cookies": None}
            answer = clerk.client.request(**sent)
            case.validate_response(answer, checks=CHECKS)

        with suppress(Unsatisfiable):  # nothing can be wrong about a request that takes nothing
            ask()
        tried += 1

    assert tried == sum(len(path) for path in clerk.get("/openapi.json").json()["paths"].values())
