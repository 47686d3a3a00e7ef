"""How a request finds its endpoint, and how a read is answered: FastAPI's routes at a lower cost.

FastAPI tries one route after another, inspects the type of every parameter again for each request,
and validates the answer in a second thread although its parts are validated already. Together that
takes longer than most reads.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple, get_args

from anyio import to_thread
from fastapi import APIRouter, Depends, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from api.exports.columns import LineShape
from api.http.kernel.downloads import BINARY, CSV, XLSX
from api.http.kernel.exporting import (
    PAGE_LINES,
    THREADS,
    ListRead,
    exported,
    lines_answered,
    taken_as,
)
from api.http.kernel.lock import LockedRoute, admit, is_taken_along
from api.http.kernel.noting import note_export
from api.http.kernel.reading import require_known, require_sound
from domain.kernel.ids import Named, Names
from projections.engine.view import NotYetShown, ReadModels

NO_MATCH: tuple[Match, Scope] = (Match.NONE, {})
MISSING = {"type": "missing", "msg": "Field required"}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def named_in(hint: Any) -> Named | None:
    """What a parameter with this annotation names: a term of the policy, or a subject's id."""
    if isinstance(hint, Names):
        return hint.what
    inner = (*get_args(hint), *getattr(hint, "__metadata__", ()))
    return next((found for each in inner if (found := named_in(each))), None)


class ReadRoute(LockedRoute):
    """A route whose GET is answered in one thread, once the read models have reached what it asks
    for; how its endpoint is called is worked out once.

    Its dependencies are plain functions. Other methods are answered as FastAPI does.
    """

    strict = True  # unknown parameters are refused
    long = False  # it takes one of the few threads of what takes long

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        self.lines = (
            lines_answered(endpoint, path) if {*(more.get("methods") or ())} == {"GET"} else None
        )
        super().__init__(path, endpoint, **(_also_as_file(more) if self.lines else more))

    def get_route_handler(self) -> Handler:
        """What answers a request."""
        if self.methods != {"GET"}:
            return super().get_route_handler()
        endpoint, field = Callee.of(self.dependant), self.response_field
        known = endpoint.parameters if self.strict else None
        naming = endpoint.naming if self.strict else {}

        def answer(request: Request) -> Response:
            admit(request)
            require_sound(request.query_params)
            if known is not None:
                require_known(request.query_params, known)
            headers = Response()
            request.state.naming = naming
            if self.lines and "format" in request.query_params:
                return exported(request, self.list_read(endpoint, self.lines))
            found = endpoint.called(request, headers)
            if isinstance(found, Response):
                if is_taken_along(request, found):
                    note_export(request)
                return found
            assert field is not None, "an endpoint says what it answers"
            shown, errors = field.validate(found)
            assert not errors, errors
            response = Response(field.serialize_json(shown), media_type="application/json")
            del headers.headers["content-length"]
            response.headers.raw.extend(headers.headers.raw)
            return response

        async def handle(request: Request) -> Response:
            as_file = self.lines is not None and "format" in request.query_params
            threads = THREADS if self.long or as_file else None
            try:
                return await to_thread.run_sync(answer, request, limiter=threads)
            except NotYetShown as early:  # whoever waits takes no thread
                models: ReadModels = request.app.state.models
                await models.wait_on_no_thread(early.asked)
                return await to_thread.run_sync(answer, request, limiter=threads)

        return handle

    def list_read(self, endpoint: "Callee", shape: LineShape) -> ListRead:
        """The read for who takes all its lines, many at once."""

        def read(request: Request) -> BaseModel:
            page: BaseModel = endpoint.called(request, Response(), limit=PAGE_LINES)
            return page

        return ListRead(self.operation_id or "", self.summary or "", shape, read)


def _also_as_file(more: dict[str, Any]) -> dict[str, Any]:
    """The description of a route whose lines can also be taken as a file."""
    responses: dict[int | str, Any] = {**(more.get("responses") or {})}
    responses[200] = {"content": {XLSX: BINARY, CSV: {"schema": {"type": "string"}}}}
    return {**more, "dependencies": [Depends(taken_as)], "responses": responses}


