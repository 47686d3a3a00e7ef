"""A round on record for the tests of rounds, reviews and supports: three communities of d1.

`a`, `b` and `e` lie under the subdistrict s1 of the district d1; everything happens in 2023.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from domain.community.events import CommunityClassified
from domain.grading.entering import OpenRound
from domain.grading.grading import GradeCity, RegradeCity
from domain.grading.publication import CloseRound, PublishResults
from domain.kernel.command import Command
from domain.kernel.context import Role
from domain.kernel.event import Event
from domain.kernel.refusal import Refused
from domain.review.events import AssemblyHeld, ItemPoints
from domain.review.stages import RecordAppraisal, ScoreByDistrict, ScoreBySubdistrict, SelfAssess
from domain.round.plan import Window
from domain.round.planning import OpenStage, PlanRound
from tests.domain.given import POLICY, Given, Outcome, day, given, registered

STAGES = tuple(stage.code for stage in POLICY.stages)
APPRAISAL, OWN, SUBDISTRICT, DISTRICT, CITY = STAGES
BEST, MIDDLE, WORST = (grade.code for grade in POLICY.grades)
TYPE, OTHER_TYPE = POLICY.types[0].code, POLICY.types[1].code
VETO = POLICY.rounds.vetoes[0].code
BEGIN = day("2023-05-01")
ROUND = "round:r"
WINDOWS = tuple(
    Window(stage=stage, planned_from=date(2023, 5 + n, 1), planned_until=date(2023, 6 + n, 1))
    for n, stage in enumerate(STAGES)
)
PLAN = PlanRound(title="第二轮", begins_on=BEGIN, cutoff_on=day("2023-04-30"), windows=WINDOWS)
GRADE = GradeCity(graded_on=day("2023-09-20"))
PUBLISH = PublishResults(published_on=day("2023-10-08"))
REGRADE = RegradeCity(graded_on=day("2023-10-12"), reason="得分更正后重新排名")
CLOSE = CloseRound(closed_on=day("2023-10-15"))


def review(community: str) -> str:
    return f"review:r.{community}"


def community(name: str, **fields: Any) -> tuple[Event, ...]:
    began = fields.pop("effective_from", day("2018-01-01"))
    classified = fields.pop("type", TYPE)
    place = registered(name, code=None, effective_from=began, **fields)
    if classified is None:
        return (place,)
    return (place, CommunityClassified(type=classified, effective_from=day("2021-03-31")))


CITY_OF_THREE = (
    given(*community("甲社区"))
    .with_("community:b", *community("乙社区"))
    .with_("community:e", *community("戊社区"))
    .at(ROUND)
)


def planned() -> Given:
    return CITY_OF_THREE.after(ROUND, PLAN, by="arbiter")


def opened(*communities: str, stages: Iterable[str] = STAGES) -> Given:
    """The round open with these communities, and with all stages open."""
    stands = planned().after(
        ROUND,
        OpenRound(communities=communities or ("a", "b", "e"), opened_on=BEGIN),
        by="arbiter",
    )
    for stage in stages:
        stands = stands.after(ROUND, OpenStage(stage=stage, opened_on=BEGIN), by="arbiter")
    return stands


def votes(satisfied: int = 30, dissatisfied: int = 0, *, present: int = 30) -> RecordAppraisal:
    good, _, bad = (ballot.code for ballot in POLICY.rounds.ballots)
    return RecordAppraisal(
        assemblies=tuple(
            AssemblyHeld(
                assembly=assembly.code,
                held_on=day("2023-05-10"),
                members=40,
                present=present,
                votes={good: satisfied, bad: dissatisfied},
            )
            for assembly in POLICY.rounds.assemblies
        )
    )


def points(percent: int, stage: str = DISTRICT) -> tuple[ItemPoints, ...]:
    """So many per cent of the points of each item."""
    rubric = next(r for r in POLICY.rounds.rubrics if r.stage == stage)
    return tuple(
        ItemPoints(item=i.code, points=Decimal(i.points_max * percent) / 100) for i in rubric.items
    )


def assessed(percent: int = 90) -> SelfAssess:
    return SelfAssess(scored_on=day("2023-06-10"), items=points(percent))


def first(percent: int = 90) -> ScoreBySubdistrict:
    return ScoreBySubdistrict(scored_on=day("2023-07-10"), items=points(percent))


def second(percent: int = 90) -> ScoreByDistrict:
    return ScoreByDistrict(scored_on=day("2023-08-10"), items=points(percent))


WHO: dict[type[Command[Any]], tuple[Role, str, str]] = {
    RecordAppraisal: ("recorder", "rec", "s1"),
    SelfAssess: ("recorder", "rec", "s1"),
    ScoreBySubdistrict: ("reviewer", "rev", "s1"),
    ScoreByDistrict: ("decider", "dec", "d1"),
}


def act(stands: Given, stream: str, command: Command[Any], **who: Any) -> Given:
    """The same after a command by whoever does such things."""
    role, person, jurisdiction = WHO.get(type(command), ("arbiter", "arb", "c"))
    by = {"by": role, "person": person, "jurisdiction": jurisdiction, **who}
    return stands.after(stream, command, **by)


def asked(stands: Given, stream: str, command: Command[Any], **who: Any) -> Outcome:
    """What comes of a command by whoever does such things."""
    role, person, jurisdiction = WHO.get(type(command), ("arbiter", "arb", "c"))
    by = {"by": role, "person": person, "jurisdiction": jurisdiction, **who}
    return stands.at(stream).when(command, **by)


def refused(outcome: Outcome, code: str, **params: Any) -> None:
    """It was refused by this rule, which names these; reasons among them by their own codes."""
    outcome.refused(code)
    assert outcome.refusal is not None
    found = {name: outcome.refusal.params[name] for name in params}
    if "reasons" in found:
        found["reasons"] = [each.code for each in reasons_of(outcome)]
    assert found == params


def reasons_of(outcome: Outcome) -> list[Refused]:
    """Each of the reasons of a refusal for several."""
    assert outcome.refusal is not None
    reasons = outcome.refusal.params["reasons"]
    assert isinstance(reasons, list)
    return reasons


def scored(stands: Given, community: str, percent: int = 90) -> Given:
    """The same with all stages of a community's review done."""
    for command in (votes(), assessed(percent), first(percent), second(percent)):
        stands = act(stands, review(community), command)
    return stands


def ready(**percents: int) -> Given:
    """The round with all reviews done: so many per cent in each stage, votes unanimous."""
    stands = opened(*percents)
    for id, percent in percents.items():
        stands = scored(stands, id, percent)
    return stands


def graded(**percents: int) -> Given:
    return act(ready(**percents), ROUND, GRADE)


def published(**percents: int) -> Given:
    return act(graded(**percents), ROUND, PUBLISH)
