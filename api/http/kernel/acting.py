"""As whom a request is answered: a signed-in person or a key, under one grant of theirs."""

from starlette.requests import Request

from access.keys import Key
from access.sessions import Session
from domain.authority.state import Authorities, Grant
from domain.kernel.context import ROLES, Acting, Actor, Authority, require_role
from domain.kernel.ids import id_of
from domain.kernel.permission import Permission
from domain.kernel.policy import Policy
from domain.kernel.refusal import NotAuthorised
from domain.person.state import Person
from record.store.record import Record

GRANT_HEADER = "Annals-Authority"


def reading_as(request: Request) -> Acting:
    """As whom a request is answered. The lock has put it there, before anything else was done."""
    by: Acting = request.state.acting
    return by


def acting_by(request: Request, who: Key | Session) -> Acting:
    """Who sends it, under the grant of the key, or the one that the header or the session names.
    NotAuthorised without one."""
    record: Record = request.app.state.record
    if isinstance(who, Key):
        return under_grant(record, who.person, who.grant)
    return under_grant(record, who.person, request.headers.get(GRANT_HEADER) or who.grant)


def permitted_by(record: Record, by: Acting, permission: Permission) -> Policy:
    """The policy in force today; NotAuthorised unless it permits this to who acts."""
    policy = record.adopted().in_force(record.today())
    require_role(by, permission.roles(policy), permission.doing, policy)
    return policy


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
    chosen = held.grant(grant) if grant else the_only(_in_force(held, record))
    today = record.today()
    authority = Authority(role=chosen.role, jurisdiction=id_of(chosen.place), grant=chosen.grant)
    held.require_held(authority, today)
    official: Person = states[f"person:{person}"]
    unit = next(iter(official.lies_in(today)), chosen.place)
    return Acting(actor=Actor(person=person, unit=id_of(unit)), authority=authority)


def _in_force(held: Authorities, record: Record) -> list[Grant]:
    today = record.today()
    return [each for each in held.standing() if each.span.holds(today)]


def the_only(grants: list[Grant]) -> Grant:
    """The grant under which somebody acts who names none; NotAuthorised with none or several."""
    if not grants:
        raise NotAuthorised("authority.none-in-force")
    if len(grants) > 1:
        raise NotAuthorised(
            "authority.not-chosen",
            grants=[each.grant for each in grants],
            roles=[ROLES[each.role] for each in grants],
        )
    return grants[0]
