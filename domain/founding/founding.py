"""The first entry of every record: its city, the name of its log, whether the city is real."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from domain.adoption.adopting import adopted, product_edition
from domain.adoption.state import Adopted
from domain.founding.events import LogName, RecordFounded
from domain.founding.state import Founded
from domain.jurisdiction.administrative_unit import claims
from domain.jurisdiction.events import JurisdictionEstablished
from domain.jurisdiction.levels import require_code
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.command import Command
from domain.kernel.context import DecisionContext
from domain.kernel.event import Event, StreamEvent
from domain.kernel.ids import JurisdictionCode, PolicyVersion, Title, derive_id
from domain.kernel.permission import Permission
from domain.kernel.policy import Edition
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

FOUND = Permission(
    doing=Bilingual(zh="创立编年", en="found a record"), always=("arbiter", "steward")
)


class FoundRecord(Command[Founded]):
    """Found the record of a city: its log, its policy, and the city as the root of the tree.

    `effective_from` is the first day about which anything can be recorded.
    """

    begins: ClassVar[bool] = True
    permission: ClassVar[Permission] = FOUND

    city_name: Title
    city_code: JurisdictionCode
    policy: PolicyVersion
    origin: LogName
    simulation: bool = False
    effective_from: date = date(1949, 10, 1)

    @property
    def city(self) -> str:
        """The city's id, derived so that the same founding always gives the same id."""
        return derive_id("city", self.origin)

    @property
    def edition(self) -> Edition:
        """The product's policy file that the record starts under; NotOnRecord if it has none."""
        return product_edition(self.policy, Adopted(id="policy"))

    def consults(self, state: Founded) -> Iterable[str]:
        """The other streams that the founding begins."""
        return ("policy", f"jurisdiction:{self.city}", f"code:{self.city_code}")

    def already_on_record(self, state: Founded) -> Refused:
        """The refusal: a record has one city."""
        return Refused("record.founded-already", city_name=state.city_name, origin=state.origin)

    def places(self, state: Founded) -> Iterable[str]:
        """None: there is no place on record yet."""
        return ()

    def decide(self, state: Founded, context: DecisionContext) -> list[Event | StreamEvent]:
        require_code("city", self.city_code)
        # The policy that the record starts under is in force when it starts.
        edition = self.edition
        in_force_from = min(context.today, edition.policy.effective_from)
        policy = adopted(edition, in_force_from)
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
            StreamEvent(city.stream, established),
            *claims(context, (city, city.fold([established]))),
            StreamEvent("policy", policy),
        ]
