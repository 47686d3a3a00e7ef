"""A register held in memory: load, decide, fold, by the domain's own rules. For tests only."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from domain.code.state import Code
from domain.community.state import Community
from domain.jurisdiction.events import JurisdictionEstablished
from domain.jurisdiction.state import Jurisdiction
from domain.kernel.context import Acting, Actor, Authority, DecisionContext
from domain.kernel.decision import Decisions
from domain.kernel.policy import built_in
from domain.kernel.subject import Subject
from domain.roster.compare import compare
from domain.roster.finding import Comparison, Decision
from domain.roster.known import Register, register_on
from domain.roster.plan import Planned, plan
from domain.roster.row import RosterRow

CITY = "city"
KINDS: dict[str, type[Subject]] = {
    "community": Community,
    "jurisdiction": Jurisdiction,
    "code": Code,
}
BY = Acting(
    actor=Actor(person="recorder", unit="bureau"),
    authority=Authority(role="recorder", jurisdiction=CITY),
)
POLICY = next(iter(built_in().values())).policy


class InMemory:
    """All states of one city, and the roster days that were imported."""

    def __init__(self) -> None:
        city = JurisdictionEstablished(
            level="city", name="绵阳市", code="5107", effective_from=date(1949, 10, 1)
        )
        self.states: dict[str, Subject] = {
            f"jurisdiction:{CITY}": Jurisdiction(id=CITY).fold([city])
        }
        self.days: set[date] = set()

    def state(self, stream: str) -> Subject:
        kind, _, id = stream.partition(":")
        return self.states.setdefault(stream, KINDS[kind](id=id))

    def carry_out(self, steps: Iterable[Planned]) -> None:
        def context(consulted: Mapping[str, Subject]) -> DecisionContext:
            return DecisionContext(
                by=BY,
                today=date(2026, 1, 1),
                policy=POLICY,
                command_id="c",
                consulted=consulted,
            )

        decisions = Decisions(lambda names: {name: self.state(name) for name in names}, self.state)
        for stream, command in steps:
            decisions.decide(stream, command, context)
        self.states |= decisions.states

    def on(self, day: date) -> Register:
        states = self.states.values()
        return register_on(
            day,
            CITY,
            [s for s in states if isinstance(s, Community) and s.version],
            [s for s in states if isinstance(s, Jurisdiction) and s.version],
        )

    def compare(
        self,
        rows: Iterable[RosterRow],
        day: date,
        decisions: Iterable[Decision] = (),
        *,
        separate: bool = False,
    ) -> Comparison:
        next_day = min((each for each in self.days if each > day), default=None)
        return compare(
            rows,
            self.on(day),
            later=self.on(next_day) if next_day else None,
            decisions=decisions,
            undecided="separate" if separate else "ask",
        )

    def import_roster(
        self, rows: Sequence[RosterRow], day: date, decisions: Iterable[Decision] = ()
    ) -> list[Planned]:
        """Import with what is undecided taken for different communities."""
        steps = plan(self.compare(rows, day, decisions, separate=True))
        self.carry_out(steps)
        self.days.add(day)
        return steps

    def lines(self, day: date) -> list[tuple[str, ...]]:
        """The register as of a day as a roster would state it, by code."""
        known = self.on(day)
        found = []
        for community in known.communities:
            subdistrict = known.place_of[community.subdistrict]
            district = known.place_of[subdistrict.parent or ""]
            found.append(
                (
                    community.code or "",
                    community.name,
                    subdistrict.code or "",
                    subdistrict.name,
                    district.code or "",
                    district.name,
                )
            )
        return sorted(found)


def stated(rows: Iterable[RosterRow]) -> list[tuple[str, ...]]:
    """What the rows state, in the form of `InMemory.lines`."""
    return sorted(tuple(row[1:]) for row in rows)
