"""The officials of the tests: on record with their grants and a key, from when they first act.

They come in as everybody does. Keys are made by the product's own code, which hashes no password.
"""

from datetime import date, timedelta

from argon2 import PasswordHasher

from access.access import Access
from access.passwords import Passwords
from api.http.app import ROUTES
from domain.authority.granting import GrantAuthority
from domain.authority.state import Authorities
from domain.kernel.context import Acting, Actor, Authority, Role
from domain.kernel.ids import id_of
from domain.person.registration import RegisterPerson
from domain.unit.registration import RegisterUnit
from record.store.record import Record

# A password takes a hundredth of what it takes in use.
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
INITIAL, PASSWORD = "Chushi-2024 mima", "Yulan-2024 kai"
OFFICE = "u1"
NAMES = {"li.na": "孙立"}  # of those whose id is no name
SINCE = date(2000, 1, 1)
EVERYTHING = tuple(sorted({f"{subject}.*" for subjects in ROUTES.values() for subject in subjects}))


def key_of(
    record: Record,
    *,
    role: Role = "arbiter",
    person: str = "li.na",
    place: str = "",
    operations: tuple[str, ...] = EVERYTHING,
) -> str:
    """A key by which a person acts in a role, in the whole city or in one jurisdiction."""
    grant = grant_of(record, role=role, person=person, place=place)
    keys = Access(record.recorder.datastore).keys
    new = keys.create(
        person=person,
        grant=grant,
        title="测试",
        operations=operations,
        lasts=timedelta(days=1),
        by=person,
    )
    return new.text


def session_of(record: Record, *, role: Role = "arbiter", person: str = "li.na") -> str:
    """The token of a session in which a person acts in a role, in the whole city."""
    grant = grant_of(record, role=role, person=person)
    access = Access(record.recorder.datastore, passwords=CHEAP)
    if person not in {each.person for each in access.accounts.all()}:
        access.accounts.add(person=person, login=person, password=INITIAL)
        access.sign_in.change_password(person, old=INITIAL, new=PASSWORD)
    token = access.sessions.begin(person, address=None, agent=None)
    access.sessions.choose(access.sessions.find(token).session, grant)
    return token


def grant_of(record: Record, *, role: Role, person: str, place: str = "") -> str:
    """The grant of a person in a role, on record from now on; the office and the person, too."""
    city = record.state("record").city
    place = place or city
    if not record.state(f"unit:{OFFICE}").version:
        office = RegisterUnit(
            name="民政局", unit_kind="government-office", jurisdiction=city, effective_from=SINCE
        )
        record.carry_out(f"unit:{OFFICE}", office, by=_as("arbiter", city))
    if not record.state(f"person:{person}").version:
        official = RegisterPerson(
            name=NAMES.get(person, person), unit=OFFICE, title="科员", effective_from=SINCE
        )
        record.carry_out(f"person:{person}", official, by=_as("arbiter", city))
    if found := _grant(record.state(f"authority:{person}"), role, place):
        return found
    in_community = bool(record.state(f"community:{place}").version)
    command = GrantAuthority(
        role=role,
        jurisdiction=None if in_community else place,
        community=place if in_community else None,
        effective_from=record.today(),
    )
    record.carry_out(f"authority:{person}", command, by=_as("system", city))
    return _grant(record.state(f"authority:{person}"), role, place)


def _grant(held: Authorities, role: Role, place: str) -> str:
    alike = (each for each in held.standing() if (each.role, id_of(each.place)) == (role, place))
    return next((each.grant for each in alike), "")


def _as(role: Role, city: str) -> Acting:
    authority = Authority(role=role, jurisdiction=city)
    return Acting(actor=Actor(person="office", unit=city), authority=authority)
