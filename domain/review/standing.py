"""The parts of a review's state: scores, grades and objections."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple, assert_never

from domain.kernel.event import Event
from domain.kernel.refusal import Refused
from domain.kernel.subject import changed
from domain.kernel.text import Bilingual
from domain.review.events import (
    AssemblyHeld,
    Became,
    CommunityGraded,
    CommunityRegraded,
    GradeAnnulled,
    GradeCorrected,
    ObjectionDecided,
    ObjectionEvent,
    ObjectionFiled,
    ObjectionSettled,
    ObjectionStepAnnulled,
    ObjectionWithdrawn,
    ReviewGradingEvent,
    ScoredItem,
)

BECAME: Mapping["Became", Bilingual] = MappingProxyType(
    {
        "upheld": Bilingual(zh="裁定成立", en="upheld"),
        "dismissed": Bilingual(zh="裁定不成立", en="dismissed"),
        "withdrawn": Bilingual(zh="撤回", en="withdrawn"),
        "settled": Bilingual(zh="办结", en="settled"),
    }
)


class ObjectionStep(NamedTuple):
    """A step of an objection, stated by the entry `version`: decision, settlement or withdrawal.

    It says by whom, and why. A settlement rests on corrections, each an entry of a review.
    """

    version: int
    on: date
    became: Became
    by: str
    because: str
    rests_on: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Objection:
    """An objection, filed by the entry `version`, with its steps in force and the day of the latest
    annulment of a step."""

    id: str
    version: int
    filed_on: date
    filed_by: str
    grounds: str
    steps: tuple[ObjectionStep, ...] = ()
    annulled_on: date = date.min

    @property
    def keys(self) -> dict[str, Any]:
        """The parameters by which refusals name it: its id and the day on which it was filed."""
        return {"objection": self.id, "filed_on": self.filed_on}

    @property
    def became(self) -> Became | None:
        """Its newest step; None if it is still to be decided."""
        return self.steps[-1].became if self.steps else None

    @property
    def ended_on(self) -> date | None:
        """The day from which on nothing remains to be done about it."""
        return self.steps[-1].on if self.settled else None

    @property
    def last_on(self) -> date:
        """The day of its newest step or annulment, or else of its filing."""
        return max(self.annulled_on, self.steps[-1].on if self.steps else self.filed_on)

    @property
    def settled(self) -> bool:
        """Whether nothing remains to be done about it."""
        return self.became not in (None, "upheld")

    def require_undecided(self) -> None:
        """Refused if it was decided or withdrawn."""
        if self.steps:
            step = self.steps[0]
            raise Refused(
                "objection.decided-or-withdrawn",
                **self.keys,
                became=BECAME[step.became],
                entry=step.version,
            )


# The fields of review events with the person who acted, and the day.
_PARTICIPANTS = (
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
    """The result of one stage: items with points, or the votes of the assemblies. `on` is the day
    of the act, not of its correction."""

    version: int
    by: str
    on: date
    items: tuple[ScoredItem, ...] = ()
    assemblies: tuple[AssemblyHeld, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Given:
    """The grade in force, with the day of its ranking; `decided_by` is the entry that corrected it
    individually, if any."""

    version: int
    grade: str
    rank: int
    of: int
    total: Decimal
    graded_on: date
    decided_by: int | None = None

    @property
    def decided(self) -> bool:
        """Whether it was corrected individually, and so stays when the ranking changes."""
        return self.decided_by is not None


def participant_in(event: Event) -> str | None:
    """The person who acted in an event; None for a grading, which is a command on the round."""
    stated = vars(event)
    return next((stated[name] for name in _PARTICIPANTS if name in stated), None)


def day_of(event: Event) -> date:
    """The day of an act, a correction or a grade."""
    stated = vars(event)
    day: date = next(stated[name] for name in _DAYS if name in stated)
    return day


def after(
    objections: Mapping[str, Objection], event: ObjectionEvent, version: int
) -> Mapping[str, Objection]:
    """The objections after one more event, recorded as the entry `version`."""

    def stepped(*said: Any) -> Mapping[str, Objection]:
        was = objections[event.objection]
        steps = (*was.steps, ObjectionStep(version, *said))
        return {**objections, was.id: changed(was, steps=steps)}

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
            return stepped(event.decided_on, event.outcome, event.decided_by, event.reason)
        case ObjectionSettled():
            rests_on = tuple((each.community, each.version) for each in event.corrections)
            return stepped(event.settled_on, "settled", event.settled_by, event.reason, rests_on)
        case ObjectionWithdrawn():
            return stepped(event.withdrawn_on, "withdrawn", event.withdrawn_by, event.reason)
        case ObjectionStepAnnulled(objection=id, became=became):
            was = objections[id]
            steps = tuple(step for step in was.steps if step.became != became)
            return {**objections, id: changed(was, steps=steps, annulled_on=event.annulled_on)}
        case _:
            assert_never(event)


def given_after(given: Given | None, event: ReviewGradingEvent, version: int) -> Given | None:
    """The grade that holds after one more event, which is the entry `version`."""
    match event:
        case CommunityGraded() | CommunityRegraded():
            return Given(
                version=version,
                grade=event.grade,
                rank=event.rank,
                of=event.of,
                total=event.total,
                graded_on=event.graded_on,
                decided_by=given.decided_by if given else None,
            )
        case GradeCorrected():
            assert given is not None, "a grade that is corrected was given"
            return changed(given, version=version, grade=event.grade, decided_by=version)
        case GradeAnnulled():
            return None
        case _:
            assert_never(event)
