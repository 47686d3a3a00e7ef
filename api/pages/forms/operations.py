"""The commands that have forms: every one of the API, by its operation's name."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from api.http.app import ROUTES
from api.http.kernel.command_routes import CommandRoute
from domain.kernel.command import Command
from domain.kernel.policy import Policy
from domain.kernel.text import Bilingual


class Operation(NamedTuple):
    """A command with its name and its title."""

    id: str
    command: type[Command[Any]]
    title: Bilingual
    kind: str


@cache
def operations() -> Mapping[str, Operation]:
    """All operations by name, from the routes of the API."""
    routes: list[CommandRoute] = [
        route
        for module in ROUTES
        if module.startswith("api.http.")
        for route in getattr(import_module(module), "COMMANDS", ())
    ]
    return {each.operation_id: _operation(each) for each in routes}


def permitted(role: str, policy: Policy, *names: str) -> list[Operation]:
    """Those of these operations that the policy lets a role ask for."""
    found = (operations()[name] for name in names)
    return [each for each in found if role in each.command.permission.roles(policy)]


def _operation(route: CommandRoute) -> Operation:
    zh, _, en = route.title.partition(" · ")
    return Operation(
        id=route.operation_id,
        command=route.command,
        title=Bilingual(zh=zh, en=en),
        kind=route.command.subject_type().kind,
    )
