"""Whatever the description allows is answered as the description says, and never with a mistake.

Each request is sent in one of the roles, which is drawn with it; or all of them in that of
`ANNALS_FUZZ_ROLE`, for a run as each role.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, get_args
from uuid import uuid4
from zlib import crc32

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import sampled_from
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.http.openapi import kept
from domain.kernel.context import Role
from projections.all import PROJECTIONS
from projections.engine.worker import work
from tests.api.clerk import Clerk, at_the_door
from tests.checker import check
from tests.databases import Databases

# For each operation, of what it allows and of what it does not: its own, not those of another.
CASES_MAX = {GenerationMode.POSITIVE: 2, GenerationMode.NEGATIVE: 1}
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# What is served, as test_openapi.py makes sure.
DESCRIBED = kept()
SUBJECTS = sorted({op["tags"][0] for path in DESCRIBED["paths"].values() for op in path.values()})
ROLES: tuple[Role, ...] = tuple(each for each in get_args(Role) if each != "system")
ONE_ROLE = os.environ.get("ANNALS_FUZZ_ROLE")
ONLY_GENERATED = (Phase.generate, Phase.shrink)


def operations(subject: str) -> Iterator[Any]:
    """All operations of a subject."""
    for result in (
        schemathesis.openapi.from_dict(DESCRIBED).include(tag=subject).get_all_operations()
    ):
        assert isinstance(result, Ok)
        yield result.ok()


@pytest.fixture(scope="module")
def clerk(app: FastAPI, databases: Databases) -> Iterator[Clerk]:
    """Somebody at one door for all tests, behind which a worker keeps the read models up."""
    stop = threading.Event()
    with databases.lent() as url, at_the_door(app, url) as clerk:
        worker = threading.Thread(target=work, args=(url, PROJECTIONS, stop))
        worker.start()
        yield clerk
        stop.set()
        worker.join()
        check(url)


@pytest.fixture(scope="module")
def known(clerk: Clerk) -> dict[str, str]:
    """Ids that are on record: they get further than random ones."""
    subdistrict = clerk.subdistrict(clerk.found())
    return {"community": clerk.community(subdistrict), "jurisdiction": subdistrict}


@pytest.mark.slow
@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_request_ends_in_a_mistake(
    clerk: Clerk,
    known: dict[str, str],
    subject: str,
    mode: GenerationMode,
) -> None:
    for operation in operations(subject):
        with suppress(Unsatisfiable):  # nothing can be wrong about a request that takes nothing
            asking(operation, mode, clerk, known)()


def asking(
    operation: Any, mode: GenerationMode, clerk: Clerk, known: dict[str, str]
) -> Callable[[], None]:
    """Asks one operation whatever is generated for it."""
    number = crc32(operation.label.encode())

    @seed(number)
    @settings(
        max_examples=CASES_MAX[mode],
        deadline=None,
        database=None,
        phases=ONLY_GENERATED,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode), drawn=sampled_from(ROLES))
    def ask(case: Any, drawn: Role) -> None:
        case.path_parameters |= {k: v for k, v in known.items() if k in case.path_parameters}
        role = next((each for each in ROLES if each == ONE_ROLE), drawn)
        by = clerk.by(role, f"{role}.kou")
        headers = {"Authorization": by, "Idempotency-Key": uuid4().hex}
        base = str(clerk.client.base_url)
        sent = case.as_transport_kwargs(base_url=base, headers=headers)
        sent |= {"content": sent.pop("data", None), "cookies": None}
        if not all(str(value).isascii() for value in (sent["headers"] or {}).values()):
            return  # no client can send it
        answer = clerk.client.request(**sent)
        case.validate_response(answer, checks=CHECKS)

    found: Callable[[], None] = ask
    return found
