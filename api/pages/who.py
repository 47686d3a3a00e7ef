"""Who looks at a page, and may therefore act on it."""

from typing import NamedTuple

from starlette.requests import Request

from api.http.kernel.acting import acting
from api.http.kernel.signed_in import token_of
from domain.kernel.context import ROLES, Acting
from domain.kernel.text import Language
from projections import places
from projections.engine.view import View

GRANT = "Annals-Authority"
NAMED = "Annals-Actor"


class Who(NamedTuple):
    """The person in the top bar."""

    name: str
    unit: str
    role: str


def actor_of(request: Request) -> Acting:
    """As whom a form is sent; a problem if nobody is known."""
    headers = request.headers
    return acting(request, headers.get(NAMED), None, None, headers.get(GRANT))


def actor_if_any(request: Request) -> Acting | None:
    """The same for a page that nobody has to be signed in for."""
    known = any(name in request.headers for name in (NAMED, "Authorization"))
    return actor_of(request) if known or token_of(request) else None


def who(view: View, by: Acting | None, language: Language) -> Who | None:
    """The person with the names of the day, never a login."""
    if by is None:
        return None
    person, unit = f"person:{by.actor.person}", f"unit:{by.actor.unit}"
    names = places.names(view, [person, unit])
    role = ROLES[by.authority.role].in_(language)
    if person in names:
        return Who(names[person], names.get(unit, ""), role)
    return Who(names.get(unit, ""), "", role)
