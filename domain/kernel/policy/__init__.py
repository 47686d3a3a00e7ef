"""The policy of a city as data: types, measures, indicators, rules, stages, grades, dates.

It reads and checks policy files. It decides nothing and names no type, stage or grade itself.
"""

from domain.kernel.policy.editions import (
    Edition,
    built_in,
    edition_called,
    edition_of,
    known_editions,
    learn,
    policy_digest,
    unreadable,
)
from domain.kernel.policy.fault import Fault, PolicyFileWrong
from domain.kernel.policy.grading import Rounds, Stage, StageAct, StageUnit, Supporting
from domain.kernel.policy.indicator import AssessmentRule, Indicator, IndicatorValue, Operator, Unit
from domain.kernel.policy.parts import (
    Assessment,
    Cadence,
    ClassificationRoles,
    CommunityType,
    CouncilKind,
    Evidence,
    Grade,
    Measure,
    Milestone,
    Programme,
    SupportKind,
)
from domain.kernel.policy.policy import Policy
from domain.kernel.policy.reading import faults_of, read_policy
from domain.kernel.policy.society import (
    Board,
    CheckIns,
    Exemplars,
    Honours,
    HonourTitle,
    Partnerships,
)
from domain.kernel.policy.term import Term
from domain.kernel.policy.titles import called, is_term, offered
from domain.kernel.policy.work import Calendar, Work

__all__ = [
    "Assessment",
    "AssessmentRule",
    "Board",
    "Cadence",
    "Calendar",
    "CheckIns",
    "ClassificationRoles",
    "CommunityType",
    "CouncilKind",
    "Edition",
    "Evidence",
    "Exemplars",
    "Fault",
    "Grade",
    "HonourTitle",
    "Honours",
    "Indicator",
    "IndicatorValue",
    "Measure",
    "Milestone",
    "Operator",
    "Partnerships",
    "Policy",
    "PolicyFileWrong",
    "Programme",
    "Rounds",
    "Stage",
    "StageAct",
    "StageUnit",
    "SupportKind",
    "Supporting",
    "Term",
    "Unit",
    "Work",
    "built_in",
    "called",
    "edition_called",
    "edition_of",
    "faults_of",
    "is_term",
    "known_editions",
    "learn",
    "offered",
    "policy_digest",
    "read_policy",
    "unreadable",
]
