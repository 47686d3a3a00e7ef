"""The assessment ranks and explains: it counts what is known, and never what is not."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.community.assessment import TypeAssessment, assess, settled, suggested
from domain.kernel.policy import AssessmentRule, Indicator, IndicatorValue, Policy, built_in
from domain.kernel.text import Bilingual

POLICY = built_in()["2021"].policy
Profile = dict[str, IndicatorValue]

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "yes-no": st.booleans(),
    "count": st.integers(0, 400),
    "percent": st.one_of(st.integers(0, 100), st.decimals(0, 100, places=2)),
}


def profiles(policy: Policy = POLICY) -> st.SearchStrategy[Profile]:
    return st.fixed_dictionaries({}, optional=_values(policy))


def whole_profiles(policy: Policy = POLICY) -> st.SearchStrategy[Profile]:
    return st.fixed_dictionaries(_values(policy))


def _values(policy: Policy) -> dict[str, st.SearchStrategy[Any]]:
    return {indicator.code: VALUES[indicator.unit] for indicator in policy.indicators}


def rule(indicator: str, points: int, threshold: IndicatorValue = 1) -> AssessmentRule:
    return AssessmentRule(
        indicator=indicator,
        operator="==",
        threshold=threshold,
        points=points,
        reason=Bilingual(zh="测试", en="For a test."),
        source="a test",
    )


def with_rules(*rules: tuple[AssessmentRule, ...]) -> Policy:
    """The policy with these rules for its first types, and none for the others."""
    given_ = [*rules, *[()] * (len(POLICY.types) - len(rules))]
    types = [
        each.model_copy(update={"rules": own})
        for each, own in zip(POLICY.types, given_, strict=True)
    ]
    return POLICY.model_copy(update={"types": tuple(types)})


def place(ranking: tuple[TypeAssessment, ...], code: str) -> int:
    return [each.type for each in ranking].index(code)


def of(ranking: tuple[TypeAssessment, ...], code: str) -> TypeAssessment:
    return ranking[place(ranking, code)]


@pytest.mark.parametrize(
    ("code", "profile"),
    [
        ("commercial-housing", {"commercial-dwellings": 85, "serviced-dwellings": 90}),
        (
            "business-district",
            {"business-floor-area": 55, "commercial-buildings": 12, "commercial-dwellings": 40},
        ),
        (
            "old-courtyard",
            {"old-dwellings": 70, "serviced-dwellings": 20, "separated-enterprise": False},
        ),
        (
            "restructured-enterprise",
            {"separated-enterprise": True, "enterprise-households": 60, "old-dwellings": 70},
        ),
        ("institution-cluster", {"resident-units": 24, "commercial-dwellings": 30}),
        ("urban-rural", {"urban-fringe": True, "converted-village": True, "resident-units": 2}),
    ],
)
def test_a_plain_case_of_each_type_suggests_that_type(code: str, profile: Profile) -> None:
    best = suggested(assess(POLICY.checked(profile), POLICY), POLICY)

    assert best is not None
    assert best.type == code
    assert best.reasons_for


def test_with_nothing_surveyed_nothing_is_said() -> None:
    assert assess({}, POLICY) == ()
    assert suggested((), POLICY) is None
    assert not settled(())


def test_indicators_that_no_rule_asks_about_say_nothing() -> None:
    assert assess({"residents": 9000, "of-an-older-policy": 3}, POLICY) == ()


def test_a_missing_indicator_is_not_surveyed_and_never_counts_as_no() -> None:
    policy = with_rules((rule("urban-fringe", 5, threshold=False), rule("markets", 3)))

    first = assess({"markets": 1}, policy)[0]

    assert [finding.status for finding in first.findings] == ["not-surveyed", "met"]
    assert [finding.value for finding in first.findings] == [None, 1]
    assert (first.points_least, first.points, first.points_most) == (3, 3, 8)
    assert [finding.rule.indicator for finding in first.not_surveyed] == ["urban-fringe"]


def test_yes_and_no_and_nought_are_found_values() -> None:
    policy = with_rules((rule("urban-fringe", 5, threshold=False), rule("markets", 3, 0)))

    first = assess({"urban-fringe": False, "markets": 0}, policy)[0]

    assert [finding.status for finding in first.findings] == ["met", "met"]


def test_a_contrary_finding_speaks_against_only_when_it_holds() -> None:
    policy = with_rules((rule("markets", -4), rule("businesses", 6), rule("residents", -2, 7)))

    ranking = assess({"markets": 1, "businesses": 0, "residents": 8}, policy)

    weighed = of(ranking, POLICY.types[0].code)
    assert weighed == ranking[-1]
    assert weighed.points == -4
    assert [f.rule.indicator for f in weighed.reasons_against] == ["markets", "businesses"]
    assert weighed.reasons_for == ()


def test_equals_keep_the_policys_order_and_say_so() -> None:
    policy = with_rules((rule("markets", 50),), (rule("markets", 60),), (rule("markets", 60),))

    ranking = assess({"markets": 1}, policy)

    codes = [each.code for each in POLICY.types]
    assert [each.type for each in ranking] == [codes[1], codes[2], codes[0], *codes[3:]]
    assert [each.tied for each in ranking] == [True, True, False, True, True, True]
    assert suggested(ranking, policy) is None


def test_a_type_with_too_few_points_is_not_suggested() -> None:
    enough = POLICY.assessment.points_min
    for points, code in [(enough, POLICY.types[0].code), (enough - 1, None)]:
        policy = with_rules((rule("markets", points),))
        best = suggested(assess({"markets": 1}, policy), policy)
        assert (best.type if best else None) == code


@given(profiles(), st.randoms(use_true_random=False))
def test_the_order_of_indicators_does_not_matter(profile: Profile, dice: random.Random) -> None:
    items = list(profile.items())
    dice.shuffle(items)

    assert assess(dict(items), POLICY) == assess(profile, POLICY)


@given(profiles())
def test_every_type_is_ranked_by_the_points_of_the_rules_it_meets(profile: Profile) -> None:
    ranking = assess(profile, POLICY)

    asked = {each.indicator for type_ in POLICY.types for each in type_.rules}
    assert bool(ranking) == bool(asked & profile.keys())
    assert [each.points for each in ranking] == sorted((e.points for e in ranking), reverse=True)
    for each in ranking:
        assert [f.rule for f in each.findings] == list(POLICY.community_type(each.type).rules)
        assert each.points == sum(f.rule.points for f in each.findings if f.status == "met")
        for finding in each.findings:
            assert finding.value == profile.get(finding.rule.indicator)
            assert (finding.status == "not-surveyed") == (finding.rule.indicator not in profile)


@given(profiles(), st.data())
def test_one_more_met_rule_in_its_favour_never_lowers_a_type(
    profile: Profile, data: st.DataObject
) -> None:
    before = assess(profile, POLICY)
    if not before:
        return
    code = data.draw(st.sampled_from([each.code for each in POLICY.types]))
    indicator = data.draw(st.sampled_from(sorted(profile)))
    added = rule(indicator, data.draw(st.integers(1, 100)), profile[indicator])
    more = {code: (added,)}
    types = tuple(
        each.model_copy(update={"rules": each.rules + more.get(each.code, ())})
        for each in POLICY.types
    )

    after = assess(profile, POLICY.model_copy(update={"types": types}))

    assert of(after, code).points == of(before, code).points + added.points
    assert place(after, code) <= place(before, code)


@given(whole_profiles(), st.data())
def test_surveying_more_keeps_the_points_within_what_was_foreseen(
    whole: Profile, data: st.DataObject
) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(whole))))
    partly = assess({code: whole[code] for code in kept}, POLICY)
    fully = assess(whole, POLICY)

    for each in partly:
        assert each.points_least <= of(fully, each.type).points <= each.points_most
    if settled(partly):
        assert fully[0].type == partly[0].type
    assert all(each.points_least == each.points == each.points_most for each in fully)


@given(st.sampled_from(POLICY.indicators), st.data())
def test_whatever_a_survey_may_state_can_be_assessed(
    indicator: Indicator, data: st.DataObject
) -> None:
    value = data.draw(VALUES[indicator.unit])

    assess(POLICY.checked({indicator.code: value}), POLICY)


def test_a_percentage_counts_the_same_as_a_whole_number_and_as_a_decimal() -> None:
    whole, decimal = ({"old-dwellings": value} for value in (60, Decimal("60.0")))

    assert [e.points for e in assess(whole, POLICY)] == [e.points for e in assess(decimal, POLICY)]
