"""How well each community type fits a surveyed profile, and why (section two).

It ranks and explains by the rules of the policy file, and decides nothing: a community's type is
what people have recorded.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from domain.kernel.policy import AssessmentRule, CommunityType, IndicatorValue, Policy


class Finding(NamedTuple):
    """The result of one rule. A missing indicator is `not-surveyed`, never `unmet`."""

    rule: AssessmentRule
    value: IndicatorValue | None
    status: Literal["met", "unmet", "not-surveyed"]


@dataclass(frozen=True, slots=True)
class TypeAssessment:
    """How well one type fits, with the findings.

    `points_least` and `points_most` bound the points that are possible once everything is
    surveyed. `tied`: another type has the same points, so the order between them is the policy's
    own.
    """

    type: str
    points: int
    points_least: int
    points_most: int
    tied: bool
    findings: tuple[Finding, ...]

    @property
    def reasons_for(self) -> tuple[Finding, ...]:
        """The findings that gave points."""
        return tuple(f for f in self.findings if f.status == "met" and f.rule.points > 0)

    @property
    def reasons_against(self) -> tuple[Finding, ...]:
        """The findings that took points, and the unmet ones that would have given some."""
        against = {"met": -1, "unmet": 1, "not-surveyed": 0}
        return tuple(f for f in self.findings if against[f.status] * f.rule.points > 0)

    @property
    def not_surveyed(self) -> tuple[Finding, ...]:
        """The rules that nothing is known about yet."""
        return tuple(f for f in self.findings if f.status == "not-surveyed")


def assess(profile: Mapping[str, IndicatorValue], policy: Policy) -> tuple[TypeAssessment, ...]:
    """The policy's types, best first; equals in the policy's order.

    Empty if the profile has no indicator that a rule uses.
    Indicators that the policy does not know are ignored: they may come from an earlier policy.
    """
    weighed = [_weigh(profile, each) for each in policy.types]
    if all(f.status == "not-surveyed" for each in weighed for f in each.findings):
        return ()
    having = Counter(each.points for each in weighed)
    ranked = [replace(each, tied=True) if having[each.points] > 1 else each for each in weighed]
    return tuple(sorted(ranked, key=lambda each: -each.points))


def suggested(ranking: tuple[TypeAssessment, ...], policy: Policy) -> TypeAssessment | None:
    """The type to suggest to those who decide: the only one at the top, with enough points."""
    if not ranking or ranking[0].tied or ranking[0].points < policy.assessment.points_min:
        return None
    return ranking[0]


def settled(ranking: tuple[TypeAssessment, ...]) -> bool:
    """Whether the first type stays first, whatever surveys still find."""
    return bool(ranking) and all(
        ranking[0].points_least > other.points_most for other in ranking[1:]
    )


def _weigh(profile: Mapping[str, IndicatorValue], community_type: CommunityType) -> TypeAssessment:
    points = loss = gain = 0
    findings = []
    for rule in community_type.rules:
        value = profile.get(rule.indicator)
        if value is None:
            findings.append(Finding(rule, None, "not-surveyed"))
            if rule.points > 0:
                gain += rule.points
            else:
                loss += rule.points
        elif rule.met(value):
            findings.append(Finding(rule, value, "met"))
            points += rule.points
        else:
            findings.append(Finding(rule, value, "unmet"))
    return TypeAssessment(
        type=community_type.code,
        points=points,
        points_least=points + loss,
        points_most=points + gain,
        tied=False,
        findings=tuple(findings),
    )
