"""As whom a command is carried out: a signed-in person or a key, under one grant of theirs.

While not every client signs in, the header Annals-Actor is taken where there is neither. It goes
with the next step, and `_named` with it.
"""

from typing import Annotated, Any

from fastapi import Header, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from access.refusing import NotSignedIn
from api.http.kernel.founded import founded
from api.http.kernel.problems import ApiProblem
from api.http.kernel.signed_in import (
    COOKIE,
    SESSION_SCHEME,
    key_in_authorization,
    session_in_cookie,
    signed_in,
)
from domain.authority.state import Authorities, Grant
from domain.kernel.context import ROLES, Acting, Actor, Authority, Role
from domain.kernel.ids import Id, id_of
from domain.kernel.refusal import NotAuthorised, Param
from domain.person.state import Person
from record.store.record import Record

ACTOR_EXAMPLE = "person=li.na; unit=k7m2p4xq3ab5cd6e; role=decider; jurisdiction=k7m2p4xq3ab5cd6e"
ID: TypeAdapter[str] = TypeAdapter(Id)
ROLE: TypeAdapter[str] = TypeAdapter(Role)
NAMED = APIKeyHeader(
    name="Annals-Actor",
    scheme_name="Annals-Actor",
    auto_error=False,
    description=f"Who acts, until every client signs in: `{ACTOR_EXAMPLE}`. The jurisdiction is "
    "the unit's own when it is left out.",
)
IN_COOKIE = APIKeyCookie(
    name=COOKIE,
    scheme_name=SESSION_SCHEME,
    auto_error=False,
    description="The session that `POST /api/v1/sign-in` begins. Over TLS it is `__Host-annals`.",
)
BY_KEY = HTTPBearer(
    scheme_name="key", auto_error=False, description="A key: `annals_<8 hex>_<secret>`."
)

GRANT_HEADER = "Annals-Authority"
TheGrant = Annotated[
    Id | None,
    Header(
        alias=GRANT_HEADER,
        description="The grant under which a signed-in person acts; needed if several are in "
        "force.",
    ),
]


def acting(
    request: Request,
    named: Annotated[str | None, Security(NAMED)],
    _cookie: Annotated[Any, Security(IN_COOKIE)],
    _key: Annotated[Any, Security(BY_KEY)],
    grant: TheGrant = None,
) -> Acting:
    """The actor and the authority of a request."""
    return _proven(request, grant) or _named(named)


def reading_as(request: Request) -> Acting:
    """As whom a read is answered, worked out once for each request.

    Until every client signs in, nobody reads as an auditor of the whole city.
    """
    known: Acting | None = getattr(request.state, "reading_as", None)
    if known is None:
        known = _proven(request, request.headers.get(GRANT_HEADER)) or _anybody(request)
        request.state.reading_as = known
    return known


def _anybody(request: Request) -> Acting:
    city = founded(request).city or "city"
    return Acting(
        actor=Actor(person="anybody", unit=city),
        authority=Authority(role="auditor", jurisdiction=city),
    )


def signed_in_as(request: Request, grant: TheGrant = None) -> Acting:
    """The same for a session or a key only; NotSignedIn without one."""
    found = _proven(request, grant)
    if found is None:
        raise NotSignedIn("session.needed")
    return found


def _proven(request: Request, grant: str | None) -> Acting | None:
    record: Record = request.app.state.record
    if key := key_in_authorization(request):
        return under_grant(record, key.person, key.grant)
    if session := session_in_cookie(request):
        return under_grant(record, signed_in(session).person, grant)
    return None


def grants_in_force(record: Record, person: str) -> list[Grant]:
    """The grants under which a person may act today."""
    held: Authorities = record.state(f"authority:{person}")
    return _in_force(held, record)


def under_grant(record: Record, person: str, grant: str | None) -> Acting:
    """A person under this grant, or the only one in force; NotAuthorised without one.

    They act for the unit of their post, or else for the place of the grant.
    """
    states = record.states((f"authority:{person}", f"person:{person}"))
    held: Authorities = states[f"authority:{person}"]
    chosen = held.grant(grant) if grant else _only(_in_force(held, record))
    today = record.today()
    authority = Authority(role=chosen.role, jurisdiction=id_of(chosen.place), grant=chosen.grant)
    held.require_held(authority, today)
    official: Person = states[f"person:{person}"]
    unit = next(iter(official.lies_in(today)), chosen.place)
    return Acting(actor=Actor(person=person, unit=id_of(unit)), authority=authority)


def _in_force(held: Authorities, record: Record) -> list[Grant]:
    today = record.today()
    return [each for each in held.standing() if each.span.holds(today)]


def _only(grants: list[Grant]) -> Grant:
    if not grants:
        raise NotAuthorised("authority.none-in-force")
    if len(grants) > 1:
        raise NotAuthorised(
            "authority.not-chosen",
            grants=[each.grant for each in grants],
            roles=[ROLES[each.role] for each in grants],
        )
    return grants[0]


def _named(named: str | None) -> Acting:
    """The actor and the authority in the Annals-Actor header."""
    if not named:
        raise _no_actor("request.actor-missing")
    parts = [part.partition("=") for part in named.split(";") if part.strip()]
    said = {name.strip(): value.strip() for name, _, value in parts}
    if len(said) < len(parts):
        raise _no_actor("request.actor-part-twice")
    said.setdefault("jurisdiction", said.get("unit", ""))
    if said.get("role") == "system":  # it is the server's own, at its command line
        raise _no_actor("request.actor-part-invalid", part="role")
    for name in ("person", "unit", "role", "jurisdiction"):
        try:
            (ROLE if name == "role" else ID).validate_python(said.get(name, ""))
        except ValidationError:
            raise _no_actor("request.actor-part-invalid", part=name) from None
    if unknown := said.keys() - {"person", "unit", "role", "jurisdiction"}:
        raise _no_actor("request.actor-part-unknown", part=ascii(min(unknown)))
    role: Any = said["role"]
    return Acting(
        actor=Actor(person=said["person"], unit=said["unit"]),
        authority=Authority(role=role, jurisdiction=said["jurisdiction"]),
    )


def _no_actor(code: str, **params: Param) -> ApiProblem:
    return ApiProblem(
        "actor-missing",
        code,
        example=ACTOR_EXAMPLE,
        headers={"WWW-Authenticate": "Annals-Actor"},
        members=None,
        **params,
    )