class ReadTable(BaseRoute):
    """All reads, found by what their address has in common with few others: FastAPI would look
    for them in one router after another, twice."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._reads: dict[tuple[str, int], list[tuple[ReadRoute, Handler]]] = {}
        for route in routes:
            if isinstance(route, ReadRoute) and route.methods == {"GET"}:
                alike = self._reads.setdefault(_likeness(route.path), [])
                alike.append((route, route.get_route_handler()))

    def list_at(self, path: str, request: Request) -> tuple[ListRead, Request] | None:
        """The list at an address, and this request as one for it; None if there is no such list.
        Whoever may not read it is refused."""
        for route, _ in self._reads.get(_likeness(path), ()):
            if route.lines and (found := route.path_regex.match(path)):
                at = {"route": route, "path": path, "path_params": found.groupdict()}
                inner = Request({**request.scope, **at})
                admit(inner)
                return route.list_read(Callee.of(route.dependant), route.lines), inner
        return None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The first read whose address this is, as FastAPI chooses."""
        if scope["type"] == "http" and scope["method"] == "GET":
            for route, handler in self._reads.get(_likeness(scope["path"]), ()):
                if found := route.path_regex.match(scope["path"]):
                    given = {"path_params": found.groupdict(), "endpoint": handler}
                    return Match.FULL, {"route": route, **given}
        return NO_MATCH

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the read that was found."""
        response = await scope["endpoint"](Request(scope, receive, send))
        await response(scope, receive, send)


class SubjectRouter(APIRouter):
    """The routes of one subject; skipped at once for an address that none of them can match."""

    def __init__(self, prefix: str, tag: str) -> None:
        super().__init__(prefix=prefix, tags=[tag], route_class=ReadRoute)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether one of its routes matches."""
        return super().matches(scope) if _place(scope["path"]) in self._places else NO_MATCH

    @cached_property
    def _places(self) -> frozenset[str]:
        return frozenset(_place(route.path) for route in self.routes if isinstance(route, APIRoute))


def _likeness(path: str) -> tuple[str, int]:
    """The subject of an address, and the number of its parts."""
    return _place(path), path.count("/")


def _place(path: str) -> str:
    """The subject of an address: `tasks` in `/api/v1/tasks/{task}`."""
    return path.split("/", 4)[3] if path.count("/") > 2 else ""


class Given(NamedTuple):
    """A parameter of a request: where it is found, and how it is validated."""

    name: str
    where: str
    alias: str
    validate: Callable[..., tuple[Any, list[dict[str, Any]]]]
    required: bool
    default: Any
    names: Named | None


class Callee(NamedTuple):
    """A function with the source of each of its arguments."""

    call: Callable[..., Any]
    name: str
    request: str | None
    response: str | None
    given: tuple[Given, ...]
    needed: tuple["Callee", ...]

    @classmethod
    def of(cls, dependant: Dependant) -> "Callee":
        """The same from FastAPI's description of it."""
        fields = {
            "path": dependant.path_params,
            "query": dependant.query_params,
            "header": dependant.header_params,
        }
        assert dependant.call is not None
        return cls(
            call=dependant.call,
            name=dependant.name or "",
            request=dependant.request_param_name,
            response=dependant.response_param_name,
            given=tuple(
                Given(
                    name=each.name,
                    where=where,
                    alias=each.alias,
                    validate=each.validate,
                    required=each.field_info.is_required(),
                    default=each.default,
                    names=named_in(each.field_info.annotation),
                )
                for where, found in fields.items()
                for each in found
            ),
            needed=tuple(map(cls.of, dependant.dependencies)),
        )

    @property
    def parameters(self) -> frozenset[str]:
        """The names of all query parameters that it takes, with those of its dependencies."""
        own = (each.alias for each in self.given if each.where == "query")
        return frozenset(own).union(*(each.parameters for each in self.needed))

    @property
    def naming(self) -> dict[str, Named]:
        """What the values of its query parameters name, by parameter, where they do."""
        inner = {name: what for each in self.needed for name, what in each.naming.items()}
        own = {each.alias: each.names for each in self.given if each.where == "query"}
        return {**inner, **{name: what for name, what in own.items() if what}}

    def called(self, request: Request, response: Response, **instead: Any) -> Any:
        """What it returns for a request; RequestValidationError names all that is malformed.
        `instead` are arguments that replace those of the request, where it takes them."""
        places = {
            "path": request.path_params,
            "query": request.query_params,
            "header": request.headers,
        }
        errors: list[Any] = []
        arguments = self._arguments(request, response, places, errors)
        if errors:
            raise RequestValidationError(errors)
        for name in instead.keys() & arguments:
            arguments[name] = instead[name]
        return self.call(**arguments)

    def _arguments(
        self,
        request: Request,
        response: Response,
        places: Mapping[str, Mapping[str, Any]],
        errors: list[Any],
    ) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        for each in self.needed:
            before = len(errors)
            inner = each._arguments(request, response, places, errors)
            if len(errors) == before:
                found = each.call(**inner)
                if each.name:  # others are called for what they do
                    arguments[each.name] = found
        for name, where, alias, validate, required, default, _ in self.given:
            value = places[where].get(alias)
            if value is None:
                arguments[name] = default
                if required:
                    errors.append({**MISSING, "loc": (where, alias)})
                continue
            arguments[name], wrong = validate(value, loc=(where, alias))
            errors += wrong
        if self.request:
            arguments[self.request] = request
        if self.response:
            arguments[self.response] = response
        return arguments
