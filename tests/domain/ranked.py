"""Plans and communities for the tests of the ranking; stages a, b and c, then the grading."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from domain.kernel.text import Bilingual
from domain.round.plan import (
    CapRule,
    GradeRule,
    Mark,
    Plan,
    QuotaRule,
    RubricRule,
    Rules,
    StageRule,
    VetoRule,
)
from domain.round.ranking import Candidate

DAY = date(2023, 5, 1)
NAME = Bilingual(zh="名", en="name")


def stage(code: str, acts: Any) -> StageRule:
    return StageRule(
        stage=code,
        acts=acts,
        unit="district",
        may_act=("decider",),
        planned_from=DAY,
        planned_until=date(2023, 6, 1),
    )


RULES = Rules(
    stages=(stage("a", "score"), stage("b", "score"), stage("c", "score"), stage("z", "grade")),
    assemblies=(),
    ballots=(),
    grades=(
        GradeRule(grade="gold", score_min=Decimal(85)),
        GradeRule(grade="silver", score_min=Decimal(60)),
        GradeRule(grade="bronze", supported=True),
    ),
    quotas=(),
    caps=(CapRule(cap="low-a", title=NAME, stage="a", below_percent=Decimal(50), grade="silver"),),
    vetoes=(VetoRule(veto="fraud", title=NAME, grade="bronze"),),
    ties=("b", "a"),
    score_places=2,
    publicity_days=7,
    objection_days=7,
)
RUBRICS = (
    RubricRule(stage="a", weight=20),
    RubricRule(stage="b", weight=50),
    RubricRule(stage="c", weight=30),
)
PLAN = Plan(RULES, RUBRICS)


def with_quotas(*quotas: tuple[str, Any, Any, int]) -> Plan:
    rules = tuple(
        QuotaRule(grade=grade, bound=bound, per=per, percent=Decimal(percent))
        for grade, bound, per, percent in quotas
    )
    return replace(PLAN, rules=RULES.model_copy(update={"quotas": rules}))


def marks(a: int, b: int, c: int) -> Mapping[str, Mark]:
    return {
        code: Mark(Fraction(percent), MappingProxyType({}))
        for code, percent in zip("abc", (a, b, c), strict=True)
    }


def candidate(
    id: str, a: int, b: int, c: int, *, type: str = "t", unit: str = "u", vetoes: Any = ()
) -> Candidate:
    return Candidate(id, type, unit, marks(a, b, c), tuple(vetoes))
