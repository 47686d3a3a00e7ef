"""Ranks and grades follow from the scores and the round's rules alone, and say how."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.round.plan import Plan
from domain.round.ranking import Candidate, Limit, Placing, QuotaEffect, StageShare, rank, rounded
from tests.domain.ranked import PLAN, candidate, marks, with_quotas

PERCENTS = st.sampled_from([0, 40, 59, 60, 61, 84, 85, 90, 100])
CITIES = st.lists(
    st.tuples(
        PERCENTS,
        PERCENTS,
        PERCENTS,
        st.sampled_from("tu"),
        st.sampled_from("xyz"),
        st.sampled_from([(), (), (), ("fraud",)]),
    ),
    min_size=1,
    max_size=24,
).map(
    lambda rows: [
        candidate(f"c{n:02}", a, b, c, type=type, unit=unit, vetoes=vetoes)
        for n, (a, b, c, type, unit, vetoes) in enumerate(rows)
    ]
)
PERS = st.sampled_from(["type", "unit"])
SHARES = st.integers(0, 100)
PLANS = st.one_of(
    st.just(PLAN),
    st.builds(lambda per, p: with_quotas(("gold", "ceiling", per, p)), PERS, SHARES),
    st.builds(lambda per, p: with_quotas(("gold", "floor", per, p)), PERS, SHARES),
    st.builds(
        lambda per, p, q: with_quotas(("gold", "ceiling", per, p), ("bronze", "floor", per, q)),
        PERS,
        SHARES,
        SHARES,
    ),
    st.builds(
        lambda per, p, q: with_quotas(("gold", "floor", per, p), ("bronze", "ceiling", per, q)),
        PERS,
        SHARES,
        SHARES,
    ),
)


def by_id(placings: tuple[Placing, ...]) -> dict[str, Placing]:
    return {placing.community: placing for placing in placings}


def test_the_total_weighs_the_stages_and_every_part_is_shown() -> None:
    placing = rank(PLAN, [candidate("x", 90, 80, 70)])[0]

    assert placing.total == Decimal("79.00")  # 0.2 x 90 + 0.5 x 80 + 0.3 x 70
    assert placing.stages == (
        StageShare("a", Decimal("90.00"), 20),
        StageShare("b", Decimal("80.00"), 50),
        StageShare("c", Decimal("70.00"), 30),
    )
    assert (placing.rank, placing.of, placing.deserved, placing.grade) == (1, 1, "silver", "silver")


def test_types_are_ranked_apart() -> None:
    placings = by_id(rank(PLAN, [candidate("x", 90, 90, 90), candidate("y", 9, 9, 9, type="u")]))

    assert [(p.rank, p.of) for p in placings.values()] == [(1, 1), (1, 1)]


def test_equal_totals_are_told_apart_by_the_named_stages_in_their_order() -> None:
    first, second = candidate("y", 75, 80, 80), candidate("x", 100, 70, 80)

    placings = by_id(rank(PLAN, [second, first]))

    assert placings["x"].total == placings["y"].total
    assert (placings["y"].rank, placings["x"].rank) == (1, 2)
    assert placings["x"].decided_by == placings["y"].decided_by == ("b",)
    assert (placings["x"].tied, placings["x"].shares_with) == (("y",), ())


def test_what_stays_equal_shares_a_rank_and_the_next_one_is_left_out() -> None:
    city = [candidate("x", 90, 90, 90), candidate("y", 90, 90, 90), candidate("z", 80, 80, 80)]

    placings = by_id(rank(PLAN, city))

    assert [placings[id].rank for id in "xyz"] == [1, 1, 3]
    assert placings["x"].shares_with == ("y",)


def test_a_cap_takes_the_best_grade_and_says_by_which_score() -> None:
    placing = rank(PLAN, [candidate("x", 49, 100, 100)])[0]

    assert (placing.total, placing.deserved, placing.grade) == (Decimal("89.80"), "gold", "silver")
    assert placing.limits == (Limit("cap", "low-a", "silver", Decimal("49.00"), Decimal(50)),)
    assert rank(PLAN, [candidate("x", 50, 100, 100)])[0].grade == "gold"


def test_a_veto_weighs_more_than_every_score() -> None:
    placing = rank(PLAN, [candidate("x", 100, 100, 100, vetoes=["fraud"])])[0]

    assert (placing.rank, placing.deserved, placing.grade) == (1, "gold", "bronze")
    assert placing.limits == (Limit("veto", "fraud", "bronze"),)


def test_a_ceiling_leaves_the_best_and_moves_the_others_down() -> None:
    city = [candidate(f"c{n}", 100, 100 - n, 100) for n in range(10)]

    placings = by_id(rank(with_quotas(("gold", "ceiling", "type", 30)), city))

    assert [placings[f"c{n}"].grade for n in range(10)] == ["gold"] * 3 + ["silver"] * 7
    assert placings["c3"].deserved == "gold"
    assert placings["c3"].quota == QuotaEffect("gold", "ceiling", "type", 3, 10)
    assert placings["c2"].quota is None


@pytest.mark.parametrize("of", [1, 2, 3, 6])
def test_a_ceiling_leaves_a_small_group_one_place(of: int) -> None:
    city = [candidate(f"c{n}", 100, 100 - n, 100) for n in range(of)]

    placings = by_id(rank(with_quotas(("gold", "ceiling", "type", 30)), city))

    assert [placings[f"c{n}"].grade for n in range(of)] == ["gold"] + ["silver"] * (of - 1)
    assert "gold" not in {p.grade for p in rank(with_quotas(("gold", "ceiling", "type", 0)), city)}


def test_a_floor_lifts_the_best_of_the_others_but_never_over_a_cap() -> None:
    city = [candidate("x", 40, 80, 80), candidate("y", 60, 70, 70), candidate("z", 60, 60, 60)]

    placings = by_id(rank(with_quotas(("gold", "floor", "type", 34)), city))

    assert [placings[id].grade for id in "xyz"] == ["silver", "gold", "silver"]
    assert placings["y"].quota == QuotaEffect("gold", "floor", "type", 1, 3)


def test_a_floor_of_the_worst_grade_takes_the_last() -> None:
    city = [candidate(f"c{n}", 90, 90 - n, 90) for n in range(10)]

    placings = by_id(rank(with_quotas(("bronze", "floor", "type", 10)), city))

    assert [p.community for p in placings.values() if p.grade == "bronze"] == ["c9"]


def test_a_ceiling_of_the_worst_grade_lifts_the_best_of_those_that_deserve_it() -> None:
    city = [candidate(f"c{n}", 50, 50 - n, 50) for n in range(10)]

    placings = by_id(rank(with_quotas(("bronze", "ceiling", "type", 20)), city))

    assert [p.community for p in placings.values() if p.grade == "bronze"] == ["c8", "c9"]
    assert placings["c7"].quota == QuotaEffect("bronze", "ceiling", "type", 2, 10)


def test_the_vetoed_count_first_under_the_ceiling_of_the_worst_grade() -> None:
    city = [candidate("x", 90, 90, 90, vetoes=["fraud"]), candidate("y", 50, 50, 50)]

    placings = by_id(rank(with_quotas(("bronze", "ceiling", "type", 50)), city))

    assert [placings[id].grade for id in "xy"] == ["bronze", "silver"]


def test_equals_that_do_not_fit_under_the_ceiling_of_the_worst_grade_are_lifted_together() -> None:
    city = [candidate("x", 90, 90, 90), candidate("y", 50, 50, 50), candidate("z", 50, 50, 50)]

    placings = by_id(rank(with_quotas(("bronze", "ceiling", "type", 34)), city))

    assert [placings[id].grade for id in "xyz"] == ["gold", "silver", "silver"]


def test_equals_that_do_not_fit_under_a_ceiling_stay_out_together() -> None:
    city = [candidate("x", 95, 95, 95), candidate("y", 90, 90, 90), candidate("z", 90, 90, 90)]

    placings = by_id(rank(with_quotas(("gold", "ceiling", "type", 67)), city))

    assert [placings[id].grade for id in "xyz"] == ["gold", "silver", "silver"]


def test_quotas_per_unit_count_a_units_communities_of_all_types() -> None:
    city = [
        candidate("x", 99, 99, 99, unit="u1"),
        candidate("y", 98, 98, 98, unit="u1", type="other"),
        candidate("z", 90, 90, 90, unit="u2"),
        candidate("w", 89, 89, 89, unit="u2"),
    ]

    placings = by_id(rank(with_quotas(("gold", "ceiling", "unit", 50)), city))

    assert [placings[id].grade for id in "xyzw"] == ["gold", "silver", "gold", "silver"]


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [("1/3", 2, "0.33"), ("2/3", 2, "0.67"), ("5/1000", 2, "0.01"), ("1/2", 0, "1"), ("9", 2, "9")],
)
def test_halves_are_rounded_upwards(value: str, places: int, shown: str) -> None:
    assert rounded(Fraction(value), places) == Decimal(shown)


@given(CITIES, PLANS, st.randoms(use_true_random=False))
def test_no_permutation_of_the_communities_changes_anything(
    city: list[Candidate], plan: Plan, random: Any
) -> None:
    shuffled = list(city)
    random.shuffle(shuffled)

    assert rank(plan, shuffled) == rank(plan, city)


@given(CITIES, PLANS)
def test_quotas_hold_exactly(city: list[Candidate], plan: Plan) -> None:
    placings = rank(plan, city)
    for quota in plan.rules.quotas:
        groups = Counter(getattr(p, quota.per) for p in placings)
        for group, of in groups.items():
            of_group = [p for p in placings if getattr(p, quota.per) == group]
            got = [p for p in of_group if p.grade == quota.grade]
            places = int(of * quota.percent) // 100
            if quota.bound == "ceiling" and quota.percent:
                places = max(places, 1)
            if quota.grade == "gold" and quota.bound == "ceiling":
                assert len(got) <= places
            elif quota.grade == "gold":
                may = [p for p in of_group if not p.limits]
                assert len(got) >= min(places, len(may))
            elif quota.bound == "floor":
                assert len(got) >= places
            else:
                vetoed = [p for p in of_group if any(i.kind == "veto" for i in p.limits)]
                assert len(got) <= max(places, len(vetoed))


@given(CITIES, PLANS)
def test_inside_a_type_a_better_rank_never_has_a_worse_grade_but_for_a_limit(
    city: list[Candidate], plan: Plan
) -> None:
    if any(quota.per == "unit" for quota in plan.rules.quotas):
        return
    place = {"gold": 0, "silver": 1, "bronze": 2}
    placings = rank(plan, city)
    for better in placings:
        for worse in placings:
            if better.type == worse.type and better.rank < worse.rank and not better.limits:
                assert place[better.grade] <= place[worse.grade] or worse.limits


@given(CITIES, PLANS)
def test_a_grade_differs_from_the_deserved_one_only_where_it_says_why(
    city: list[Candidate], plan: Plan
) -> None:
    for placing in rank(plan, city):
        if placing.grade != placing.deserved:
            assert placing.limits or placing.quota


@given(CITIES, st.data())
def test_a_corrected_score_moves_exactly_those_between_the_old_rank_and_the_new(
    city: list[Candidate], data: Any
) -> None:
    index = data.draw(st.integers(0, len(city) - 1))
    was = city[index]
    a, b, c = (data.draw(PERCENTS) for _ in range(3))
    corrected = [*city[:index], replace(was, marks=marks(a, b, c)), *city[index + 1 :]]

    before, after = by_id(rank(PLAN, city)), by_id(rank(PLAN, corrected))

    old, new = before[was.community].rank, after[was.community].rank
    for id, placing in before.items():
        if id == was.community:
            continue
        if placing.type != was.type:
            assert after[id] == placing
            continue
        # In whose place it was, and who is in its place now: nobody else's rank changes.
        moved = after[id].rank - placing.rank
        if old < placing.rank and after[id].rank <= new:
            assert moved in (-1, 0)
        elif new <= after[id].rank and placing.rank <= old:
            assert moved in (0, 1)
        else:
            assert moved == 0
        assert after[id].grade == placing.grade
