"""The bodies of commands: strict JSON, measured before a model looks at it.

Each name of an object comes once, days are ISO days, lengths are checked before items, and a long
body is read on another thread, so that it blocks no other request.
"""

import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from functools import cache, partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from api.http.kernel.lock import LockedRoute
from api.http.kernel.problems import ERRORS_MAX, ApiProblem, BodyProblem
from domain.kernel.days import is_iso_day

# A little more than the longest command has: a round may have 5,000 communities.
VALUES_MAX = 6_000
DEPTH_MAX = 16
# What a body has beside the fields of its command.
BESIDE = ("basis", "despite")
AT_ONCE_BYTES = 8_192  # takes less time than another thread takes to begin
_threads = CapacityLimiter(2)

Errors = list[InitErrorDetails]
Schema = Mapping[str, Any]


class Malformed:
    """The errors of a body that does not fit its model."""

    def __init__(self, errors: Errors) -> None:
        self.errors = errors

    def refuse(self, title: str) -> None:
        """Raise the errors where a model would."""
        raise ValidationError.from_exception_data(title, self.errors)


class CommandApiRoute(LockedRoute):
    """A route whose body is read as above."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's own handler, over such a request."""
        handle, body = super().get_route_handler(), self.body_field
        assert body is not None, "a command has a body"
        model = body.field_info.annotation

        async def strict(request: Request) -> Response:
            return await handle(_CommandBody(request.scope, request.receive, model))

        return strict


class _CommandBody(Request):
    def __init__(self, scope: Scope, receive: Receive, model: Any) -> None:
        super().__init__(scope, receive)
        self._model = model

    async def json(self) -> Any:
        """The body as its model, or its errors."""
        body = await self.body()
        read = partial(stated, body, self._model)
        if len(body) <= AT_ONCE_BYTES:
            return read()
        return await to_thread.run_sync(read, limiter=_threads)


def stated(body: bytes, model: type[BaseModel]) -> BaseModel | Malformed:
    """The body as its model, or its errors. Raises BodyProblem if it is not worth validating, and
    JSONDecodeError."""
    values = _decoded(body)
    errors = list(_misshapen(values, _schema(model), _schema(model).get("$defs", {}), ()))
    if any(each["type"] == "too_long" for each in errors):
        return Malformed(errors[:ERRORS_MAX])
    try:
        found = model.model_validate(values)
    except ValidationError as wrong:
        known = {each["loc"] for each in errors}
        errors += [
            _again(each)
            for each in wrong.errors(include_url=False)[:ERRORS_MAX]
            if each["loc"] not in known
        ]
    else:
        if not errors:
            return found
    return Malformed(errors[:ERRORS_MAX])


def _again(error: Any) -> InitErrorDetails:
    return InitErrorDetails(
        type=error["type"], loc=error["loc"], input=error["input"], ctx=error.get("ctx", {})
    )


def _decoded(body: bytes) -> Any:
    # Commas outside of texts come between values: counted first, for to decode takes longer.
    bare = body.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2]
    if sum(each.count(b",") for each in bare) > VALUES_MAX:
        raise _too_many()
    try:
        values = json.loads(
            body.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except RecursionError:
        raise _too_deep() from None
    ahead, count = [(values, 1)], 0
    while ahead:
        value, depth = ahead.pop()
        if not isinstance(value, list | dict):
            continue
        count += len(value)
        if depth > DEPTH_MAX:
            raise _too_deep()
        if count > VALUES_MAX:
            raise _too_many()
        within = value.values() if isinstance(value, dict) else value
        ahead += [(each, depth + 1) for each in within]
    return values


def _too_many() -> BodyProblem:
    return BodyProblem(ApiProblem("too-large", "request.too-many-values", allowed=VALUES_MAX))


def _too_deep() -> BodyProblem:
    return BodyProblem(ApiProblem("unreadable", "request.too-deep", allowed=DEPTH_MAX))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            problem = ApiProblem("unreadable", "request.name-twice", name=ascii(name[:100]))
            raise BodyProblem(problem)
        found[name] = value
    return found


def _no_number(constant: str) -> Any:
    raise json.JSONDecodeError("no JSON number", constant, 0)


@cache
def _schema(model: type[BaseModel]) -> Schema:
    return model.model_json_schema()


def _misshapen(
    value: Any, schema: Schema, parts: Mapping[str, Schema], path: tuple[str | int, ...]
) -> Iterator[InitErrorDetails]:
    """Lists that are too long, whose items are then not validated, and days in another form."""
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _misshapen(value, each, parts, path)
    if schema.get("format") == "date" and value is not None and not is_iso_day(value):
        yield _no_day(value, _place(path))
    most = schema.get("maxItems", schema.get("maxProperties"))
    if isinstance(value, list | dict) and most is not None and len(value) > most:
        context = {"field_type": "List", "max_length": most, "actual_length": len(value)}
        yield InitErrorDetails(type="too_long", loc=_place(path), input=None, ctx=context)
        return
    if isinstance(value, list):
        for place, each in enumerate(value if "items" in schema else ()):
            yield from _misshapen(each, schema["items"], parts, (*path, place))
    if isinstance(value, dict):
        properties, more = schema.get("properties", {}), schema.get("additionalProperties")
        for name, each in value.items():
            if within := properties.get(name, more if isinstance(more, dict) else None):
                yield from _misshapen(each, within, parts, (*path, name))


def _place(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path in the model, which has the command apart from what comes beside it."""
    return path if path[:1] in [(name,) for name in BESIDE] else ("command", *path)


def _no_day(value: Any, place: tuple[str | int, ...]) -> InitErrorDetails:
    if not isinstance(value, str):
        return InitErrorDetails(type="date_type", loc=place, input=None)
    context = {"error": "such as 2024-07-01"}
    return InitErrorDetails(type="date_parsing", loc=place, input=None, ctx=context)
