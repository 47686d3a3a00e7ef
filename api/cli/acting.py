"""Who acts in the commands that use the database: by default the system's user.

They act under a grant of theirs, as everywhere. Before the first authority is granted nobody has
one: then they act as an arbiter of the city, or as what they say.
"""

import getpass
import re
from typing import Annotated

import typer

from api.http.kernel.acting import grants_in_force, the_only, under_grant
from domain.authority.events import AuthorityGranted
from domain.founding.state import Founded
from domain.kernel.context import ROLES, Acting, Actor, Authority
from domain.kernel.ids import derive_id, id_of
from domain.kernel.refusal import NotOnRecord
from record.store.record import Record

PERSON = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")

ActorOption = Annotated[
    str | None,
    typer.Option(
        "--actor",
        envvar="ANNALS_ACTOR",
        metavar="PERSON",
        help="谁在操作：人员编号，依其有效授权记录；默认为系统用户名。尚未授予任何职责时，"
        "以市级裁定人（arbiter）身份记录。 · Who acts: the id of an official, under a grant of "
        "theirs; by default the system's user. Before the first grant, as an arbiter of the city.",
    ),
]
UnitOption = Annotated[
    str | None,
    typer.Option(
        "--unit",
        envvar="ANNALS_UNIT",
        metavar="ID",
        help="首次授权之前代表哪个单位，默认为全市 · Before the first grant: for which unit; by "
        "default the city.",
    ),
]
RoleOption = Annotated[
    str | None,
    typer.Option(
        "--role",
        envvar="ANNALS_ROLE",
        metavar="ROLE",
        help="以何种职责，默认为唯一有效的授权 · In which role; by default that of the only grant.",
    ),
]
JurisdictionOption = Annotated[
    str | None,
    typer.Option(
        "--jurisdiction",
        envvar="ANNALS_JURISDICTION",
        metavar="ID",
        help="在哪个辖区，默认为唯一有效的授权 · In which jurisdiction; by default that of the "
        "only grant.",
    ),
]


def acting(
    record: Record,
    actor: str | None,
    *,
    unit: str | None = None,
    role: str | None = None,
    jurisdiction: str | None = None,
) -> Acting:
    """The named person or the system's user, under the grant that is meant.

    NotAuthorised without one in force, and with several that may be meant.
    """
    city = founded_as(record).city
    if not record.recorder.has_any(AuthorityGranted):
        return first_acting(actor, city, unit=unit, role=role, jurisdiction=jurisdiction)
    person, place = person_of(actor), jurisdiction or unit
    meant = [
        each
        for each in grants_in_force(record, person)
        if role in (None, each.role) and place in (None, id_of(each.place))
    ]
    return under_grant(record, person, the_only(meant).grant)


def first_acting(
    actor: str | None,
    city: str,
    *,
    unit: str | None = None,
    role: str | None = None,
    jurisdiction: str | None = None,
) -> Acting:
    """The same before there is any grant; by default as an arbiter of the city."""
    unit = unit or city
    for name, value in (("--unit", unit), ("--jurisdiction", jurisdiction or unit)):
        if not PERSON.fullmatch(value):
            raise typer.BadParameter(f"{value!r}: 1–64 × a–z 0–9 . -", param_hint=name)
    known = next((each for each in ROLES if each == (role or "arbiter")), None)
    if known is None:
        raise typer.BadParameter(f"{role!r}: {' '.join(ROLES)}", param_hint="--role")
    return Acting(
        actor=Actor(person=person_of(actor), unit=unit),
        authority=Authority(role=known, jurisdiction=jurisdiction or unit),
    )


def person_of(actor: str | None) -> str:
    """The id of a user. A name that is not an id is turned into one, always the same."""
    if actor:
        if not PERSON.fullmatch(actor):
            raise typer.BadParameter(
                f"{actor!r}: 1–64 × a–z 0–9 . -",
                param_hint="--actor",
            )
        return actor
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user in a container may have no name
        return "nobody"
    plain = re.sub(r"[^a-z0-9.-]+", "-", user.lower()).lstrip(".-")[:64]
    return plain or derive_id("person", user)


def founded_as(record: Record) -> Founded:
    """The founding of the record; NotOnRecord if it has not been founded."""
    founded = founded_or_not(record)
    if not founded.version:
        raise NotOnRecord("record.not-founded")
    return founded


def founded_or_not(record: Record) -> Founded:
    """The founding of the record; version 0 if it has not been founded."""
    founded: Founded = record.state("record")
    return founded
