"""The document's dates against what is on record: reached, late, missed, or still open."""

from datetime import date
from typing import Any

import pytest

from domain.kernel.policy import Milestone, built_in
from domain.kernel.policy.milestones import CourseStep, Reached, Recorded, milestones
from domain.kernel.text import Bilingual

POLICY = built_in()["2021"].policy


def day(text: str) -> date:
    return date.fromisoformat(text)


def days(*texts: str) -> tuple[date, ...]:
    return tuple(day(text) for text in texts)


def given(today: str, **recorded: Any) -> dict[tuple[str, str], Reached]:
    """How the milestones stand on a day, by the code and the day that the policy wants."""
    found = milestones(POLICY, Recorded(**recorded), today=day(today))
    return {(each.milestone.code, each.due_on.isoformat()): each for each in found}


def brief(reached: Reached) -> tuple[str, str | None, int | None, list[tuple[int, int]]]:
    on = reached.reached_on.isoformat() if reached.reached_on else None
    return reached.status, on, reached.days_late, [(each.done, each.of) for each in reached.found]


ALL = ("classification-complete", "2021-03-31")
COURSE = (
    CourseStep(day("2021-01-01"), 0, 3),
    CourseStep(day("2021-02-01"), 2, 3),
    CourseStep(day("2021-03-20"), 3, 3),
    CourseStep(day("2021-06-01"), 3, 4),
    CourseStep(day("2021-06-15"), 4, 4),
)


@pytest.mark.parametrize(
    ("today", "stands"),
    [
        ("2021-01-31", ("open", None, None, [(0, 3)])),
        ("2021-03-31", ("reached", "2021-03-20", None, [(3, 3)])),
        ("2021-06-10", ("reached", "2021-03-20", None, [(3, 4)])),
        ("2021-12-31", ("reached", "2021-03-20", None, [(4, 4)])),
    ],
)
def test_classification_is_complete_once_every_community_has_a_type(
    today: str, stands: tuple[Any, ...]
) -> None:
    assert brief(given(today, classified=COURSE)[ALL]) == stands


def test_classification_that_is_not_complete_in_time_is_late_or_missed() -> None:
    late = COURSE[:2]
    done = (*late, CourseStep(day("2021-04-10"), 3, 3))

    assert brief(given("2021-04-05", classified=late)[ALL]) == ("missed", None, 5, [(2, 3)])
    reached = ("reached-late", "2021-04-10", 10, [(3, 3)])
    assert brief(given("2022-01-01", classified=done)[ALL]) == reached
    assert brief(given("2021-03-31")[ALL]) == ("open", None, None, [(0, 0)])


def test_a_round_begins_at_the_end_of_april_and_every_second_year() -> None:
    stand = given("2025-03-01", rounds=days("2021-04-28", "2023-05-04"))

    rounds = {due: brief(each) for (code, due), each in stand.items() if "round-begins" in code}
    assert rounds == {
        "2021-04-30": ("reached", "2021-04-28", None, [(1, 1)]),
        "2023-04-30": ("reached-late", "2023-05-04", 4, [(1, 1)]),
        "2025-04-30": ("open", None, None, [(0, 1)]),
    }
    later = given("2025-06-01", rounds=days("2021-04-28", "2023-05-04"))
    assert brief(later["next-round-begins", "2025-04-30"]) == ("missed", None, 32, [(0, 1)])
    assert ("next-round-begins", "2027-04-30") in later
    assert len(given("9999-12-31")) < 100


def test_first_results_are_a_published_round_and_measures_for_every_type_in_use() -> None:
    first = ("first-results", "2021-12-31")
    one, other, _ = (each.code for each in POLICY.types[:3])
    taken = {one: day("2021-05-01"), other: day("2021-11-20")}
    types = frozenset(taken)

    def stands(**more: Any) -> tuple[Any, ...]:
        return brief(given("2022-01-10", types=types, **more)[first])

    results = days("2021-11-02")
    assert stands(results=results) == ("missed", None, 10, [(1, 1), (0, 2)])
    assert stands(measures=taken)[0] == "missed"
    both = ("reached", "2021-11-20", None, [(1, 1), (2, 2)])
    assert stands(results=results, measures=taken) == both


def test_what_happens_after_the_asked_day_is_not_known_on_it() -> None:
    last = ("major-progress", "2025-12-31")
    results = days("2021-11-02", "2023-11-02", "2025-11-03")

    before, after = given("2025-11-02", results=results), given("2025-11-03", results=results)
    assert brief(before[last]) == ("open", None, None, [(2, 3)])
    assert brief(after[last]) == ("reached", "2025-11-03", None, [(3, 3)])


def test_problems_are_to_be_solved_by_three_years_of_programmes() -> None:
    closed = days("2021-12-20", "2022-12-20", "2023-12-20", "2024-12-20")
    last = ("problems-solved", "2025-12-31")

    two = given("2026-01-31", programmes=closed[:2])[last]
    assert brief(two) == ("missed", None, 31, [(2, 3)])
    assert brief(given("2026-01-31", programmes=closed)[last])[1] == "2023-12-20"


def test_the_order_of_what_is_on_record_changes_nothing() -> None:
    recorded = {"classified": COURSE, "results": days("2021-11-02", "2023-11-02")}
    turned = {name: tuple(reversed(each)) for name, each in recorded.items()}

    assert given("2026-01-01", **recorded) == given("2026-01-01", **turned)


def test_a_day_that_comes_again_may_be_the_last_of_february() -> None:
    leap = Milestone(
        code="leap",
        section="x",
        title=Bilingual(zh="闰", en="Leap"),
        due_on=day("2024-02-29"),
        every_years=1,
        shown_by=("programmes",),
    )
    policy = POLICY.model_copy(update={"milestones": (leap,)})

    found = milestones(policy, Recorded(), today=day("2025-02-28"))
    assert [each.due_on.isoformat() for each in found] == ["2024-02-29", "2025-02-28"]
