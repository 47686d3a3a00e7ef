"""As whom the command line acts until people sign in: the system's user, as the city's steward."""

import getpass
import re
from typing import Annotated

import typer

from domain.founding import Founded
from domain.ids import mint
from domain.occasion import Acting, Actor, Authority
from domain.refusals import NotOnRecord
from record.record import Record

PERSON = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")

ActorOption = Annotated[
    str | None,
    typer.Option(
        "--actor",
        envvar="ANNALS_ACTOR",
        metavar="PERSON",
        help="谁在操作（小写字母、数字、点、连字符）；以全市授权管理员（steward）身份记录。默认为系统用户名。"
        " · Who acts, recorded as a steward of the city; the system's user when left out.",
    ),
]


def acting(actor: str | None, city: str) -> Acting:
    """The person named, or the system's user, as a steward of the city."""
    return Acting(
        actor=Actor(person=person_of(actor), unit=city),
        authority=Authority(role="steward", jurisdiction=city),
    )


def person_of(actor: str | None) -> str:
    """The id of whoever acts. A user's name that is no id becomes one, always the same."""
    if actor:
        if not PERSON.fullmatch(actor):
            raise typer.BadParameter(
                f"{actor!r}: 1–64 × a–z 0–9 . -",
                param_hint="--actor",
            )
        return actor
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "nobody"
    plain = re.sub(r"[^a-z0-9.-]+", "-", user.lower()).lstrip(".-")[:64]
    return plain or mint("person", user)


def founded_as(record: Record) -> Founded:
    """What the record was founded as; NotOnRecord when it was not yet."""
    founded = founded_or_not(record)
    if not founded.version:
        raise NotOnRecord(
            "The record is not founded yet; found it first (annals found --city NAME --code CODE).",
            "编年尚未创立；请先创立（annals found --city 城市名 --code 代码）。",
        )
    return founded


def founded_or_not(record: Record) -> Founded:
    """What the record was founded as; its version is 0 when it was not yet."""
    founded: Founded = record.state("record")
    return founded
