"""What a review's state is made of: scores and grades that stand, and what events tell of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import assert_never

from domain.event import Event
from domain.review.objections import (
    Became,
    Objection,
    ObjectionDecided,
    ObjectionFiled,
    ObjectionStep,
)
from domain.review.settling import (
    ObjectionEvent,
    ObjectionSettled,
    ObjectionStepAnnulled,
    ObjectionWithdrawn,
)
from domain.review.stages import AssemblyHeld, ScoredItem

# The fields in which events of a review say who acted, and on which day.
_HANDS = (
    "recorded_by",
    "assessed_by",
    "scored_by",
    "returned_by",
    "corrected_by",
    "imposed_by",
    "lifted_by",
    "annulled_by",
)
_DAYS = (
    "held_on",
    "scored_on",
    "returned_on",
    "corrected_on",
    "imposed_on",
    "lifted_on",
    "graded_on",
    "annulled_on",
)


@dataclass(frozen=True, kw_only=True)
class Score:
    """What stands of one stage: items with points, or the votes of the assemblies. `on` is the day
    of the act, whenever it was corrected."""

    version: int
    by: str
    on: date
    items: tuple[ScoredItem, ...] = ()
    assemblies: tuple[AssemblyHeld, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Given:
    """The grade that stands; `decided_by` is the entry that decided it by itself, if one did."""

    version: int
    grade: str
    rank: int
    of: int
    total: Decimal
    decided_by: int | None = None

    @property
    def decided(self) -> bool:
        """Whether it was corrected by itself, and stays when the ranking moves."""
        return self.decided_by is not None


def hand_in(event: Event) -> str | None:
    """Who had a hand in it: nobody where the city graded as a whole, which its round tells."""
    stated = vars(event)
    return next((stated[name] for name in _HANDS if name in stated), None)


def day_of(event: Event) -> date:
    """The day of an act, a correction or a grade."""
    stated = vars(event)
    day: date = next(stated[name] for name in _DAYS if name in stated)
    return day


def after(
    objections: Mapping[str, Objection], event: ObjectionEvent, version: int
) -> Mapping[str, Objection]:
    """The objections after one more event, which is the entry `version`."""

    def became(
        what: Became, on: date, rests_on: tuple[tuple[str, int], ...] = ()
    ) -> Mapping[str, Objection]:
        was = objections[event.objection]
        step = ObjectionStep(version, on, what, rests_on)
        return {**objections, was.id: replace(was, steps=(*was.steps, step))}

    match event:
        case ObjectionFiled(objection=id):
            filed = Objection(
                id=id,
                filed_on=event.filed_on,
                filed_by=event.filed_by,
                grounds=event.grounds,
                version=version,
            )
            return {**objections, id: filed}
        case ObjectionDecided():
            return became(event.outcome, event.decided_on)
        case ObjectionSettled():
            rests_on = tuple((each.community, each.version) for each in event.corrections)
            return became("settled", event.settled_on, rests_on)
        case ObjectionWithdrawn():
            return became("withdrawn", event.withdrawn_on)
        case ObjectionStepAnnulled(objection=id, annuls=annulled):
            was = objections[id]
            steps = tuple(step for step in was.steps if step.version != annulled)
            return {**objections, id: replace(was, steps=steps, annulled_on=event.annulled_on)}
        case _:
            assert_never(event)
