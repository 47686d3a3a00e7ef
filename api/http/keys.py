"""Keys for programs over HTTP: created, rotated and revoked by the person for whom they act."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from access.keys import LASTS_MAX, OPERATION_PATTERN, Key, NewKey
from api.http.kernel.acting import under_grant
from api.http.kernel.noting import note
from api.http.kernel.problem_kinds import problems
from api.http.kernel.routing import SubjectRouter
from api.http.kernel.signed_in import IN_SESSION, InSession, access_of
from domain.kernel.ids import Id, Title

router = SubjectRouter("/api/v1/keys", "密钥 Keys")

OPERATIONS_MAX = 50
PROBLEMS = problems(
    "not-signed-in", "not-authorised", "not-on-record", "invalid-request", "database-away"
)
CHANGING = {**PROBLEMS, **problems("unreadable", "refused", "too-large")}
Operation = Annotated[str, Field(max_length=100, pattern=OPERATION_PATTERN)]


class CreateKey(BaseModel):
    """A key that acts under one grant of the person, in some operations of the API."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "市数据中台",
                    "grant": "k7m2p4xq3ab5cd6e",
                    "operations": ["communities.list", "tasks.*"],
                    "days": 90,
                }
            ]
        },
    )

    title: Title
    grant: Id
    operations: Annotated[tuple[Operation, ...], Field(min_length=1, max_length=OPERATIONS_MAX)] = (
        Field(description="Operations by name, or all of a subject: `tasks.*`.")
    )
    days: Annotated[int, Field(ge=1, le=LASTS_MAX.days)] = 90


class KeyView(BaseModel):
    """A key, without its secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(description="The part after `annals_`, by which it is known.")
    title: str
    grant: str
    operations: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute.")
    revoked_at: datetime | None


class NewKeyView(KeyView):
    """A key with its text, which is shown this once."""

    text: str


class KeysView(BaseModel):
    """The keys of a person, oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[KeyView]


@router.get(
    "",
    operation_id="keys.list",
    summary="我的密钥 · One's own keys",
    responses=PROBLEMS,
    openapi_extra=IN_SESSION,
)
def list_keys(request: Request, session: InSession) -> KeysView:
    """The keys of the person who is signed in, revoked and expired ones with them."""
    found = access_of(request).keys.of(session.person)
    return KeysView(items=[KeyView(**_members(each)) for each in found])


@router.post(
    "",
    operation_id="keys.create",
    summary="新建密钥 · Create a key",
    status_code=201,
    responses=CHANGING,
    openapi_extra=IN_SESSION,
)
def create_key(
    request: Request, response: Response, session: InSession, asked: CreateKey
) -> NewKeyView:
    """A key for a program, which acts under a grant of the person that is in force. It ends with
    the grant."""
    under_grant(request.app.state.record, session.person, asked.grant)
    new = access_of(request).keys.create(
        person=session.person,
        grant=asked.grant,
        title=asked.title,
        operations=asked.operations,
        lasts=timedelta(days=asked.days),
        by=session.person,
    )
    note(request, "key", subject=new.key.prefix)
    return _shown(response, new)


@router.post(
    "/{key}/rotation",
    operation_id="keys.rotate",
    summary="更换密钥 · Rotate a key",
    status_code=201,
    responses=CHANGING,
    openapi_extra=IN_SESSION,
)
def rotate_key(request: Request, response: Response, session: InSession, key: Id) -> NewKeyView:
    """Another key for the same operations, and for as many days. The old one works for a week
    more."""
    new = access_of(request).keys.rotate(session.person, key, by=session.person)
    note(request, "key", subject=new.key.prefix)
    return _shown(response, new)


@router.delete(
    "/{key}",
    operation_id="keys.revoke",
    summary="撤销密钥 · Revoke a key",
    status_code=204,
    responses=CHANGING,
    openapi_extra=IN_SESSION,
)
def revoke_key(request: Request, session: InSession, key: Id) -> None:
    """End a key at once."""
    access_of(request).keys.revoke(session.person, key)
    note(request, "key", subject=key)


def _shown(response: Response, new: NewKey) -> NewKeyView:
    response.headers["Cache-Control"] = "no-store"
    return NewKeyView(**_members(new.key), text=new.text)


def _members(key: Key) -> dict[str, Any]:
    shown = ("title", "grant", "operations", "created_at", "expires_at", "last_used_at")
    members = {name: getattr(key, name) for name in (*shown, "revoked_at")}
    return {**members, "key": key.prefix, "operations": list(key.operations)}
