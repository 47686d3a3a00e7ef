"""Working days are China's: holidays, moved rest days and working weekends."""

from datetime import date, timedelta

import pytest

from domain.kernel.policy import Calendar
from domain.kernel.policy.working_days import (
    COUNTED_UNTIL,
    add_working_days,
    is_tentative,
    is_working_day,
    working_days,
)
from tests.domain.given import POLICY, day

CALENDAR = POLICY.calendar


def moved(**fields: object) -> Calendar:
    return Calendar.model_validate({"source": "test", **fields})


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("2024-06-28", True),
        ("2024-06-29", False),
        ("2024-10-01", False),
        ("2024-10-07", False),  # moved: a Monday that rests
        ("2024-09-29", True),  # moved: a Sunday that works
        ("2005-12-31", True),  # moved by the announcement of the next year
        ("2024-02-09", True),  # the eve, which became a holiday only later
        ("2025-01-28", False),
    ],
)
def test_holidays_rest_and_moved_days_change_places(text: str, works: bool) -> None:
    assert is_working_day(day(text), CALENDAR) is works


def test_the_policys_table_overrides_the_calendar() -> None:
    calendar = moved(rest_days=["2024-06-28"], work_days=["2024-06-29"])

    assert not is_working_day(day("2024-06-28"), calendar)
    assert is_working_day(day("2024-06-29"), calendar)


def test_working_days_are_counted_behind_one_day_up_to_another() -> None:
    friday, monday = day("2024-06-28"), day("2024-07-01")

    assert working_days(friday, monday, CALENDAR).days == 1
    assert working_days(friday, friday, CALENDAR).days == 0
    assert working_days(monday, friday, CALENDAR).days == 0
    assert working_days(day("2024-09-30"), day("2024-10-12"), CALENDAR).days == 5


def test_counting_agrees_with_looking_at_each_day() -> None:
    start = day("2021-12-20")
    for length in (1, 15, 400):
        every = [start + timedelta(days=n) for n in range(1, length + 1)]
        counted = sum(is_working_day(each, CALENDAR) for each in every)
        assert working_days(start, every[-1], CALENDAR).days == counted


def test_days_of_a_year_that_is_not_announced_are_tentative() -> None:
    assert not is_tentative(day("2026-12-31"), CALENDAR)
    assert is_tentative(day("2027-01-01"), CALENDAR)
    assert working_days(day("2026-12-01"), day("2027-01-10"), CALENDAR).tentative
    assert not working_days(day("2025-12-01"), day("2026-01-10"), CALENDAR).tentative


def test_a_year_whose_moved_days_stand_in_the_policy_is_announced() -> None:
    assert not is_tentative(day("2027-01-01"), moved(announced_years=[2027]))


def test_adding_working_days_is_the_last_day_within_them() -> None:
    assert add_working_days(day("2024-06-28"), 1, CALENDAR) == day("2024-07-01")
    assert add_working_days(day("2024-06-28"), 0, CALENDAR) == day("2024-06-30")
    assert add_working_days(day("2024-12-27"), 3, CALENDAR) == day("2025-01-02")
    for count in range(8):
        until = add_working_days(day("2024-09-27"), count, CALENDAR)
        assert working_days(day("2024-09-27"), until, CALENDAR).days == count
        assert working_days(day("2024-09-27"), until + timedelta(1), CALENDAR).days == count + 1


def test_a_day_cannot_be_moved_both_ways() -> None:
    with pytest.raises(ValueError, match=r"policy-file\.day-of-both-kinds"):
        moved(rest_days=["2024-06-28"], work_days=["2024-06-28"])


def test_days_that_no_announcement_reaches_are_guessed_as_five_in_seven() -> None:
    begin, end = COUNTED_UNTIL, date(9999, 12, 31)

    assert working_days(begin, end, CALENDAR) == (5 * (end - begin).days // 7, True)
    assert working_days(end, end, CALENDAR).days == 0
    assert working_days(end, date(2070, 1, 1), CALENDAR).days == 0
    across = working_days(date(2059, 12, 1), date(2060, 2, 1), CALENDAR).days
    assert across == working_days(date(2059, 12, 1), begin, CALENDAR).days + 5 * 31 // 7
    for count in (0, 1, 5, 250):
        until = add_working_days(date(2070, 1, 1), count, CALENDAR)
        assert working_days(date(2070, 1, 1), until, CALENDAR).days == count
    assert add_working_days(date(9999, 12, 30), 9, CALENDAR) == end


@pytest.mark.parametrize("far", [date(1901, 5, 1), date(2150, 5, 1)])
def test_days_far_off_are_counted_too(far: date) -> None:
    assert working_days(far, far + timedelta(days=14), CALENDAR).days > 0
    assert is_tentative(far, CALENDAR)
