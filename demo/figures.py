"""Profiles for surveys: figures for which the assessment suggests a given type.

Works for any policy: it searches by the policy's own rules. What it knows of single indicators
only makes the figures plausible; an indicator that it doesn't know gets figures all the same.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from random import Random

from domain.community.assessment import assess, suggested
from domain.kernel.policy import AssessmentRule, Indicator, IndicatorValue, Policy

Profile = dict[str, IndicatorValue]

TRIES_MAX = 400
# How much chance may weigh against the rules' points, so that no two communities are alike.
CHANCE_POINTS = 30.0
TRUE_SHARE = 0.15

_PLAUSIBLE: Mapping[str, tuple[int, int]] = {
    "residents": (2_400, 13_500),
    "businesses": (15, 900),
    "commercial-buildings": (0, 14),
    "commercial-complexes": (0, 3),
    "markets": (0, 5),
    "resident-units": (0, 42),
    "unmanaged-courtyards": (0, 22),
    "zero-employment-households": (0, 30),
    "migrant-residents": (3, 55),
    "farming-residents": (0, 45),
    "laid-off-residents": (1, 20),
    "business-floor-area": (2, 75),
}
# Shares of one whole: together never more than all of it.
_SHARES = (
    "commercial-dwellings",
    "enterprise-dwellings",
    "unit-dwellings",
    "resettlement-dwellings",
    "village-dwellings",
)


class Figures:
    """Makes profiles by the assessment rules of one policy."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def suggested(self, profile: Mapping[str, IndicatorValue]) -> str | None:
        """The type that the assessment suggests for a profile."""
        best = suggested(assess(profile, self.policy), self.policy)
        return best.type if best else None

    def likeliest(self, given: Mapping[str, IndicatorValue]) -> str:
        """The type for which these few findings speak most."""
        ranking = assess(given, self.policy)
        return ranking[0].type if ranking else self.policy.types[-1].code

    def second(self, profile: Mapping[str, IndicatorValue], type: str) -> list[str]:
        """The other types, the likeliest first: where a community of this type may be heading."""
        return [each.type for each in assess(profile, self.policy) if each.type != type]

    def of_type(self, type: str, random: Random, given: Mapping[str, IndicatorValue]) -> Profile:
        """A profile, holding what is given, for which the assessment suggests the type.

        Where the policy's rules never suggest it, the profile that comes nearest to it by chance.
        """
        asked = {indicator.code for indicator in self.policy.indicators}
        known = {code: value for code, value in given.items() if code in asked}
        profile: Profile = {}
        for attempt in range(TRIES_MAX):
            chance = CHANCE_POINTS * (1 - attempt / TRIES_MAX)
            profile = self._coherent(self._drawn(type, chance, random) | known, type, random)
            if self.suggested(profile) == type:
                break
        return profile

    def drifted(self, profile: Profile, random: Random) -> Profile:
        """The same community a year later: some figures a little different, the same suggestion."""
        for _ in range(20):
            after = {
                c: self._moved(self.policy.indicator(c), v, random) for c, v in profile.items()
            }
            after = self._within(after, self.suggested(profile) or "")
            if self.suggested(after) == self.suggested(profile):
                return after
        return profile

    def turned(self, profile: Profile, type: str, random: Random) -> Profile | None:
        """The profile changed as little as will make the assessment suggest another type, or None.

        What a community's history is (yes or no) stays; only its figures change.
        """
        after = dict(profile)
        changing = [
            i for i in self.policy.indicators if i.unit != "yes-no" and i.code in self._rules
        ]
        for _ in changing:
            trials = [
                self._within(after | {indicator.code: value}, type)
                for indicator in changing
                for value in self._near_thresholds(indicator, random)
            ]
            gains = [self._lead(each, type) - self._distance(after, each) for each in trials]
            after = trials[gains.index(max(gains))]
            if self.suggested(after) == type:
                return after
        return None

    def _distance(self, before: Profile, after: Profile) -> float:
        """How far apart two profiles are, in points; a whole range is CHANCE_POINTS."""
        apart = 0.0
        for code, value in after.items():
            if value != before[code]:
                low, high = self._bounds(self.policy.indicator(code))
                apart += abs(float(value) - float(before[code])) / (high - low)
        return apart * CHANCE_POINTS

    @cached_property
    def _rules(self) -> Mapping[str, list[tuple[str, AssessmentRule]]]:
        """The rules that ask for each indicator, with the type they are of."""
        found: dict[str, list[tuple[str, AssessmentRule]]] = {}
        for each in self.policy.types:
            for rule in each.rules:
                found.setdefault(rule.indicator, []).append((each.code, rule))
        return found

    def _drawn(self, type: str, chance: float, random: Random) -> Profile:
        profile: Profile = {}
        for indicator in self.policy.indicators:
            candidates = self._candidates(indicator, random)
            if indicator.code in self._rules:
                merits = [
                    self._merit(type, indicator.code, value) + random.uniform(0, chance)
                    for value in candidates
                ]
                profile[indicator.code] = candidates[merits.index(max(merits))]
            else:
                profile[indicator.code] = candidates[0]
        return profile

    def _merit(self, type: str, code: str, value: IndicatorValue) -> int:
        """What a value does for the type: its points less the most that another type gets."""
        points = {each.code: 0 for each in self.policy.types}
        for of_type, rule in self._rules.get(code, ()):
            if rule.met(value):
                points[of_type] += rule.points
        others = [each for of_type, each in points.items() if of_type != type]
        return points[type] - max(others, default=0)

    def _lead(self, profile: Profile, type: str) -> int:
        ranking = assess(profile, self.policy)
        own = next((each.points for each in ranking if each.type == type), 0)
        return own - max((each.points for each in ranking if each.type != type), default=0)

    def _candidates(self, indicator: Indicator, random: Random) -> list[IndicatorValue]:
        """Values that the indicator may well have, some on either side of each threshold."""
        if indicator.unit == "yes-no":
            first = random.random() < TRUE_SHARE
            return [first, not first]
        low, high = self._bounds(indicator)
        drawn = [low + (high - low) * random.random() ** 2.2 for _ in range(3)]
        for threshold in self._thresholds(indicator):
            drawn += [threshold * random.uniform(0.3, 0.95), threshold * random.uniform(1.02, 1.5)]
        return [_rounded(indicator, min(max(value, low), high)) for value in drawn]

    def _near_thresholds(self, indicator: Indicator, random: Random) -> list[IndicatorValue]:
        """Values a little on either side of each threshold."""
        low, high = self._bounds(indicator)
        near = [
            threshold * share
            for threshold in self._thresholds(indicator)
            for share in (random.uniform(0.82, 0.96), random.uniform(1.02, 1.14))
        ]
        return [_rounded(indicator, min(max(value, low), high)) for value in near]

    def _thresholds(self, indicator: Indicator) -> list[float]:
        return [float(rule.threshold) for _, rule in self._rules.get(indicator.code, ())]

    def _bounds(self, indicator: Indicator) -> tuple[float, float]:
        if indicator.code in _PLAUSIBLE:
            return _PLAUSIBLE[indicator.code]
        if indicator.unit == "percent":
            return 0, 96
        return 0, max(self._thresholds(indicator), default=50.0) * 2

    def _coherent(self, profile: Profile, type: str, random: Random) -> Profile:
        """With as many households and dwellings as the residents need."""
        if "residents" in profile and "households" in profile:
            profile["households"] = int(profile["residents"] / Decimal(random.randint(23, 29)) * 10)
            if "dwellings" in profile:
                profile["dwellings"] = profile["households"] * random.randint(103, 124) // 100
        return self._within(profile, type)

    def _within(self, profile: Profile, type: str) -> Profile:
        """With shares of one whole that are together no more than all of it."""
        left = Decimal("100.0")
        shares = [code for code in _SHARES if code in profile]
        cut: Profile = {}
        for code in sorted(shares, key=lambda c: -self._merit(type, c, profile[c])):
            cut[code] = min(Decimal(profile[code]), left)
            left -= Decimal(cut[code])
        return {code: cut.get(code, value) for code, value in profile.items()}

    def _moved(self, indicator: Indicator, value: IndicatorValue, random: Random) -> IndicatorValue:
        if indicator.unit == "yes-no" or random.random() < 0.45:
            return value
        low, high = self._bounds(indicator)
        step = 2.5 if indicator.unit == "percent" else max(0.6, float(value) * 0.035)
        moved = float(value) + random.uniform(-step, step)
        if indicator.code not in _PLAUSIBLE and indicator.unit == "count":
            high = max(high, float(value) * 1.1)
        return _rounded(indicator, min(max(moved, low), high))


def _rounded(indicator: Indicator, value: float) -> IndicatorValue:
    """As surveys state it: whole numbers, and percentages with one decimal place."""
    if indicator.unit == "count":
        return round(value)
    return Decimal(round(value * 10)).scaleb(-1)
