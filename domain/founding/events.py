"""The first entry of every record."""

from typing import Annotated

from pydantic import Field

from domain.kernel.event import Event
from domain.kernel.ids import Digest, JurisdictionId, PolicyVersion, Title
from domain.kernel.text import Bilingual

LogName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9.-]*(/[A-Za-z0-9._-]+)*$",
        max_length=200,
        description="The name of the record's transparency log: a host name and a path, no scheme.",
        examples=["annals.mianyang.example/2026"],
    ),
]


class RecordFounded(Event):
    """The record of a city begins. `simulation` marks a fictional city (演示) for ever."""

    sentence = Bilingual(
        zh="创立{city_name}的编年，日志名 {origin}，依据政策 {policy}。",
        en="The record of {city_name} founded as the log {origin}, under the policy {policy}.",
    )

    city: JurisdictionId
    city_name: Title
    origin: LogName
    policy: PolicyVersion
    policy_digest: Digest
    simulation: bool


FoundingEvent = RecordFounded
