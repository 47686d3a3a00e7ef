"""Objections against published results: filed in time, decided by others than those who graded.

How an objection ends otherwise is in domain/review/settling.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from domain.command import Command
from domain.event import Event, On
from domain.ids import CommunityId, Id, Names, Reason, RoundId, mint
from domain.occasion import Occasion
from domain.refusals import NotAuthorised, Refused
from domain.statement import require_unsaid
from domain.words import Words

if TYPE_CHECKING:
    from domain.review.state import Review
    from domain.round.state import Round

Outcome = Literal["upheld", "dismissed"]

OUTCOMES: Mapping[Outcome, Words] = MappingProxyType(
    {
        "upheld": Words(zh="成立", en="upheld"),
        "dismissed": Words(zh="不成立", en="dismissed"),
    }
)
BECAME: Mapping["Became", Words] = MappingProxyType(
    {
        "upheld": Words(zh="裁定成立", en="upheld"),
        "dismissed": Words(zh="裁定不成立", en="dismissed"),
        "withdrawn": Words(zh="撤回", en="withdrawn"),
        "settled": Words(zh="办结", en="settled"),
    }
)
OBJECT = Words(zh="对评定结果提出异议", en="object to a result")
DECIDE = Words(zh="裁定异议", en="decide an objection")


class ObjectionFiled(Event):
    """Somebody objects to the community's published result."""

    sentence = Words(
        zh="{filed_on}对{round}的结果提出异议：{grounds}",
        en="Objection to the result of {round} filed on {filed_on}: {grounds}",
    )

    round: RoundId
    community: CommunityId
    objection: Id
    filed_on: date
    grounds: Reason
    filed_by: Id


class ObjectionDecided(Event):
    """The objection was found right or not. Upheld, it is then said what settled it."""

    sentence = Words(
        zh="{decided_on}裁定对{round}结果的异议{outcome}：{reason}",
        en="Objection to the result of {round} {outcome} on {decided_on}: {reason}",
    )

    round: RoundId
    community: CommunityId
    objection: Id
    decided_on: date
    outcome: Annotated[Outcome, Names("outcome")]
    reason: Reason
    decided_by: Id


# What became of an objection: how it was decided, or that it was withdrawn or settled.
Became = Literal["upheld", "dismissed", "withdrawn", "settled"]


class ObjectionStep(NamedTuple):
    """What the entry `version` says became of an objection, on which day; a settlement rests on
    corrections, each an entry of a community's review."""

    version: int
    on: date
    became: Became
    rests_on: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Objection:
    """An objection, filed by the entry `version`, with the steps that hold, and the day on which
    the last of those was annulled that hold no longer."""

    id: str
    version: int
    filed_on: date
    filed_by: str
    grounds: str
    steps: tuple[ObjectionStep, ...] = ()
    annulled_on: date = date.min

    @property
    def called(self) -> Words:
        """How a refusal names it."""
        return Words(en=f"objection {self.id}", zh=f"{self.filed_on} 提出的异议（编号 {self.id}）")

    @property
    def became(self) -> Became | None:
        """What became of it so far; None while it is to be decided."""
        return self.steps[-1].became if self.steps else None

    @property
    def last_on(self) -> date:
        """The day of its newest step or its annulment, or of its filing."""
        return max(self.annulled_on, self.steps[-1].on if self.steps else self.filed_on)

    @property
    def settled(self) -> bool:
        """Whether nothing remains to be done about it."""
        return self.became not in (None, "upheld")

    @property
    def waits_for(self) -> Words:
        """What remains to be done about it."""
        if self.became is None:
            return Words(zh="待裁定", en="to be decided")
        return Words(zh="已成立、待更正或办结", en="upheld, to be corrected or settled")

    def require_undecided(self) -> None:
        """Refused once something became of it."""
        if self.became is None:
            return
        became = BECAME[self.steps[0].became]
        raise Refused(
            f"The objection {self.id} was {became.en} already; annul that first (entry "
            f"{self.steps[0].version}), or file another one.",
            f"{self.called.zh}已{became.zh}；请先撤销该记录（第 {self.steps[0].version} 条），"
            "或另行提出。",
        )


class FileObjection(Command["Review"]):
    """Object to a community's published result, within the round's days."""

    objection: Id | None = None
    filed_on: date
    grounds: Reason

    def consults(self, state: "Review") -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)

    def decide(self, state: "Review", occasion: Occasion) -> list[Event | On]:
        """Filed."""
        occasion.require_role(occasion.policy.rounds.roles.may_object, OBJECT)
        its_round = state.round_of(occasion)
        its_round.require_phase("published")
        state.require_taking_part()
        its_round.require_come(self.filed_on, occasion, since=its_round.published_on)
        if self.filed_on >= its_round.objections_until:
            raise Refused(
                f"Objections to the results of {its_round.title} were taken until "
                f"{its_round.objections_until}; {self.filed_on} is too late.",
                f"{its_round.title}的异议受理已于 {its_round.objections_until} 截止，"
                f"{self.filed_on} 已逾期。",
            )
        objection = self.objection or mint(occasion.command_id, state.id, state.version)
        if objection in state.objections:
            raise Refused(
                f"The objection {objection} is on record already; choose another id, or none.",
                f"异议 {objection} 已有记录；请另选编号，或留空。",
            )
        pending = (each for each in state.objections.values() if not each.settled)
        said = ((each.version, (each.filed_by, each.grounds)) for each in pending)
        require_unsaid(state, said, (occasion.by.actor.person, self.grounds))
        return [
            ObjectionFiled(
                **state.keys,
                objection=objection,
                filed_on=self.filed_on,
                grounds=self.grounds,
                filed_by=occasion.by.actor.person,
            )
        ]


class DecideObjection(Command["Review"]):
    """Uphold or dismiss an objection. Not by anybody who scored, graded, corrected or filed it."""

    objection: Id
    outcome: Outcome
    decided_on: date
    reason: Reason

    def consults(self, state: "Review") -> Iterable[str]:
        """Its round."""
        return (state.round_stream,)

    def decide(self, state: "Review", occasion: Occasion) -> list[Event | On]:
        """Decided."""
        occasion.require_role(occasion.policy.rounds.roles.may_decide, DECIDE)
        its_round = state.round_of(occasion)
        its_round.require_phase("published")
        objection = state.objection(self.objection)
        objection.require_undecided()
        its_round.require_come(self.decided_on, occasion, since=objection.last_on)
        require_uninvolved(state, its_round, objection, occasion)
        return [ObjectionDecided(**state.keys, **vars(self), decided_by=occasion.by.actor.person)]


def require_uninvolved(
    state: "Review", its_round: "Round", objection: Objection, occasion: Occasion
) -> None:
    """NotAuthorised for whoever ever had a hand here, objected, or acts for the community.

    A hand once had stays, also in what was returned, corrected or annulled since.
    """
    person = occasion.by.actor.person
    if person in state.hands | its_round.graders or person == objection.filed_by:
        raise NotAuthorised(
            f"{person} scored, graded, corrected or objected here, and objections are decided by "
            "others; ask somebody else.",
            f"{person} 参与了打分、评定、更正或提出异议，异议须由其他人裁定；请由他人办理。",
        )
    state.require_not_own(occasion)
