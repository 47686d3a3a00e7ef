"""Command routes as data: path, operation id, command and title. The stream follows from the
command's subject. The one endpoint for all of them is here."""

import re
from collections.abc import Callable
from inspect import Parameter, Signature, cleandoc
from typing import Annotated, Any, NamedTuple

from fastapi import Depends

from api.http.kernel.bodies import CommandApiRoute
from api.http.kernel.problem_kinds import problems
from api.http.kernel.requests import CommandGateway, CommandRequest
from api.http.kernel.routing import SubjectRouter
from domain.kernel.command import Command
from domain.kernel.ids import Id, derive_id
from record.store.entry import Receipt

COMMAND_PROBLEMS = problems(
    "unreadable",
    "key-missing",
    "precondition-unreadable",
    "not-signed-in",
    "not-authorised",
    "not-on-record",
    "refused",
    "irregular",
    "conflict",
    "stale",
    "too-large",
    "invalid-request",
    "command-id-reused",
    "database-away",
    "no-room",
)
RECEIPT_HEADERS = {
    "ETag": {
        "description": "The stream's version after the command, in quotes.",
        "schema": {"type": "string"},
    },
    "Annals-Position": {
        "description": "The command's last position, for the `after_position` of a read.",
        "schema": {"type": "integer"},
    },
    "Location": {
        "description": "The address of a subject that the command puts on record.",
        "schema": {"type": "string"},
    },
}


class CommandRoute(NamedTuple):
    """A command as a `POST` of its body. `title` is in Chinese and English, separated by ` · `.

    The path parameters, joined by dots, are the subject's id. A command that begins its
    subject under a path without parameters gets an id from its fields or its Idempotency-Key.
    `locates`: the answer has a Location, although the command begins no subject of its own.
    """

    path: str
    operation_id: str
    command: type[Command[Any]]
    title: str
    locates: bool = False


def command_router(
    prefix: str, tag: str, routes: tuple[CommandRoute, ...], *, under: str = ""
) -> SubjectRouter:
    """A router with an endpoint for each of these routes, `under` a common path. Reads can be
    added to it."""
    router = SubjectRouter(prefix, tag)
    for route in routes:
        router.add_api_route(
            under + route.path,
            _endpoint(prefix + under, route),
            methods=["POST"],
            route_class_override=CommandApiRoute,
            operation_id=route.operation_id,
            summary=route.title,
            description=cleandoc(route.command.__doc__ or ""),
            status_code=201,
            response_description="Recorded, with its place in the record.",
            responses={201: {"headers": RECEIPT_HEADERS}, **COMMAND_PROBLEMS},
        )
    return router


def _endpoint(prefix: str, route: CommandRoute) -> Callable[..., Receipt]:
    subject = route.command.subject_type()
    address = prefix + route.path
    parameters = re.findall(r"{(\w+)}", address)

    def carry_out(asked: Any, gateway: CommandGateway, **ids: str) -> Receipt:
        location = address.format(**ids)
        if subject.single:
            stream = subject.kind
        elif parameters:
            stream = f"{subject.kind}:{'.'.join(ids[name] for name in parameters)}"
        else:
            id = asked.command.subject_id() or derive_id(subject.kind, gateway.key)
            stream, location = f"{subject.kind}:{id}", f"{prefix}/{id}"
        located = route.command.begins or route.locates
        return gateway.carry_out(stream, asked, location=location if located else None)

    annotations = {
        "asked": CommandRequest[route.command],  # type: ignore[name-defined]
        "gateway": Annotated[CommandGateway, Depends()],
        **dict.fromkeys(parameters, Id),
    }
    carry_out.__signature__ = Signature(  # type: ignore[attr-defined]
        [Parameter(n, Parameter.KEYWORD_ONLY, annotation=a) for n, a in annotations.items()],
        return_annotation=Receipt,
    )
    return carry_out
