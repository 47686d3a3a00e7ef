"""The first entry of every record: whose it is, what its log is called, whether it is real."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Self, assert_never

from pydantic import Field

from domain.adoption import adopted, edition
from domain.bearer import claims
from domain.command import Command
from domain.event import Event, On
from domain.ids import Digest, JurisdictionCode, JurisdictionId, PolicyVersion, Title, mint
from domain.jurisdiction.levels import require_code
from domain.jurisdiction.state import Jurisdiction
from domain.jurisdiction.tree import JurisdictionEstablished
from domain.occasion import Occasion
from domain.refusals import Refused
from domain.subject import Subject, changed
from domain.words import Words

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
    """The record of a city begins. `simulation` marks a city that is not real (演示), for ever."""

    sentence = Words(
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


@dataclass(frozen=True, kw_only=True)
class Founded(Subject):
    """What the record was founded as."""

    kind: ClassVar[str] = "record"
    what: ClassVar[Words] = Words(zh="本市的编年", en="record of this city")

    city: str = ""
    city_name: str = ""
    origin: str = ""
    simulation: bool = False

    def evolve(self, event: FoundingEvent) -> Self:
        """The state after the founding."""
        match event:
            case RecordFounded():
                return changed(
                    self,
                    city=event.city,
                    city_name=event.city_name,
                    origin=event.origin,
                    simulation=event.simulation,
                )
            case _:
                assert_never(event)


class Found(Command[Founded]):
    """Found the record of a city: its log, its policy, and the city as the root of the tree.

    `effective_from` is a day before which nothing will be recorded of the city.
    """

    begins: ClassVar[bool] = True

    city_name: Title
    city_code: JurisdictionCode
    policy: PolicyVersion
    origin: LogName
    simulation: bool = False
    effective_from: date = date(1949, 10, 1)

    @property
    def city(self) -> str:
        """The city's id: the same whenever this record is founded."""
        return mint("city", self.origin)

    def consults(self, state: Founded) -> Iterable[str]:
        """The streams that the founding begins beside its own."""
        return ("policy", f"jurisdiction:{self.city}", f"code:{self.city_code}")

    def taken(self, state: Founded) -> Refused:
        """A record is of one city."""
        return Refused(
            f"This record was founded already, as that of {state.city_name} ({state.origin}); "
            "go on with it, or found another city's in a database or ANNALS_HOME of its own.",
            f"本编年已为{state.city_name}创立（日志名 {state.origin}）；请直接使用，"
            "或为另一城市另设数据库或 ANNALS_HOME 后创立。",
        )

    def decide(self, state: Founded, occasion: Occasion) -> list[Event | On]:
        """Founded; the city established with its code; the policy adopted."""
        require_code("city", self.city_code)
        # The policy that the record starts under is in force when it starts.
        in_force_from = min(occasion.today, edition(self.policy).policy.effective_from)
        policy = adopted(self.policy, in_force_from)
        founded = RecordFounded(
            city=self.city,
            city_name=self.city_name,
            origin=self.origin,
            policy=self.policy,
            policy_digest=policy.digest,
            simulation=self.simulation,
        )
        city = Jurisdiction(id=self.city)
        established = JurisdictionEstablished(
            level="city",
            name=self.city_name,
            code=self.city_code,
            effective_from=self.effective_from,
        )
        return [
            founded,
            On(city.stream, established),
            *claims(occasion, (city, city.fold([established]))),
            On("policy", policy),
        ]
