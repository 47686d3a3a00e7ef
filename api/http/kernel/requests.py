"""The contract of every command over HTTP: actor, key, expected version and basis.

It knows no rule; `Record.carry_out` does the work, once for each key.
"""

import re
from typing import Annotated, Any, Generic, TypeVar, cast

from fastapi import Depends, Header
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from starlette.requests import Request
from starlette.responses import Response

from api.http.kernel.acting import reading_as
from api.http.kernel.bodies import BESIDE, Malformed
from api.http.kernel.examples import example_of
from api.http.kernel.noting import note_rights
from api.http.kernel.problems import ApiProblem
from domain.kernel.command import Command
from domain.kernel.context import Acting, Document
from domain.kernel.irregular import Despite
from record.store.entry import Receipt
from record.store.record import Record

C = TypeVar("C", bound=Command[Any])

DOCUMENTS_MAX = 20


class CommandRequest(BaseModel, Generic[C]):
    """The body of a request: the command's fields, the documents that it rests on, and the reason
    to record it although it breaks a procedure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: C
    basis: Annotated[
        tuple[Document, ...],
        Field(max_length=DOCUMENTS_MAX, description="The documents that this rests on."),
    ] = ()
    despite: Annotated[
        Despite | None,
        Field(
            description="Why it is recorded although it breaks a procedure (仍要登记的理由): "
            "only after an answer of the kind `irregular`."
        ),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _apart(cls, body: Any) -> Any:
        if isinstance(body, Malformed):
            body.refuse(cls.__name__)
        if not isinstance(body, dict):
            return body
        fields = dict(body)
        beside = {name: fields.pop(name) for name in BESIDE if name in fields}
        return {"command": fields, **beside}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The command's fields and what comes beside them as one object, as in the body."""
        apart = handler.resolve_ref_schema(handler(core_schema))
        command = handler.resolve_ref_schema(apart["properties"]["command"])
        apart["title"] = command["title"]
        apart["description"] = command.get("description", "")
        apart["properties"] = {
            **command.get("properties", {}),
            **{name: apart["properties"][name] for name in BESIDE},
        }
        apart["required"] = command.get("required", [])
        apart["examples"] = [
            example_of(cast(type[Command[Any]], cls.model_fields["command"].annotation))
        ]
        return apart


def command_id(
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="1 to 128 visible characters chosen by the client, bare or in quotes. The "
            "same key with the same command returns the first receipt again.",
            json_schema_extra={"pattern": "^[!-~]{1,128}$"},
        ),
    ] = None,
) -> str:
    """The key under which a command is recorded at most once."""
    bare = (key or "").removeprefix('"').removesuffix('"')
    if not re.fullmatch(r"[!-~]{1,128}", bare):
        raise ApiProblem("key-missing", "request.key-missing")
    return bare


def if_version(
    tag: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description='The version that the command is based on, in quotes: `"7"`.',
            json_schema_extra={"pattern": '^"[0-9]{1,9}"$'},
        ),
    ] = None,
) -> int | None:
    """The expected version, if the caller gives one."""
    if tag is None:
        return None
    if not re.fullmatch(r'"[0-9]{1,9}"', tag):
        raise ApiProblem("precondition-unreadable", "request.precondition-unreadable")
    return int(tag.strip('"'))


class CommandGateway:
    """Carries out commands with the actor, key and version of the request's headers."""

    def __init__(
        self,
        request: Request,
        response: Response,
        by: Annotated[Acting, Depends(reading_as)],
        key: Annotated[str, Depends(command_id)],
        version: Annotated[int | None, Depends(if_version)],
    ) -> None:
        self.key = key
        self._record: Record = request.app.state.record
        self._request = request
        self._response = response
        self._by = by
        self._version = version

    def carry_out(
        self, stream: str, asked: CommandRequest[Any], *, location: str | None = None
    ) -> Receipt:
        """Carry out the command; `location` is the address of a subject that it begins."""
        receipt = self._record.carry_out(
            stream,
            asked.command,
            by=self._by,
            basis=asked.basis,
            despite=asked.despite,
            command_id=self.key,
            if_version=self._version,
        )
        note_rights(self._request, stream, self._by)
        self._response.headers["ETag"] = f'"{receipt.version}"'
        self._response.headers["Annals-Position"] = str(receipt.last_position)
        if location:
            self._response.headers["Location"] = location
        return receipt
